// A text that a matcher reads, with what is read counted. A search looks at every character of a long text, and a pattern such as `a.*b|a` makes every
// search of one text look at all that is left of it: nobody knows beforehand how much is read, and re2js cannot be interrupted. It asks its text
// for each character, though, and takes any object that calls itself a String. This one has `spend` called after so many reads; what that throws
// ends the search, and nothing of re2js is used again that was at work then.

export interface Watch {
  /** So many reads go between two calls of `spend`. */
  readonly reads: number;
  /** Throws where a limit is passed. */
  readonly spend: () => void;
}

export class WatchedText {
  readonly length: number;
  private readonly text: string;
  private readonly watch: Watch;
  private left: number;

  constructor(text: string, watch: Watch) {
    this.length = text.length;
    this.text = text;
    this.watch = watch;
    this.left = watch.reads;
  }

  get [Symbol.toStringTag](): string {
    return 'String';
  }

  charCodeAt(at: number): number {
    if (--this.left < 0) {
      this.left = this.watch.reads;
      this.watch.spend();
    }
    return this.text.charCodeAt(at);
  }

  /** Reads nothing that would be worth counting: thousands of characters in a microsecond. */
  indexOf(piece: string, from: number): number {
    return this.text.indexOf(piece, from);
  }
}
