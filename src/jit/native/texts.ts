// The constant texts of functions that are compiled together. Native code knows them by their numbers, and never looks into one.

export class Texts {
  private readonly texts: string[] = [];
  private readonly numbers = new Map<string, number>();

  /** The number of a text, which it is given now unless it has one. */
  numberOf(text: string): number {
    let number = this.numbers.get(text);
    if (number === undefined) {
      number = this.texts.push(text) - 1;
      this.numbers.set(text, number);
    }
    return number;
  }

  /** The number of a text; undefined when it is none of these. */
  find(text: string): number | undefined {
    return this.numbers.get(text);
  }

  at(number: number): string {
    return this.texts[number]!;
  }
}
