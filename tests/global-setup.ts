// Builds dist once before any test runs, so that tests of the command line always see the present sources.
import { buildAll } from '../scripts/build.mjs';

export async function setup(): Promise<void> {
  await buildAll();
}
