// Loads the packaged main file with an editor that accepts everything, activates it, prints the milliseconds, ends.
const Module = require('node:module');
const path = require('node:path');

/** Whatever is asked of it, it is: a class, a function, a namespace. */
function anything() {
  const target = function () {};
  return new Proxy(target, {
    get: (_, name) => {
      if (name === Symbol.toPrimitive) return () => 'anything';
      // A promise that never comes true: nothing waits for it within the time that is measured.
      if (name === 'then') return () => new Promise(() => undefined);
      if (name === 'workspaceFolders') return undefined;
      if (name === 'getConfiguration') return () => ({ get: () => undefined });
      if (name === 'prototype') return target.prototype;
      if (name === Symbol.iterator) return [][Symbol.iterator];
      return anything();
    },
    set: () => true,
    apply: () => anything(),
    construct: () => anything(),
  });
}

const vscode = anything();
const load = Module._load;
Module._load = (request, ...rest) => (request === 'vscode' ? vscode : load(request, ...rest));

const context = {
  subscriptions: [],
  storageUri: undefined,
  extensionUri: anything(),
  asAbsolutePath: (relative) => path.resolve(relative),
  globalState: anything(),
  workspaceState: anything(),
};
const began = process.hrtime.bigint();
require(path.resolve('dist/extension.cjs')).activate(context);
process.stdout.write(String(Number(process.hrtime.bigint() - began) / 1e6));
process.exit(0);
