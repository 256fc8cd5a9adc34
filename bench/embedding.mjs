// Embedding, beside the alternatives that npm has: compiling and running a small program once, calling a function, copying data, memory after many
// programs. The alternatives are installed into a scratch folder on first use; one that does not install is shown as such.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import vm from 'node:vm';
import { median, verdict } from './measure.mjs';

const root = resolve(import.meta.dirname, '..');
const folder = join(root, '.tmp/alternatives');
const PACKAGES = ['quickjs-emscripten', 'isolated-vm', 'fengari', 'wasmoon'];

function load(name) {
  mkdirSync(folder, { recursive: true });
  const manifest = join(folder, 'package.json');
  if (!existsSync(manifest)) writeFileSync(manifest, '{"private":true}');
  const require = createRequire(manifest);
  try {
    if (!existsSync(join(folder, 'node_modules', name))) {
      execFileSync('npm', ['install', '--no-audit', '--no-fund', name], { cwd: folder, stdio: 'ignore' });
    }
    return require(name);
  } catch {
    return undefined;
  }
}

/** The same ten lines in ilo, JavaScript and Lua. */
const ILO = `type item{name:t;price:n;qty:n}
line i:item>n;*i.price i.qty
discount total:n>n;>total 100 *total 0.9;total
tax total:n>n;*total 1.2
label total:n>t;fmt "total {}" total
order a:n b:n>t
  xs=[item name:"a" price:a qty:2, item name:"b" price:b qty:3]
  ls=map line xs
  s=sum ls;d=discount s;t=tax d
  label t`;
const JS = `(() => {
const line = i => i.price * i.qty;
const discount = total => (total > 100 ? total * 0.9 : total);
const tax = total => total * 1.2;
const label = total => 'total ' + total;
const order = (a, b) => {
  const xs = [{ name: 'a', price: a, qty: 2 }, { name: 'b', price: b, qty: 3 }];
  const s = xs.map(line).reduce((x, y) => x + y, 0);
  return label(tax(discount(s)));
};
return order(10, 20); })()`;

const TOT_ILO = 'tot p:n q:n r:n>n;s=*p q;t=*s r;+s t';
const TOT_JS = '(p, q, r) => { const s = p * q; const t = s * r; return s + t; }';

/** Prints a ratio that is to be at least so large; gives whether it is. */
function atLeast(label, ratio, limit) {
  const met = ratio >= limit;
  console.log(`${met ? 'ok  ' : 'MISS'} ${label.padEnd(52)} ${ratio.toFixed(1)}  (target at least ${limit})`);
  return met;
}

/** Microseconds of one call of `work`, the median of several batches. */
function micros(work, seconds = 0.3, batches = 7) {
  for (let i = 0; i < 20; i++) work();
  let count = 1;
  for (;;) {
    const start = performance.now();
    for (let i = 0; i < count; i++) work();
    const spent = performance.now() - start;
    if (spent > (seconds * 1000) / batches) break;
    count *= 2;
  }
  const samples = [];
  for (let batch = 0; batch < batches; batch++) {
    const start = performance.now();
    for (let i = 0; i < count; i++) work();
    samples.push(((performance.now() - start) * 1000) / count);
  }
  return median(samples);
}

async function sides() {
  const { compile } = await import(join(root, 'dist/index.js'));
  const made = [];
  const program = compile(TOT_ILO);
  const unlimited = compile(TOT_ILO, {
    limits: { fuel: Infinity, timeout: Infinity, alloc: Infinity, output: Infinity },
  });
  let salt = 0;
  made.push({
    name: 'ilo',
    // Another text each time, as a service sees it.
    first: () => {
      const fresh = compile(`${ILO}\nx${salt++ % 7}>n;1`);
      const result = fresh.run('order', 10, 20);
      fresh.dispose();
      return result;
    },
    call: program.fn.tot,
  });
  made.push({ name: 'ilo without limits', call: unlimited.fn.tot });
  // Eight functions called in turn from one place: V8 inlines none of them.
  const plain = Array.from({ length: 8 }, () => new Function(`return ${TOT_JS}`)());
  made.push({ name: 'JavaScript, not inlined', call: (p, q, r) => plain[p & 7](p, q, r) });
  made.push({
    name: 'node:vm',
    first: () => new vm.Script(JS).runInContext(vm.createContext({})),
    call: new vm.Script(`(${TOT_JS})`).runInContext(vm.createContext({})),
  });
  const quickjs = load('quickjs-emscripten');
  if (quickjs !== undefined) {
    const engine = await quickjs.getQuickJS();
    const context = engine.newContext();
    const fn = context.unwrapResult(context.evalCode(`(${TOT_JS})`));
    made.push({
      name: 'quickjs-emscripten',
      first: () => {
        const fresh = engine.newContext();
        const handle = fresh.unwrapResult(fresh.evalCode(JS));
        const result = fresh.dump(handle);
        handle.dispose();
        fresh.dispose();
        return result;
      },
      call: (p, q, r) => {
        const args = [context.newNumber(p), context.newNumber(q), context.newNumber(r)];
        const handle = context.unwrapResult(context.callFunction(fn, context.undefined, ...args));
        const result = context.getNumber(handle);
        handle.dispose();
        return result;
      },
    });
  }
  const isolated = load('isolated-vm');
  if (isolated !== undefined) {
    const isolate = new isolated.Isolate({ memoryLimit: 64 });
    const context = isolate.createContextSync();
    const fn = context.evalSync(`(${TOT_JS})`, { reference: true });
    made.push({
      name: 'isolated-vm',
      first: () => {
        const fresh = isolate.createContextSync();
        const result = fresh.evalSync(JS);
        fresh.release();
        return result;
      },
      call: (p, q, r) => fn.applySync(undefined, [p, q, r]),
    });
  }
  const fengari = load('fengari');
  if (fengari !== undefined) {
    const { lua, lauxlib, to_luastring } = fengari;
    const state = lauxlib.luaL_newstate();
    lauxlib.luaL_dostring(state, to_luastring('function tot(p,q,r) local s=p*q; local t=s*r; return s+t end'));
    made.push({
      name: 'fengari (Lua)',
      call: (p, q, r) => {
        lua.lua_getglobal(state, to_luastring('tot'));
        lua.lua_pushnumber(state, p);
        lua.lua_pushnumber(state, q);
        lua.lua_pushnumber(state, r);
        lua.lua_call(state, 3, 1);
        const result = lua.lua_tonumber(state, -1);
        lua.lua_pop(state, 1);
        return result;
      },
    });
  }
  const wasmoon = load('wasmoon');
  if (wasmoon !== undefined) {
    const engine = await new wasmoon.LuaFactory().createEngine();
    await engine.doString('function tot(p,q,r) local s=p*q; local t=s*r; return s+t end');
    made.push({ name: 'wasmoon (Lua)', call: engine.global.get('tot') });
  }
  for (const name of PACKAGES) if (load(name) === undefined) made.push({ name: `${name} (not here)` });
  return { made, compile };
}

