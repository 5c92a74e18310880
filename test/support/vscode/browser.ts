import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { cached } from './install.ts';
import { cleanEnvironment, node } from './paths.ts';

interface Program {
  readonly file: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** Where Chrome and its relatives are, besides the PATH. */
const knownPlaces: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA]
    .filter((folder) => folder !== undefined)
    .flatMap((folder) => [
      path.join(folder, 'Google/Chrome/Application/chrome.exe'),
      path.join(folder, 'Microsoft/Edge/Application/msedge.exe'),
    ]),
};
const names = ['google-chrome-stable', 'google-chrome', 'chromium', 'chromium-browser', 'microsoft-edge'];

/** Browsers of this machine, best first. `PODIUM_BROWSER` names one that is taken before all others. */
function installedBrowsers(): Program[] {
  const onPath = (process.env.PATH ?? '')
    .split(path.delimiter)
    .flatMap((folder) => names.map((name) => path.join(folder, name)));
  return [process.env.PODIUM_BROWSER, ...(knownPlaces[process.platform] ?? []), ...onPath]
    .filter((file) => file !== undefined)
    .filter((file) => file !== '' && existsSync(file))
    .map((file) => ({ file, environment: {} }));
}

/** The packaged one looks for fonts in the fixed places of its cloud. */
const fontConfiguration = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">.</dir>
  <dir>/usr/share/fonts</dir>
  <dir>/usr/local/share/fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`;

/** The headless Chromium inside the npm package, with the system libraries it needs, unpacked once. */
async function packagedBrowser(): Promise<Program> {
  if (process.platform !== 'linux') {
    throw new Error('No Chrome, Chromium or Edge was found: install one or name it in PODIUM_BROWSER.');
  }
  const resolve = createRequire(import.meta.url).resolve;
  const { version } = createRequire(resolve('@sparticuz/chromium'))('../package.json') as { version: string };
  const folder = await cached(`chromium-${version}`, async (temporary) => {
    // The package unpacks to the temporary folder of its process, and its libraries only where it believes
    // to be on AWS Lambda; so it gets a process of its own in which both are true.
    const script = "import('@sparticuz/chromium').then(({ default: chromium }) => chromium.executablePath())";
    await promisify(execFile)(node, ['--eval', script], {
      cwd: import.meta.dirname,
      env: cleanEnvironment({ TMPDIR: temporary, AWS_LAMBDA_JS_RUNTIME: 'nodejs22.x' }),
    });
    await writeFile(path.join(temporary, 'fonts', 'fonts.conf'), fontConfiguration);
  });
  const libraries = [path.join(folder, 'al2023', 'lib'), process.env.LD_LIBRARY_PATH];
  return {
    file: path.join(folder, 'chromium'),
    environment: {
      LD_LIBRARY_PATH: libraries.filter((entry) => entry !== undefined).join(':'),
      FONTCONFIG_PATH: path.join(folder, 'fonts'),
    },
  };
}

const flags = [
  '--no-sandbox', // as root, as in most containers, Chromium has none to offer; it only sees our own server
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-gpu',
];

async function launch({ file, environment }: Program): Promise<Browser> {
  return chromium.launch({
    executablePath: file,
    args: flags,
    headless: true,
    // Signals are the launcher's: it closes the page, the browser and the server in that order.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    env: { ...cleanEnvironment(), ...environment },
  });
}

/**
 * Starts a headless browser: one that is installed, otherwise the one from the npm package.
 * @throws Error with every reason when none starts
 */
export async function launchBrowser(): Promise<Browser> {
  const reasons: unknown[] = [];
  for (const program of installedBrowsers()) {
    try {
      return await launch(program);
    } catch (error) {
      reasons.push(error);
    }
  }
  try {
    return await launch(await packagedBrowser());
  } catch (error) {
    throw new AggregateError([...reasons, error], `No browser could be started: ${String(error)}`);
  }
}
