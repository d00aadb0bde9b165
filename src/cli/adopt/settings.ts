import type { Finding } from '../new/finding.ts';
import { camel, isSecretName } from '../new/names.ts';
import { hasPassword, hidden, type Setting } from './found.ts';
import { isVariableName, variableBlocks } from './optionNames.ts';
import { type Fit, fitted, optionFields, optionNamed, variablePaths } from './options.ts';
import type { Placed } from './places.ts';

/** Settings of another tool in the words of a system */
export interface Meant {
  /** Values at their places below the system's entry */
  fits: readonly Fit[];
  /** Secrets by their name in the system, each with the setting that it was */
  secrets: Readonly<Record<string, string>>;
  findings: readonly Finding[];
}

/** Returns what the settings of a system's machines become */
export function meantSettings(placed: Placed, settings: readonly Setting[], needed: readonly string[]): Meant {
  const fits: Fit[] = [];
  const secrets: Record<string, string> = {};
  const findings: Finding[] = [];
  const unknown: Setting[] = [];
  const add = (fit: Fit, { name, at }: Setting): void => {
    const former = fits.find(({ path }) => path.join('.') === fit.path.join('.'));
    if (!former) fits.push(fit);
    else if (former.value !== fit.value)
      findings.push({ kind: 'left', at, what: `${name}: ${fit.path.join('.')} has another value already` });
  };
  for (const setting of settings.flatMap(variablesIn)) {
    const roles = rolesOf(placed, setting);
    if (roles.length === 0) continue;
    if (setting.value === undefined) findings.push(template(setting));
    else if (setting.value === hidden) findings.push(...secretOf(placed, setting, { needed, roles, secrets, add }));
    else {
      const flaws = plainValue(placed, setting, roles, add);
      if (flaws === 'no option') unknown.push(setting);
      else findings.push(...flaws);
    }
  }
  return { fits, secrets, findings: [...findings, ...noOptions(unknown, placed.system.name)] };
}

type Add = (fit: Fit, setting: Setting) => void;

/** A block of environment variables becomes its variables */
function variablesIn(setting: Setting): readonly Setting[] {
  const { name, value } = setting;
  if (!variableBlocks.test(name) || typeof value !== 'object' || value === null || Array.isArray(value))
    return [setting];
  return Object.entries(value).map(([variable, text]) => {
    const isSecret = isSecretName(variable) || (typeof text === 'string' && hasPassword(text));
    return { ...setting, name: variable, value: isSecret ? hidden : text, isVariable: true };
  });
}

function rolesOf({ roles }: Placed, { hosts }: Setting): readonly string[] {
  return Object.keys(roles).filter((role) => roles[role]?.some(({ name }) => hosts.includes(name)));
}

const template = ({ name, at }: Setting): Finding => ({
  ...{ kind: 'left', at, what: `${name} is computed when the playbook runs` },
  way: 'write what it is at `env`, if the application needs it',
});

interface SecretContext {
  needed: readonly string[];
  roles: readonly string[];
  secrets: Record<string, string>;
  add: Add;
}

function secretOf({ system }: Placed, setting: Setting, context: SecretContext): readonly Finding[] {
  const { needed, roles, secrets, add } = context;
  const name = camel(setting.name);
  const own = needed.find((one) => one.toLowerCase() === name.toLowerCase());
  if (own !== undefined) {
    secrets[own] = setting.name;
    return [];
  }
  const env = optionFields(system).fields.env;
  const isVariable = setting.isVariable ?? isVariableName(setting.name);
  const paths = isVariable ? variablePaths(env, setting.name, roles) : [];
  for (const path of paths) add({ path, value: { secret: name } }, setting);
  if (paths.length > 0) {
    secrets[name] = setting.name;
    return [];
  }
  const what = `${setting.name} is a secret that ${system.name} does not ask for under this name`;
  const way = `if the application needs it: env: { NAME: { secret: ${name} } }`;
  return [{ kind: 'left', at: setting.at, what, ...(env !== undefined && { way }) }];
}

function plainValue(
  { system }: Placed,
  setting: Setting,
  roles: readonly string[],
  add: Add,
): readonly Finding[] | 'no option' {
  const { name, value, at } = setting;
  const { fields } = optionFields(system);
  const isVariable = setting.isVariable ?? isVariableName(name);
  const option = setting.option ?? (isVariable ? undefined : optionNamed(name, { system: system.name, roles }, fields));
  const schema = option === undefined ? undefined : fields[option];
  if (option !== undefined && schema) {
    const fit = fitted(option, schema, value, roles);
    if ('path' in fit) {
      add(fit, setting);
      return [];
    }
    const shown = typeof value === 'string' && value.length < 80 ? ` (${value})` : '';
    return [{ kind: 'left', at, what: `${name}${shown} can not be ${option} of ${system.name}: it ${fit.flaw}` }];
  }
  const isPlain = ['string', 'number', 'boolean'].includes(typeof value);
  const paths = isVariable && isPlain ? variablePaths(fields.env, name, roles) : [];
  for (const path of paths) add({ path, value: `${value}` }, setting);
  if (paths.length > 0) return [];
  return 'no option';
}

/** One finding for each file */
function noOptions(settings: readonly Setting[], system: string): readonly Finding[] {
  const files = [...new Set(settings.map(({ at }) => at.file))];
  return files.map((file) => {
    const own = settings.filter(({ at }) => at.file === file);
    const names = [...new Set(own.map(({ name, at }) => `${name} (line ${at.line})`))];
    return { kind: 'left', at: own[0]?.at ?? { file, line: 1 }, what: `no options of ${system}: ${names.join(', ')}` };
  });
}
