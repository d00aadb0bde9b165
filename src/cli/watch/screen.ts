import { clearScreenDown, cursorTo, moveCursor } from 'node:readline';
import type { Writable } from 'node:stream';

export interface Terminal extends Writable {
  isTTY?: boolean;
  columns?: number;
  rows?: number;
}

const hideCursor = '\x1b[?25l';
const showCursor = '\x1b[?25h';

/** Lines at the end of a terminal that are drawn over, below lines that stay */
export interface Screen {
  /** Writes lines that stay, above those that are drawn over */
  write(lines: readonly string[]): void;
  draw(lines: readonly string[]): void;
  /** Leaves what is drawn, and the cursor below it */
  leave(): void;
}

export function createScreen(terminal: Terminal): Screen {
  let drawn: readonly string[] = [];
  let hidden = false;
  const show = (): void => {
    if (hidden) terminal.write(showCursor);
    hidden = false;
  };
  // Where nobody else listens, a signal ends the process without its `exit` event
  const onSignal = (signal: NodeJS.Signals): void => {
    if (process.listenerCount(signal) > 1) return;
    show();
    process.off(signal, onSignal);
    process.kill(process.pid, signal);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const hide = (): void => {
    if (hidden) return;
    hidden = true;
    process.on('exit', show);
    for (const signal of signals) process.on(signal, onSignal);
    terminal.write(hideCursor);
  };
  // A terminal that became narrower has broken the lines that were drawn
  const height = (): number => {
    const columns = terminal.columns || 80;
    return drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / columns)), 0);
  };
  const clear = (): void => {
    if (drawn.length === 0) return;
    moveCursor(terminal, 0, 1 - height());
    cursorTo(terminal, 0);
    clearScreenDown(terminal);
    drawn = [];
  };
  const draw = (lines: readonly string[]): void => {
    clear();
    if (lines.length === 0) return;
    hide();
    terminal.write(lines.join('\n'));
    drawn = lines;
  };
  return {
    draw,
    write(lines) {
      if (lines.length === 0) return;
      const below = drawn;
      clear();
      terminal.write(`${lines.join('\n')}\n`);
      draw(below);
    },
    leave() {
      if (drawn.length > 0) terminal.write('\n');
      drawn = [];
      show();
      process.off('exit', show);
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
}
