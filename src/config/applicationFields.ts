import { z } from 'zod';
import { guided, textField } from './guide.ts';

// Fields for an application's own settings, secrets and files

const variableName = textField({
  noun: 'the name of an environment variable',
  description: 'The name of an environment variable.',
  examples: ['LOG_LEVEL', 'http_proxy'],
  allowed: 'letters, digits and underscores, not a digit first, such as LOG_LEVEL or http_proxy',
  pattern: /^[A-Za-z_][A-Za-z0-9_]*$/,
});

const namedSecret = textField({
  noun: 'the name of a secret',
  description: 'A secret of this system by its name in berth:secrets, without the system.',
  examples: ['mailPassword'],
  allowed: 'letters and digits, a letter first, such as mailPassword for berth:secrets["<system>/mailPassword"]',
  pattern: /^[A-Za-z][A-Za-z0-9]*$/,
});

/** Reference to a secret of the system */
export const secretByName = z.strictObject({ secret: namedSecret });

const pathInside = textField({
  noun: 'an absolute path',
  description: 'The path of a file in a container.',
  examples: ['/etc/app/ca.pem'],
  allowed: 'an absolute path of letters, digits, dots, hyphens and underscores, such as /etc/app/ca.pem',
  pattern: /^(?:\/(?!\.{1,2}(?:\/|$))[\w.-]+)+$/,
});

/** Secret files of an application, by their path in its container */
export const secretFiles = guided(
  z
    .record(pathInside, guided(secretByName, { allowed: 'a secret by name, such as { secret: ownCa }' }))
    .describe(
      'Files that only the application can read (0400), by path inside its container: a certificate, the JSON of a ' +
        'service account. The content is in berth:secrets as <system>/<name>: { /etc/app/ca.pem: { secret: ownCa } }.',
    ),
  { allowed: 'secrets by path, such as { /etc/app/ca.pem: { secret: ownCa } }' },
);

/**
 * Secret files of a program without a container, by the variable that holds the file's path
 * @param set variables that another option of the system sets and that are refused here
 */
export const secretFilesByVariable = (set: readonly string[] = []) =>
  guided(
    z
      .record(variableName, guided(secretByName, { allowed: 'a secret by name, such as { secret: ownCa }' }))
      .check(({ value, issues }) => refuseTaken(Object.keys(value), set, value, issues))
      .describe(
        'Files that only the application can read (0400), by the variable that receives the path: a certificate, the ' +
          'JSON of a service account. The content is in berth:secrets as <system>/<name>: { APP_CA_FILE: { secret: ownCa } }.',
      ),
    { allowed: 'secrets by variable, such as { APP_CA_FILE: { secret: ownCa } }' },
  );

/**
 * Adds an issue if a name is one of those that the system sets
 * @param set refused names
 */
function refuseTaken(names: readonly string[], set: readonly string[], input: unknown, issues: z.core.$ZodRawIssue[]) {
  const taken = names.filter((name) => set.includes(name));
  if (taken.length === 0) return;
  issues.push({ code: 'custom', message: `sets ${taken.join(', ')}, which the system sets itself`, input });
}

const variableValue = guided(z.union([z.string(), secretByName]), {
  allowed: "text, numbers and booleans in quotes, such as '8', or a secret by name, such as { secret: mailPassword }",
});

/**
 * Environment variables of an application
 * @param set variables that another option of the system sets and that are refused here; those that the system sets
 * itself are always refused
 */
export const environmentVariables = (set: readonly string[] = []) =>
  guided(
    z
      .record(variableName, variableValue)
      .check(({ value, issues }) => refuseTaken(Object.keys(value), set, value, issues))
      .describe(
        "The application's own settings, passed through unchanged. Secret values are in berth:secrets as " +
          '<system>/<name> and are named here: { MAIL_PASSWORD: { secret: mailPassword } }.',
      ),
    { allowed: 'environment variables by name, such as { LOG_LEVEL: info }' },
  );
