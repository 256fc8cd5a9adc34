// The call that `ilo bench` measures, made by CPython on the emitted program: one process that makes the call once, says what could be seen
// of it, warms up, and times batches of calls itself.
import { spawnSync } from 'node:child_process';
import { type EngineTimes, summary } from '../runtime/bench-engines.ts';

export interface PythonTimes {
  /** Such as `CPython 3.11.7`. */
  readonly version: string;
  /** What could be seen of the first call, as `callOnce` puts it. */
  readonly seen: string;
  /** Milliseconds of the first call, with reading the program. */
  readonly firstMilliseconds: number;
  readonly times: Omit<EngineTimes, 'engine'>;
}

const SAMPLE_MS = 20;
const FEWEST_SAMPLES = 5;
/** How much longer than planned Python may take before it is given up. */
const PATIENCE_MS = 60_000;

const DRIVER = `
import io, json, platform, sys, threading, time

task = json.load(sys.stdin)
answer = sys.stdout


def measure():
    clock = time.perf_counter
    sys.stdout, sys.stderr = out, err = io.StringIO(), io.StringIO()
    start = clock()
    program = {"__name__": "program"}
    exec(compile(task["program"], "program", "exec"), program)
    function, _, parameters = program["FUNCTIONS"][task["name"]][:3]
    arguments = [program["read_argument"](word, row[2]) for word, row in zip(task["words"], parameters)]
    value = function(*arguments)
    report["first"] = (clock() - start) * 1e3
    report["seen"] = [program["show"](value), out.getvalue(), err.getvalue()]

    def batch(calls):
        start = clock()
        for _ in range(calls):
            function(*arguments)
        # What was printed is dropped, so that it takes no room.
        out.seek(0), out.truncate()
        return clock() - start

    budget = task["seconds"]
    calls = 1
    spent = 0
    while True:
        seconds = batch(calls)
        spent += seconds
        calls = max(1, min(calls * 8, round(calls * task["sample"] / max(seconds, 1e-6))))
        if spent >= budget * 0.3:
            break
    while spent < budget or len(report["samples"]) < task["fewest"]:
        seconds = batch(calls)
        spent += seconds
        report["samples"].append(seconds * 1e9 / calls)
    report["calls"] = calls


report = {"version": platform.python_implementation() + " " + platform.python_version(), "samples": []}
sys.setrecursionlimit(40000)
threading.stack_size(512 * 1024 * 1024)
thread = threading.Thread(target=measure)
thread.start()
thread.join()
json.dump(report, answer)
`;

/** Measures a call of an emitted program; undefined when there is no python3, or it did not come to an end. */
export function measurePython(
  program: string,
  name: string,
  words: readonly string[],
  seconds: number,
): PythonTimes | undefined {
  const sample = Math.min(SAMPLE_MS / 1000, seconds / 50);
  const run = spawnSync('python3', ['-c', DRIVER], {
    input: JSON.stringify({ program, name, words, seconds, sample, fewest: FEWEST_SAMPLES }),
    encoding: 'utf8',
    timeout: 2000 * seconds + PATIENCE_MS,
    maxBuffer: 1 << 26,
  });
  if (run.error !== undefined || run.status !== 0) return undefined;
  const report = JSON.parse(run.stdout);
  // A fault of the program leaves no samples; the engines had none, so that is a difference as well.
  const seen = JSON.stringify(report.seen ?? ['a fault', run.stderr]);
  if (report.samples.length === 0) report.samples.push(Number.NaN);
  return {
    version: report.version,
    seen,
    firstMilliseconds: report.first ?? Number.NaN,
    times: { ...summary(report.samples), callsPerSample: report.calls ?? 0 },
  };
}
