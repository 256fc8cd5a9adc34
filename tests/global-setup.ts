// Builds dist once before any test runs, so that tests of the command line always see the present sources. When the sources
// do not compile, the build before stays: it may be what somebody else is using, and tests that need no build still run.
import { buildAll } from '../scripts/build.mjs';

export async function setup(): Promise<void> {
  try {
    await buildAll({ quiet: true });
  } catch (error) {
    const reason = (error as Error).message.split('\n').slice(0, 2).join(' ');
    console.error(`dist is an older build, because the sources do not compile: ${reason}`);
  }
}
