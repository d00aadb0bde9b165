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

export type ReportedFinding = z.infer<typeof finding>;

/** Output of `berth policies --json`; keys may be added but are never renamed */
export interface PolicyReport {
  stack: string;
  /** Number of declared resources */
  resources: number;
  /** Unjustified findings first, then by rule and resource */
  findings: readonly ReportedFinding[];
}

/**
 * Runs a stack's program on mocks and checks the resources that it declares
 * @param stack its short name, without organization and project
 * @throws with the program's output when it fails
 */
export async function policyReport(stack: string): Promise<PolicyReport> {
  const project = findProject(process.cwd());
  const { resources, findings } = told.parse(JSON.parse(await printed(stack, project)));
  return { stack, resources, findings: findings.sort(inOrder) };
}

/**
 * Runs the program in a process of its own, because it can run only once and reads credentials, which are made up here
 */
async function printed(stack: string, project: string): Promise<string> {
  const start = fileURLToPath(new URL('../../start/start.js', import.meta.url));
  const words = [start, 'src/policy/program.ts', stack, join(project, `Pulumi.${stack}.yaml`)];
  const { PATH, HOME, TMPDIR } = process.env;
  const env = { PATH, HOME, ...(TMPDIR !== undefined && { TMPDIR }) };
  const { code, stdout, stderr } = await captured(process.execPath, words, { cwd: project, env });
  if (code === 0) return stdout.slice(stdout.lastIndexOf('\n') + 1);
  throw new Error(
    `the program of stack ${stack} fails with made-up provider answers: ${stderr.trim() || `code ${code}`}`,
  );
}

function inOrder(a: ReportedFinding, b: ReportedFinding): number {
  const key = ({ why, ids, resource }: ReportedFinding): string => `${why === undefined ? 0 : 1} ${ids[0]} ${resource}`;
  return key(a) < key(b) ? -1 : 1;
}
