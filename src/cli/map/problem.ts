// What ends `ilo map` in the middle: a mistake in the data, with its place there, or a fault of the program in a row.
import type { Diagnostic } from '../../diag/diagnostic.ts';
import type { SourceText } from '../../diag/source.ts';

export class MapProblem {
  readonly diagnostic: Diagnostic;
  /** The piece of the data that the place is in; undefined when it is in the program, or nowhere. */
  readonly data: SourceText | undefined;

  /** Whether the program is to blame, and not the data. */
  readonly ofProgram: boolean;

  constructor(diagnostic: Diagnostic, data?: SourceText, ofProgram = false) {
    this.ofProgram = ofProgram;
    this.diagnostic = data?.name === undefined || data.name === '-' ? diagnostic : { ...diagnostic, file: data.name };
    this.data = data;
  }
}
