import { runLogged } from '../../../process/stage.ts';

type Log = (line: string) => void;

/** Runs a program in a node, and returns its output */
export const inNode = (node: string, words: readonly string[], log: Log, input?: string): Promise<string> =>
  runLogged('docker', ['exec', ...(input === undefined ? [] : ['--interactive']), node, ...words], {
    log,
    timeoutSeconds: 180,
    ...(input !== undefined && { input }),
  });

/** Runs kubectl in a node as the cluster's administrator */
export const kubectl = (node: string, words: readonly string[], log: Log, input?: string): Promise<string> =>
  inNode(node, ['kubectl', ...words], log, input);
