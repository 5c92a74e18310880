/**
 * Builds `dist/`, everything the packaged extension runs.
 *
 *     node esbuild.mjs                 once, with source maps
 *     node esbuild.mjs --watch         again after every change
 *     node esbuild.mjs --production    minified, no source maps
 *     node esbuild.mjs --integration   once, and the integration suite into `out/`
 *
 * The editor reads `extension.cjs` while it starts, so that file stays small. What is heavy or not always
 * needed is a *side bundle*: a module reached by a dynamic `import()`, built into a file of its own and
 * loaded the first time that line runs.
 */
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';

const root = path.dirname(fileURLToPath(import.meta.url));
const dist = path.join(root, 'dist');

/** Side bundles: source module -> file in `dist/`. To add one, add a line and `import()` the module. */
const sideBundles = {
  'src/podium.ts': 'podium.cjs',
  'src/orchestra.ts': 'orchestra.cjs',
  'src/store/sqlModule.ts': 'sql.cjs',
  'src/models/openaiClient.ts': 'openai.cjs',
  'src/meaning/semanticMeanings.ts': 'meaning.cjs',
  'src/ui/commands/handlers.ts': 'commands.cjs',
  'src/agents/sampleTasks.ts': 'sampleTasks.cjs',
  'src/ui/tree/dropPlace.ts': 'dropPlace.cjs',
  'src/ui/metricsPanel.ts': 'metricsPanel.cjs',
  'src/ui/documents/explanations.ts': 'explanations.cjs',
};

/** Stand-alone programs that Podium starts as processes: source -> file in `dist/`. */
const programs = {
  'src/agents/supervisor.ts': 'supervisor.cjs',
};

/**
 * Modules of which the program must have exactly one, because their identity matters (`instanceof`): they too
 * are files of their own, which every bundle requires instead of containing a copy.
 */
const singletons = {
  'src/core/errors.ts': 'errors.cjs',
};

/** Pages of panels, each with its style sheet: source -> file in `dist/`. They run in a browser. */
const pages = {
  'src/webview/metrics.ts': 'webview/metrics.js',
  'src/webview/metrics.css': 'webview/metrics.css',
};

/** Modules too heavy for any other bundle: a plain `import` of one of these fails the build. */
const onlyOnDemand = new Set([
  'src/store/sqlModule.ts',
  'src/models/openaiClient.ts',
  'src/meaning/semanticMeanings.ts',
]);

/** Files copied next to the bundles. */
const copies = [
  { from: createRequire(import.meta.url).resolve('sql.js/dist/sql-wasm.wasm'), to: 'sql-wasm.wasm' },
];

/** The licences of everything that is part of a bundle, which are to go with every copy of it. */
const licences = 'LICENSES.txt';

/**
 * Turns `import('…/sqlModule.ts')` into `require('./sql.cjs')` at run time, and singletons likewise.
 * @type {import('esbuild').Plugin}
 */
const sideBundlePlugin = {
  name: 'side-bundles',
  setup(build) {
    build.onResolve({ filter: /\.ts$/ }, ({ path: specifier, resolveDir, kind, importer }) => {
      const module = path.relative(root, path.resolve(resolveDir, specifier)).split(path.sep).join('/');
      if (kind === 'entry-point') return undefined;
      if (singletons[module]) return { path: `./${singletons[module]}`, external: true };
      const bundle = sideBundles[module];
      if (!bundle) return undefined;
      if (kind === 'dynamic-import') return { path: `./${bundle}`, external: true };
      if (!onlyOnDemand.has(module)) return undefined;
      return {
        errors: [
          { text: `${path.relative(root, importer)}: load ${module} with import(), it is a side bundle` },
        ],
      };
    });
  },
};

/** @returns {import('esbuild').BuildOptions} what all bundles share */
function common(production) {
  return {
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    external: ['vscode'],
    // With this off esbuild turns `import()` into `require`, which is what a CommonJS host wants.
    supported: { 'dynamic-import': false },
    // `import.meta.url` is empty in CommonJS; the bundles live in one folder, so `__filename` says as much.
    define: { 'import.meta.url': '__bundleUrl' },
    banner: { js: "const __bundleUrl=require('node:url').pathToFileURL(__filename).href;" },
    minify: production,
    sourcemap: production ? false : 'linked',
    legalComments: 'none',
    charset: 'utf8',
    logLevel: 'warning',
    metafile: true,
  };
}

/** @returns {import('esbuild').BuildOptions} */
function bundle(source, file, production) {
  return {
    ...common(production),
    entryPoints: [source],
    outfile: path.join(dist, file),
    plugins: [sideBundlePlugin],
  };
}

/** @returns {import('esbuild').BuildOptions} */
function page(source, file, production) {
  const {
    platform: _platform,
    banner: _banner,
    define: _define,
    external: _external,
    ...shared
  } = common(production);
  return {
    ...shared,
    platform: 'browser',
    target: 'chrome120',
    format: 'iife',
    entryPoints: [source],
    outfile: path.join(dist, file),
  };
}

