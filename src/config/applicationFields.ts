import { z } from 'zod';
import { guided, textField } from './guide.ts';

// What an application is given beside what its system knows: settings, secrets, files.

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

/** A secret that the file names */
export const secretByName = z.strictObject({ secret: namedSecret });

const pathInside = textField({
  noun: 'an absolute path',
  description: 'Where a container finds a file.',
  examples: ['/etc/app/ca.pem'],
  allowed: 'an absolute path of letters, digits, dots, hyphens and underscores, such as /etc/app/ca.pem',
  pattern: /^(?:\/(?!\.{1,2}(?:\/|$))[\w.-]+)+$/,
});

/** Files of an application that are secret, by where it finds them */
export const secretFiles = guided(
  z
    .record(pathInside, guided(secretByName, { allowed: 'a secret by name, such as { secret: ownCa }' }))
    .describe(
      'Files that the application alone reads (0400), by their path inside its container: a certificate, the JSON of a ' +
        'service account. The text stands in berth:secrets as <system>/<name>: { /etc/app/ca.pem: { secret: ownCa } }.',
    ),
  { allowed: 'secrets by path, such as { /etc/app/ca.pem: { secret: ownCa } }' },
);

/**
 * The same of a program without a container, by the variable that tells it where a file lies
 * @param set variables that another option of the system sets, which this one may not
 */
export const secretFilesByVariable = (set: readonly string[] = []) =>
  guided(
    z
      .record(variableName, guided(secretByName, { allowed: 'a secret by name, such as { secret: ownCa }' }))
      .check(({ value, issues }) => refuseTaken(Object.keys(value), set, value, issues))
      .describe(
        'Files that the application alone reads (0400), by the variable that tells it where one lies: a certificate, the ' +
          'JSON of a service account. The text stands in berth:secrets as <system>/<name>: { APP_CA_FILE: { secret: ownCa } }.',
      ),
    { allowed: 'secrets by variable, such as { APP_CA_FILE: { secret: ownCa } }' },
  );

/** @param set those that are not for this option */
function refuseTaken(names: readonly string[], set: readonly string[], input: unknown, issues: z.core.$ZodRawIssue[]) {
  const taken = names.filter((name) => set.includes(name));
  if (taken.length === 0) return;
  issues.push({ code: 'custom', message: `sets ${taken.join(', ')}, which the system sets itself`, input });
}

const variableValue = guided(z.union([z.string(), secretByName]), {
  allowed: "text, numbers and booleans in quotes, such as '8', or a secret by name, such as { secret: mailPassword }",
});

/** @param set those that another option of the system sets, which this one may not. Those that the system sets itself are refused anyway */
export const environmentVariables = (set: readonly string[] = []) =>
  guided(
    z
      .record(variableName, variableValue)
      .check(({ value, issues }) => refuseTaken(Object.keys(value), set, value, issues))
      .describe(
        "The application's own settings, passed through as they are. What is secret stands in berth:secrets as " +
          '<system>/<name> and is named here: { MAIL_PASSWORD: { secret: mailPassword } }.',
      ),
    { allowed: 'environment variables by name, such as { LOG_LEVEL: info }' },
  );
