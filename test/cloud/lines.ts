import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A program that answers each line of JSON with one */
export interface Lines {
  ask<Answer>(request: object): Promise<Answer>;
  close(): void;
}

/** Starts a program of Python; it ends with its standard input. What it said last is in the error of an unanswered line */
export function python(program: string, packages: string, own: NodeJS.ProcessEnv = {}): Lines {
  const child = spawn('python3', [program], {
    env: { PATH: process.env.PATH, PYTHONPATH: packages, PYTHONPYCACHEPREFIX: `${packages}/.pycache`, ...own },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said = `${said}${chunk}`.slice(-4000);
  });
  const waiting: { done(answer: unknown): void; failed(error: Error): void }[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => waiting.shift()?.done(JSON.parse(line)));
  let ended: Error | undefined;
  child.on('close', (code) => {
    ended = new Error(`${program} ended with ${code}:\n${said}`);
    for (const { failed } of waiting.splice(0)) failed(ended);
  });
  child.stdin.on('error', () => undefined);
  return {
    ask: <Answer>(request: object) =>
      new Promise<Answer>((done, failed) => {
        if (ended) return failed(ended);
        waiting.push({ done: done as (answer: unknown) => void, failed });
        child.stdin.write(`${JSON.stringify(request)}\n`);
      }),
    close: () => child.stdin.end(),
  };
}
