/** Variables that a job may need, with their source */
const known = {
  GITHUB_TOKEN: "a token for GitHub's API; a workflow gives its own, github.token, to the step that needs it",
  GITHUB_REPOSITORY: 'the repository as owner/name; a workflow has it by itself',
  GITHUB_EVENT_PATH: 'the file that tells what started the workflow; a workflow has it by itself',
  GITHUB_STEP_SUMMARY: "the file of the step's summary; a workflow has it by itself",
} as const;

export type Variable = keyof typeof known;

/**
 * Returns environment variables by name
 * @throws one message that names all that are missing
 */
export function variables<Name extends Variable>(
  environment: NodeJS.ProcessEnv,
  names: readonly Name[],
): Readonly<Record<Name, string>> {
  const missing = names.filter((name) => !environment[name]);
  if (missing.length > 0) {
    const lines = missing.map((name) => `  ${name}: ${known[name]}`);
    throw new Error(`reporting to GitHub needs what is not set here:\n${lines.join('\n')}`);
  }
  return Object.fromEntries(names.map((name) => [name, environment[name]])) as Record<Name, string>;
}
