import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { findProject } from '../../config/file.ts';
import { captured } from '../../process/captured.ts';

const finding = z.object({
  ids: z.array(z.string()).min(1),
  what: z.string(),
  resource: z.string(),
  why: z.string().optional(),
});

const told = z.object({ resources: z.number(), findings: z.array(finding) });

export type Finding = z.infer<typeof finding>;

/** What `berth policies --json` prints: keys are added, never renamed */
export interface PolicyReport {
  stack: string;
  /** How many the stack declares */
  resources: number;
  /** Those that are not meant first, then by rule and resource */
  findings: readonly Finding[];
}

/**
 * Runs the program of a stack on mocks and looks at what it declares.
 * @param stack its own name, without organization and project
 * @throws with what the program said when it fails
 */
export async function policyReport(stack: string): Promise<PolicyReport> {
  const project = findProject(process.cwd());
  const { resources, findings } = told.parse(JSON.parse(await printed(stack, project)));
  return { stack, resources, findings: findings.sort(inOrder) };
}

/** In a process of its own: a program runs once, and reads credentials, of which it gets none that are real */
async function printed(stack: string, project: string): Promise<string> {
  const start = fileURLToPath(new URL('../../start/start.js', import.meta.url));
  const words = [start, 'src/policy/program.ts', stack, join(project, `Pulumi.${stack}.yaml`)];
  const { PATH, HOME, TMPDIR } = process.env;
  const env = { PATH, HOME, ...(TMPDIR !== undefined && { TMPDIR }) };
  const { code, stdout, stderr } = await captured(process.execPath, words, { cwd: project, env });
  if (code === 0) return stdout.slice(stdout.lastIndexOf('\n') + 1);
  throw new Error(`the program of stack ${stack} fails on made-up answers: ${stderr.trim() || `code ${code}`}`);
}

function inOrder(a: Finding, b: Finding): number {
  const key = ({ why, ids, resource }: Finding): string => `${why === undefined ? 0 : 1} ${ids[0]} ${resource}`;
  return key(a) < key(b) ? -1 : 1;
}
