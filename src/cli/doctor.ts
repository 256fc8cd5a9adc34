// `ilo doctor`: what this installation is and whether it works, for bug reports and for the puzzled.
import { type Loaded, loadAddon } from '../jit/native/addon.ts';
import { DEFAULT_ENGINE, ENGINES, type EngineName } from '../runtime/engines.ts';
import { loadProgram, runProgram } from '../runtime/program.ts';
import { parseSimple } from './arguments.ts';
import { openHost } from './call.ts';
import { type Console, EXIT, refuse } from './console.ts';
import { packageFile, packageVersion } from './package.ts';
import { LANGUAGE_LEVEL } from './version.ts';

const OLDEST_NODE = 20;

export function doctorCommand(args: readonly string[], console: Console): number {
  const parsed = parseSimple(args, []);
  if ('problem' in parsed) return refuse(console, parsed.problem, parsed.advice);
  const node = process.versions.node;
  const nodeWorks = Number.parseInt(node, 10) >= OLDEST_NODE;
  const engines = ENGINES.map(({ name, summary }) => ({ name, summary, works: engineWorks(name, console) }));
  const native = describeNative(loadAddon());
  const manual = packageFile('docs/language.md') !== undefined;
  const healthy = nodeWorks && manual && engines.every(({ works }) => works);
  const platform = `${process.platform}-${process.arch}`;
  if (parsed.ok.options.json) {
    const facts = {
      version: packageVersion(),
      language: LANGUAGE_LEVEL,
      node,
      platform,
      manual,
      native,
      engines,
      healthy,
    };
    console.out.write(`${JSON.stringify(facts)}\n`);
  } else {
    const mark = (good: boolean) => (good ? 'ok     ' : 'problem');
    const rows = [
      `ilo ${packageVersion()}, language level ${LANGUAGE_LEVEL}`,
      `${mark(nodeWorks)}  node ${node} on ${platform}${nodeWorks ? '' : ` (at least ${OLDEST_NODE} is needed)`}`,
      ...engines.map(
        ({ name, summary, works }) =>
          `${mark(works)}  engine ${name}${name === DEFAULT_ENGINE ? ' (default)' : ''}: ${summary}`,
      ),
      `${native.works ? 'ok     ' : 'absent '}  native code: ${native.summary}`,
      ...native.attempts.map(attempt => `         tried ${attempt}`),
      `${mark(manual)}  docs/language.md ${manual ? 'is there' : 'is missing: ilo help lang cannot work'}`,
    ];
    console.out.write(`${rows.join('\n')}\n`);
  }
  return healthy ? EXIT.ok : EXIT.failed;
}

interface Native {
  readonly works: boolean;
  readonly summary: string;
  /** What was tried and failed. */
  readonly attempts: readonly string[];
}

/** Without native code everything works, only slower: its absence is no problem. */
function describeNative(loaded: Loaded): Native {
  if (loaded.addon === undefined) {
    return {
      works: false,
      summary: `${loaded.why}; other engines serve`,
      attempts: loaded.attempts.map(({ path, problem }) => `${path}: ${problem}`),
    };
  }
  const cpu = loaded.cpu.length === 0 ? '' : ` (${loaded.cpu.join(', ')})`;
  return { works: true, summary: `${loaded.path}${cpu}`, attempts: [] };
}

/** Runs a small program whose answer is known. */
function engineWorks(engine: EngineName, console: Console): boolean {
  try {
    const { unit } = loadProgram('fac n:n>n;<=n 1 1;*n fac -n 1', { readFile: () => ({ err: 'none' }) });
    if (unit === undefined) return false;
    const result = runProgram(unit, 'fac', [5], { host: openHost(console), engine });
    return 'value' in result && result.value === 120;
  } catch {
    return false;
  }
}
