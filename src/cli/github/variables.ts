/** Variables that a job may need, with their source */
const known = {
  GITHUB_TOKEN: "a token for GitHub's API; in a workflow, pass github.token to the step",
  GITHUB_REPOSITORY: 'the repository as owner/name; set by GitHub in workflows',
  GITHUB_EVENT_PATH: 'the file with the event that started the workflow; set by GitHub in workflows',
  GITHUB_STEP_SUMMARY: "the file of the step's summary; set by GitHub in workflows",
} as const;

export type WorkflowVariable = keyof typeof known;

/**
 * Returns environment variables by name
 * @throws one message that names all that are missing
 */
export function variables<Name extends WorkflowVariable>(
  environment: NodeJS.ProcessEnv,
  names: readonly Name[],
): Readonly<Record<Name, string>> {
  const missing = names.filter((name) => !environment[name]);
  if (missing.length > 0) {
    const lines = missing.map((name) => `  ${name}: ${known[name]}`);
    throw new Error(`reporting to GitHub needs environment variables that are not set:\n${lines.join('\n')}`);
  }
  return Object.fromEntries(names.map((name) => [name, environment[name]])) as Record<Name, string>;
}
