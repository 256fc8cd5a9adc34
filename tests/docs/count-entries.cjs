// Loaded before the command line: counts at the addon itself how often machine code is entered, and says it on standard error at the end.
const { Module } = require('node:module');

const { require: load } = Module.prototype;
let calls = 0;
let columns = 0;

function counting(addon) {
  return {
    ...addon,
    context: (bytes, look) => {
      const [enter, buffer, enterColumns] = addon.context(bytes, look);
      return [
        () => {
          calls++;
          enter();
        },
        buffer,
        (...rows) => {
          columns++;
          enterColumns(...rows);
        },
      ];
    },
  };
}

Module.prototype.require = function (path) {
  const loaded = load.call(this, path);
  return String(path).endsWith('ilo.node') ? counting(loaded) : loaded;
};
process.on('exit', () => process.stderr.write(`entered ${calls} times for calls, ${columns} times for columns\n`));
