// The tool `explain` of `ilo mcp`: the page of a diagnostic code, or a program in words.
import { findExplanation, renderExplanation } from '../../diag/explain.ts';
import { onlySource, SourceText } from '../../diag/source.ts';
import { renderText } from '../../diag/text.ts';
import { explainProgram } from '../../lang/ilo/explain.ts';
import { loadProgram } from '../../runtime/program.ts';

export function explainSubject(subject: string): { readonly text: string; readonly found: boolean } {
  if (/^\s*(ilo-?)?[a-z]?-?[a-z0-9]{1,4}\s*$/i.test(subject)) {
    const explanation = findExplanation(subject.trim());
    return { text: renderExplanation(explanation, 'text'), found: explanation.found };
  }
  const { program, diagnostics } = loadProgram(subject, { readFile: () => ({ err: 'imports are not allowed here' }) });
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return { text: explainProgram(program, undefined), found: true };
  const sources = onlySource(new SourceText(subject));
  return {
    text: errors
      .slice(0, 20)
      .map(error => renderText(error, sources))
      .join('\n'),
    found: false,
  };
}