/** Entries of a table whose source exists. */
const existing = (table) => Object.entries(table).filter(([source]) => existsSync(path.join(root, source)));

async function emptyDist() {
  await rm(dist, { recursive: true, force: true });
  await mkdir(path.join(dist, 'webview'), { recursive: true });
  await Promise.all(copies.map(({ from, to }) => copyFile(from, path.join(dist, to))));
}

/** Notes the packages that modules of a bundle come from. */
function notePackages({ inputs }, packages) {
  for (const input of Object.keys(inputs)) {
    const [, name] = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input) ?? [];
    if (name !== undefined) packages.add(name);
  }
}

/** The licence of each package, one after the other; fails when one has none. */
async function licencesOf(packages) {
  const texts = [...packages].toSorted().map(async (name) => {
    const folder = path.join(root, 'node_modules', name);
    const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
    if (file === undefined) throw new Error(`${name} has no licence file, so it cannot be shipped.`);
    return `${name}\n${'='.repeat(name.length)}\n\n${(await readFile(path.join(folder, file), 'utf8')).trim()}\n`;
  });
  return (await Promise.all(texts)).join('\n\n');
}

/**
 * Builds `dist/` from nothing.
 * @param {{ production?: boolean }} [options] `production`: minified, without source maps
 * @returns {Promise<Record<string, number>>} size of every file of `dist/`, in bytes
 */
export async function build({ production = false } = {}) {
  await emptyDist();
  const sizes = {};
  const waiting = [...existing({ 'src/extension.ts': 'extension.cjs', ...programs })];
  const seen = new Set(waiting.map(([, file]) => file));
  const packages = new Set(['sql.js']);
  // Only files that a bundle really requires are built: the bundles say which.
  for (const [source, file] of waiting) {
    const { metafile } = await esbuild.build(bundle(source, file, production));
    notePackages(metafile, packages);
    for (const [output, { bytes, imports }] of Object.entries(metafile.outputs)) {
      sizes[output] = bytes;
      for (const [side, sideFile] of Object.entries({ ...sideBundles, ...singletons })) {
        if (seen.has(sideFile) || !imports.some(({ path: target }) => target === `./${sideFile}`)) continue;
        seen.add(sideFile);
        waiting.push([side, sideFile]);
      }
    }
  }
  for (const [source, file] of existing(pages)) {
    const { metafile } = await esbuild.build(page(source, file, production));
    notePackages(metafile, packages);
    for (const [output, { bytes }] of Object.entries(metafile.outputs)) sizes[output] = bytes;
  }
  await writeFile(path.join(dist, licences), await licencesOf(packages));
  return sizes;
}

/**
 * Bundles the integration suite for the extension host: one file per spec, and `index.cjs` that runs them.
 * @returns {Promise<string>} absolute path of the module to pass as `extensionTestsPath`
 */
export async function buildIntegrationTests() {
  const outdir = path.join(root, 'out', 'integration');
  await rm(outdir, { recursive: true, force: true });
  await esbuild.build({
    ...common(false),
    entryPoints: ['test/integration/index.ts', 'test/integration/**/*.test.ts'],
    outdir,
    outExtension: { '.js': '.cjs' },
    outbase: 'test/integration',
    // Mocha is an ES module and must be the real one: keep `import('mocha')` as it is.
    supported: { 'dynamic-import': true },
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
  });
  return path.join(outdir, 'index.cjs');
}

/**
 * Says when a watched bundle is being built, in the words .vscode/tasks.json waits for.
 * @type {import('esbuild').Plugin}
 */
const watchPlugin = {
  name: 'watch-progress',
  setup(build) {
    build.onStart(() => console.log('[watch] build started'));
    build.onEnd(() => console.log('[watch] build finished'));
  },
};

async function watch() {
  await emptyDist();
  const entries = existing({
    'src/extension.ts': 'extension.cjs',
    ...sideBundles,
    ...singletons,
    ...programs,
  });
  const contexts = await Promise.all(
    [
      ...entries.map(([source, file]) => bundle(source, file, false)),
      ...existing(pages).map(([source, file]) => ({ plugins: [], ...page(source, file, false) })),
    ].map((options) => {
      return esbuild.context({ ...options, plugins: [...options.plugins, watchPlugin] });
    }),
  );
  await Promise.all(contexts.map((context) => context.watch()));
}

async function main(flags) {
  if (flags.includes('--watch')) return watch();
  const sizes = await build({ production: flags.includes('--production') });
  if (flags.includes('--integration')) await buildIntegrationTests();
  for (const [file, bytes] of Object.entries(sizes).sort()) {
    if (!file.endsWith('.map')) console.log(`${file.padEnd(24)} ${(bytes / 1024).toFixed(1).padStart(8)} KB`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(process.argv.slice(2)).catch((error) => {
    if (!error.errors) throw error;
    process.exitCode = 1; // esbuild has printed what is wrong with which line
  });
}
