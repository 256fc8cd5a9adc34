// Whether this process may make code from strings. Asked by trying: the flag `--disallow-code-generation-from-strings`, a content security
// policy of an embedder and `vm` contexts that forbid it all show themselves here and nowhere else.

let known: boolean | undefined;

/** Whether `new Function` works. Tried once. */
export function canGenerateCode(): boolean {
  known ??= attempt();
  return known;
}

function attempt(): boolean {
  try {
    return new Function('return true')() === true;
  } catch {
    return false;
  }
}
