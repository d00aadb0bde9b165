/**
 * What a terminal shows of the text that is written to it: the moves and clearings that berth uses, and lines that are broken
 * at the last column, again when it becomes narrower
 */
export class Terminal {
  #lines: string[] = [''];
  #row = 0;
  #column = 0;
  #rest = '';
  cursorShown = true;

  columns: number;

  constructor(columns: number) {
    this.columns = columns;
  }

  write(text: string): void {
    let left = this.#rest + text;
    this.#rest = '';
    while (left !== '') {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that is how a terminal is steered
      const steering = /^\x1b\[(\??[\d;]*)([A-Za-z])/.exec(left);
      if (steering) {
        this.#steer(steering[1] ?? '', steering[2] ?? '');
        left = left.slice(steering[0].length);
        continue;
      }
      if (left.startsWith('\x1b')) {
        this.#rest = left;
        return;
      }
      this.#put(left.charAt(0));
      left = left.slice(1);
    }
  }

  /** What is shown, without empty lines */
  get shown(): string[] {
    return this.#lines.map((line) => line.trimEnd()).filter((line) => line !== '');
  }

  resize(columns: number): void {
    const cursor = { row: 0, column: 0 };
    const lines = this.#lines.flatMap((line, row) => {
      const parts = line.match(new RegExp(`.{1,${columns}}`, 'g')) ?? [''];
      if (row < this.#row) cursor.row += parts.length;
      return parts;
    });
    this.#row = cursor.row + Math.floor(Math.max(0, this.#column - 1) / columns);
    this.#column = this.#column === 0 ? 0 : ((this.#column - 1) % columns) + 1;
    this.#lines = lines;
    this.columns = columns;
  }

  #put(character: string): void {
    if (character === '\r') this.#column = 0;
    else if (character === '\n') {
      this.#row += 1;
      this.#column = 0;
    } else if (character >= ' ') {
      if (this.#column === this.columns) {
        this.#row += 1;
        this.#column = 0;
      }
      const line = (this.#lines[this.#row] ?? '').padEnd(this.#column);
      this.#lines[this.#row] = line.slice(0, this.#column) + character + line.slice(this.#column + 1);
      this.#column += 1;
    }
    for (let row = 0; row <= this.#row; row += 1) this.#lines[row] ??= '';
  }

  #steer(number: string, letter: string): void {
    const count = Number(number) || 1;
    if (letter === 'A') this.#row = Math.max(0, this.#row - count);
    if (letter === 'B') this.#row += count;
    if (letter === 'C') this.#column += count;
    if (letter === 'D') this.#column = Math.max(0, this.#column - count);
    if (letter === 'G') this.#column = count - 1;
    if (letter === 'K')
      this.#lines[this.#row] = number === '2' ? '' : (this.#lines[this.#row] ?? '').slice(0, this.#column);
    if (letter === 'J') {
      this.#lines.length = this.#row + 1;
      this.#lines[this.#row] = (this.#lines[this.#row] ?? '').slice(0, this.#column);
    }
    if (number === '?25') this.cursorShown = letter === 'h';
  }
}
