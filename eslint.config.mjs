import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import house from './eslint.rooms.mjs';

/** What the core must be given through a port, and which port that is. */
const doors = {
  Clock: [
    'Date',
    'performance',
    'setTimeout',
    'setInterval',
    'setImmediate',
    'clearTimeout',
    'clearInterval',
    'clearImmediate',
  ],
  Model: ['fetch', 'WebSocket', 'XMLHttpRequest', 'EventSource'],
  Log: ['console'],
  'composition root (podium.ts)': [
    'process',
    'Buffer',
    'require',
    'module',
    'global',
    'globalThis',
    'crypto',
    'navigator',
    'localStorage',
    'sessionStorage',
  ],
};
const closedDoors = Object.entries(doors).flatMap(([port, names]) =>
  names.map((name) => ({ name, message: `The core is pure: ask the ${port}.` })),
);

export default defineConfig(
  globalIgnores([
    'dist/',
    'out/',
    'coverage/',
    'test-results/',
    '.vscode-test/',
    '.sample/',
    'media/',
    'test/fixtures/',
  ]),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'no-console': 'error',
      eqeqeq: 'error',
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'prefer-const': 'error',
      'object-shorthand': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    },
  },
  {
    files: ['src/**/*.ts'],
    plugins: { house },
    rules: {
      'house/walls': ['error', { root: `${import.meta.dirname}/src` }],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
        { selector: 'TSEnumDeclaration', message: 'No enums: a union or a const table.' },
      ],
    },
  },
  {
    files: ['src/core/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', ...closedDoors],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'The core is pure: randomness is a port.' },
        { object: 'AbortSignal', property: 'timeout', message: 'The core is pure: ask the Clock.' },
      ],
    },
  },
  {
    // Names how the mocha interface is written, and tests that hand async functions around freely.
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            {
              from: 'package',
              name: ['describe', 'it', 'before', 'after', 'beforeEach', 'afterEach'],
              package: 'mocha',
            },
          ],
        },
      ],
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    // Programs for a terminal: printing is what they are for.
    files: ['test/bench/**/*.ts', 'test/support/vscode/**/*.ts', 'test/integration/index.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.mjs'],
    extends: [tseslint.configs.disableTypeChecked],
    rules: { eqeqeq: 'error', 'prefer-const': 'error' },
  },
);
