// What an isolated program prints goes to its caller in a message for many lines: a message for each takes longer than printing it. Nothing may be
// lost when the program is ended with force, and nothing may come out of order. So what is kept goes before every other message, when it has become
// long, when the event loop has its turn, and whenever the clock is looked at: that is after a few thousand units of fuel, and before whatever takes
// long.

/** UTF-16 units that are kept. */
const MOST_KEPT = 65_536;

export class Printed {
  private readonly send: (texts: readonly string[]) => void;
  private texts: string[] = [];
  private units = 0;
  /** Whether the clock is looked at while the program runs. Without that nothing is kept. */
  keeps = false;
  /** Whether the run blocks: then it looks at its clock after each print, which is no reason to send anything. */
  blocks = false;
  private isNew = false;

  constructor(send: (texts: readonly string[]) => void) {
    this.send = send;
  }

  add(text: string): void {
    this.isNew = this.blocks;
    if (this.texts.push(text) === 1 && this.keeps) setImmediate(() => this.flush());
    this.units += text.length;
    if (!this.keeps || this.units >= MOST_KEPT) this.flush();
  }

  /** The clock is looked at. */
  looked(): void {
    if (!this.isNew) this.flush();
    this.isNew = false;
  }

  /** Sends what is kept. */
  flush(): void {
    const { texts } = this;
    if (texts.length === 0) return;
    this.texts = [];
    this.units = 0;
    this.send(texts);
  }
}
