// Starting `ilo 'dbl x:n>n;*x 2' 5` through the built entry, beside `node -e 0`.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { median, sideBySide, spread, verdict } from './measure.mjs';

export function benchStartup(quick) {
  const entry = fileURLToPath(new URL('../dist/cli.cjs', import.meta.url));
  // Where NODE_EXTRA_CA_CERTS is set it alone doubles the start of Node 20 and would hide ours.
  const env = { ...process.env };
  delete env.NODE_EXTRA_CA_CERTS;
  const run = args => execFileSync(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  if (String(run([entry, 'dbl x:n>n;*x 2', '5'])).trim() !== '10') throw new Error('the program gave a wrong answer');
  console.log('\nStart-up');
  const [ours, bare] = sideBySide([() => run([entry, 'dbl x:n>n;*x 2', '5']), () => run(['-e', '0'])], quick ? 11 : 41);
  console.log(
    `     ilo ${median(ours).toFixed(1)} ms (spread ${spread(ours).toFixed(2)}), node -e 0 ${median(bare).toFixed(1)} ms (spread ${spread(bare).toFixed(2)})`,
  );
  return [verdict("ilo 'dbl x:n>n;*x 2' 5 over node -e 0", median(ours) / median(bare), 1.5)];
}