const show = microseconds =>
  microseconds < 1 ? `${(microseconds * 1000).toFixed(1)} ns` : `${microseconds.toFixed(1)} µs`;

export async function benchEmbedding() {
  console.log('\nEmbedding, beside the alternatives');
  const { made, compile } = await sides();
  const first = new Map();
  const calls = new Map();
  for (const side of made) {
    if (side.first !== undefined) first.set(side.name, micros(side.first));
    if (side.call !== undefined) {
      const { call } = side;
      let sum = 0;
      const hundred = () => {
        for (let i = 0; i < 100; i++) sum += call(i, 20, 0.1);
      };
      calls.set(side.name, micros(hundred) / 100);
      if (Number.isNaN(sum)) throw new Error(`${side.name} gives no number`);
    }
    const cells = [first.get(side.name), calls.get(side.name)].map(time => (time === undefined ? '' : show(time)));
    console.log(`     ${side.name.padEnd(32)}${cells.map(cell => cell.padStart(14)).join('')}`);
  }
  console.log('     (compile and first run of ten lines; one call of tot)');
  const results = [verdict('ilo: compile and first run of ten lines, µs', first.get('ilo'), 300)];
  for (const [name, time] of first) {
    if (name !== 'ilo') results.push(atLeast(`${name} over ilo, compile and first run`, time / first.get('ilo'), 10));
  }
  const mine = calls.get('ilo');
  results.push(
    verdict('ilo over JavaScript that is not inlined, a call of tot', mine / calls.get('JavaScript, not inlined'), 2),
  );
  results.push(verdict('ilo with limits over ilo without', mine / calls.get('ilo without limits'), 1.3));
  for (const name of ['fengari (Lua)', 'quickjs-emscripten', 'isolated-vm', 'wasmoon (Lua)']) {
    if (calls.has(name)) results.push(atLeast(`${name} over ilo, a call of tot`, calls.get(name) / mine, 40));
  }
  results.push(benchCrossing(compile), benchMemory(compile));
  return results;
}

function benchCrossing(compile) {
  const program = compile('type row{id:n;name:t;price:n}\nsame xs:L row>L row;xs');
  const rows = Array.from({ length: 1000 }, (_, id) => ({ id, name: `name ${id}`, price: id / 3 }));
  const there = micros(() => program.run('same', rows));
  const clone = micros(() => structuredClone(rows));
  console.log(`     1,000 records there and back ${show(there)}, structuredClone once ${show(clone)}`);
  return verdict('1,000 records in and out, over structuredClone of them twice', there / (2 * clone), 2);
}

function benchMemory(compile) {
  const collect = () => {
    for (let i = 0; i < 3; i++) globalThis.gc?.();
    return process.memoryUsage();
  };
  for (let i = 0; i < 500; i++) compile(`f x:n>n;*x ${i}`).run('f', i);
  const before = collect();
  for (let i = 0; i < 10_000; i++) {
    const program = compile(`f x:n>n;s=0;@i 0..x{s=+s *i ${i}};s`);
    program.run('f', 3);
    program.dispose();
  }
  const after = collect();
  const grown = (after.heapUsed + after.external - before.heapUsed - before.external) / 1048576;
  return verdict('MiB held after 10,000 programs', Math.max(0, grown), 32);
}
