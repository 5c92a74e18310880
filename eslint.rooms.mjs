/**
 * The walls of the house: which room of `src/` may import which.
 *
 * A rule of our own rather than `no-restricted-imports`, because that one reads text: it does not
 * resolve `../../store/x.ts` to a room and sees neither `import('…')` nor `type T = import('…')`.
 */
import path from 'node:path';

const anyPackage = () => true;
const noPackage = () => false;
const notVscode = (name) => name !== 'vscode';

/**
 * Room -> the rooms it may import and the packages it may import.
 * `types` lists rooms of which only types may be imported.
 * @type {Record<string, { rooms: string[], types?: string[], packages: (name: string, file: string) => boolean }>}
 */
export const rooms = {
  core: {
    rooms: ['core'],
    // The worker pool is built on p-queue; nothing else of the core knows a library.
    packages: (name, file) => name === 'p-queue' && file.startsWith('core/workers/'),
  },
  store: { rooms: ['store', 'core'], packages: notVscode },
  models: { rooms: ['models', 'core'], packages: notVscode },
  // What the words of tasks mean.
  meaning: { rooms: ['meaning', 'core'], packages: (name) => name.startsWith('@orama/stemmers/') },
  agents: { rooms: ['agents', 'core'], packages: notVscode },
  // The machine behind the ports: clock, chance, disks.
  system: { rooms: ['system', 'core'], packages: notVscode },
  shared: { rooms: ['shared'], types: ['core'], packages: noPackage },
  webview: {
    rooms: ['webview', 'shared'],
    packages: (name) => name !== 'vscode' && !name.startsWith('node:'),
  },
  ui: { rooms: ['ui', 'shared', 'core'], types: ['models'], packages: anyPackage },
  // Everything but the editor, put together; tests and benchmarks open it as it is.
  'orchestra.ts': {
    rooms: ['elsewhere.ts', 'agents', 'meaning', 'models', 'store', 'system', 'core'],
    packages: notVscode,
  },
  // Part of it: the tasks of its folders in the stores of other windows.
  'elsewhere.ts': { rooms: ['store', 'system', 'core'], packages: notVscode },
  'podium.ts': {
    rooms: [
      'orchestra.ts',
      'elsewhere.ts',
      'ui',
      'agents',
      'meaning',
      'models',
      'store',
      'system',
      'shared',
      'core',
    ],
    packages: anyPackage,
  },
  'extension.ts': { rooms: ['podium.ts'], packages: (name) => name === 'vscode' },
};

/** @type {import('eslint').Rule.RuleModule} */
const walls = {
  meta: {
    type: 'problem',
    docs: {
      description: 'imports run one way: core <- store | models | agents <- ui <- podium.ts <- extension.ts',
    },
    schema: [{ type: 'object', properties: { root: { type: 'string' } }, additionalProperties: false }],
    messages: {
      room: "'{{from}}' may not import from '{{to}}'.",
      typesOnly: "'{{from}}' may import only types from '{{to}}'.",
      package: "'{{from}}' may not import '{{name}}'.",
      outside: "'{{from}}' may not import '{{name}}', which is outside src/.",
      computed: 'The target of an import must be a plain string, so that the walls can be checked.',
      unknown: "'{{from}}' is not a room of the house: add it to eslint.rooms.mjs.",
    },
  },
  create(context) {
    const root = context.options[0]?.root ?? path.join(context.cwd, 'src');
    const file = path.relative(root, context.filename).split(path.sep).join('/');
    if (file.startsWith('..')) return {};
    const from = file.split('/', 1)[0];
    const room = Object.hasOwn(rooms, from) ? rooms[from] : undefined;

    const check = (node, source, onlyTypes) => {
      if (source?.type !== 'Literal' || typeof source.value !== 'string') {
        context.report({ node, messageId: 'computed' });
        return;
      }
      const name = source.value;
      if (!name.startsWith('.') && !path.isAbsolute(name)) {
        if (!room.packages(name, file)) context.report({ node, messageId: 'package', data: { from, name } });
        return;
      }
      const target = path.relative(root, path.resolve(path.dirname(context.filename), name));
      const to = target.split(path.sep, 1)[0];
      if (to === '..') context.report({ node, messageId: 'outside', data: { from, name } });
      else if (room.rooms.includes(to)) return;
      else if (!room.types?.includes(to)) context.report({ node, messageId: 'room', data: { from, to } });
      else if (!onlyTypes) context.report({ node, messageId: 'typesOnly', data: { from, to } });
    };

    if (!room) {
      return { Program: (node) => context.report({ node, messageId: 'unknown', data: { from } }) };
    }
    return {
      ImportDeclaration: (node) => check(node, node.source, node.importKind === 'type'),
      ExportAllDeclaration: (node) => check(node, node.source, node.exportKind === 'type'),
      ExportNamedDeclaration: (node) => {
        if (node.source) check(node, node.source, node.exportKind === 'type');
      },
      ImportExpression: (node) => check(node, node.source, false),
      TSImportType: (node) => check(node, node.source ?? node.argument?.literal ?? node.argument, true),
      TSImportEqualsDeclaration: (node) => {
        if (node.moduleReference.type === 'TSExternalModuleReference') {
          check(node, node.moduleReference.expression, node.importKind === 'type');
        }
      },
    };
  },
};

export default { rules: { walls } };
