// The alternatives to ilo in a Node service, each used at its best. `first` compiles and runs a program in a fresh context, `call` calls a function
// that is there already; `sandbox` tells whether the code is kept from the caller's objects.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import vm from 'node:vm';
import { orderJs, TOT_JS, TOT_LUA } from './embedding-programs.mjs';

const NODE_LINE = Number(process.versions.node.split('.')[0]);
/** isolated-vm has a line of its own for each line of Node; the oldest one has to be compiled here. */
const ISOLATED_LINE = NODE_LINE >= 24 ? 7 : NODE_LINE >= 22 ? 6 : 5;

const PACKAGES = [
  { name: 'quickjs-emscripten', version: '0.32', side: quickjs },
  { name: 'isolated-vm', version: `${ISOLATED_LINE}`, side: isolatedVm },
  { name: 'fengari', version: '0.1', side: fengari },
  { name: 'wasmoon', version: '1', side: wasmoon },
];

/** All sides that can be had; one that cannot has `missing`, the reason. `side` is what `loadAlternative` knows it by. */
export async function loadAlternatives(folder) {
  const names = ['node:vm', ...PACKAGES.map(({ name }) => name)];
  return Promise.all(
    names.map(async side => {
      try {
        return { side, ...(await loadAlternative(folder, side)) };
      } catch (error) {
        return { side, name: side, missing: `not here (${String(error.message).split('\n')[0]})` };
      }
    }),
  );
}

/** One side. Rejects when it cannot be had. */
export async function loadAlternative(folder, wanted) {
  if (wanted === 'node:vm') return nodeVm();
  const { name, version, side } = PACKAGES.find(({ name }) => name === wanted);
  return side(installed(join(folder, `node-${NODE_LINE}`, name), name, version));
}

/** Loads a package from its folder, and installs it there first unless that was tried before. */
function installed(folder, name, version) {
  const manifest = join(folder, 'package.json');
  const tried = join(folder, 'tried');
  if (!existsSync(tried)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(manifest, '{"private":true}');
    console.log(`     installing ${name} ${version} once`);
    try {
      execFileSync('npm', ['install', '--no-audit', '--no-fund', `${name}@${version}`], {
        cwd: folder,
        stdio: 'ignore',
        timeout: 900_000,
      });
      writeFileSync(tried, '');
    } catch {
      writeFileSync(tried, 'it does not install');
    }
  }
  const problem = readFileSync(tried, 'utf8');
  if (problem !== '') throw new Error(problem);
  const { version: found } = JSON.parse(readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8'));
  return { loaded: createRequire(manifest)(name), label: `${name} ${found}` };
}

function nodeVm() {
  return {
    name: `node:vm of Node ${process.version}`,
    sandbox: false,
    first: salt => new vm.Script(orderJs(salt)).runInContext(vm.createContext({})),
    call: new vm.Script(`(${TOT_JS})`).runInContext(vm.createContext({})),
  };
}

async function quickjs({ loaded, label }) {
  const engine = await loaded.getQuickJS();
  const context = engine.newContext();
  const fn = context.unwrapResult(context.evalCode(`(${TOT_JS})`));
  return {
    name: label,
    sandbox: true,
    first: salt => {
      const fresh = engine.newContext();
      const handle = fresh.unwrapResult(fresh.evalCode(orderJs(salt)));
      const result = fresh.getString(handle);
      handle.dispose();
      fresh.dispose();
      return result;
    },
    call: (p, q, r) => {
      const args = [context.newNumber(p), context.newNumber(q), context.newNumber(r)];
      const handle = context.unwrapResult(context.callFunction(fn, context.undefined, ...args));
      const result = context.getNumber(handle);
      handle.dispose();
      for (const arg of args) arg.dispose();
      return result;
    },
  };
}

/** A context in an isolate that is there already: an isolate of its own would cost a hundred times as much. */
function isolatedVm({ loaded, label }) {
  const isolate = new loaded.Isolate({ memoryLimit: 64 });
  const fn = isolate.createContextSync().evalSync(`(${TOT_JS})`, { reference: true });
  return {
    name: label,
    sandbox: true,
    first: salt => {
      const fresh = isolate.createContextSync();
      const result = fresh.evalSync(orderJs(salt));
      fresh.release();
      return result;
    },
    call: (p, q, r) => fn.applySync(undefined, [p, q, r]),
  };
}

function fengari({ loaded: { lua, lauxlib, to_luastring }, label }) {
  const state = lauxlib.luaL_newstate();
  lauxlib.luaL_dostring(state, to_luastring(TOT_LUA));
  lua.lua_getglobal(state, to_luastring('tot'));
  return {
    name: `${label} (Lua)`,
    sandbox: true,
    call: (p, q, r) => {
      lua.lua_pushvalue(state, -1);
      lua.lua_pushnumber(state, p);
      lua.lua_pushnumber(state, q);
      lua.lua_pushnumber(state, r);
      lua.lua_call(state, 3, 1);
      const result = lua.lua_tonumber(state, -1);
      lua.lua_settop(state, 1);
      return result;
    },
  };
}

async function wasmoon({ loaded, label }) {
  const engine = await new loaded.LuaFactory().createEngine();
  await engine.doString(TOT_LUA);
  return { name: `${label} (Lua)`, sandbox: true, call: engine.global.get('tot') };
}
