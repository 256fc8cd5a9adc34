// Comments while a program is printed as lines. They are written in source order: alone on a line before the statement they
// stood before or in, or behind the statement whose last line they shared.
import type { Comment } from '../ast.ts';
import { line, type Printer } from './printer.ts';

/** Writes the comments that begin before `end`, each on its own line. */
export function ownLines(p: Printer, end: number, indent: number): void {
  for (let comment = next(p, end); comment; comment = next(p, end)) {
    line(p, indent);
    p.out.push(comment.text);
    p.commentsDone++;
  }
}

/** Writes the comment that shares its line with `place`, if it comes next and begins before `limit`. */
export function trailing(p: Printer, place: number, limit = Number.POSITIVE_INFINITY): void {
  const comment = next(p, limit);
  if (comment === undefined || comment.ownLine || comment.span.start < place) return;
  if (lineStart(p, comment) > place) return;
  p.out.push(' ', comment.text);
  p.commentsDone++;
}

function next(p: Printer, end: number): Comment | undefined {
  const comment = p.comments[p.commentsDone];
  return comment && comment.span.start < end ? comment : undefined;
}

/** Where the line of the next comment begins; found once for each comment. */
function lineStart(p: Printer, comment: Comment): number {
  if (p.lineStartOf !== comment) {
    p.lineStartOf = comment;
    p.lineStart = p.source.lastIndexOf('\n', comment.span.start) + 1;
  }
  return p.lineStart;
}
