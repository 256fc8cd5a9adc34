// `import 'ilo/register'` or `node --import ilo/register`: from then on `import … from './pricing.ilo'` works in this process.
import * as nodeModule from 'node:module';

interface Registering {
  /** Hooks in this thread; Node 22.15 and later. */
  readonly registerHooks?: (hooks: object) => void;
  /** Hooks in a thread of their own; what older lines have. */
  readonly register: (specifier: string, parent: string) => void;
}

const { registerHooks, register } = nodeModule as unknown as Registering;
if (registerHooks !== undefined) registerHooks({ load: (await import('./loader.ts')).load });
else register('./loader.js', import.meta.url);
