import { copyFile, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { keyPair } from '../../../keyPair.ts';
import { withPorts } from '../../../model/ports.ts';
import { runLogged } from '../../../process/stage.ts';
import { type Place, projectName, stackExists, stackFile } from '../../../pulumi/place.ts';
import type { PreparedImages } from '../images/plan.ts';
import type { Ports } from './ports.ts';

const secretsKey = 'berth:secrets';
/** Key of a stack file with what was prepared on this computer, as `PreparedImages` has it */
export const preparedKey = 'berth:local';

const stackFileShape = z.looseObject({
  encryptionsalt: z.string().optional(),
  config: z.record(z.string(), z.unknown()).default({}),
});
type StackFile = z.infer<typeof stackFileShape>;

/** Generators of secrets that a local stack needs and nobody has to choose; each is generated once and kept */
const madeSecrets = ({ stack, project }: Place): SecretMakers => ({
  deployKey: () => keyPair(`${projectName(project)}-${stack}`).private,
});

/** Functions that return secrets, by name; called once for each secret that a stack does not have yet */
export type SecretMakers = Readonly<Record<string, () => string | Promise<string>>>;

export interface StackFileRequest {
  place: Place;
  /** Environment of the engine, from `engineEnvironment` */
  environment: NodeJS.ProcessEnv;
  /** Environment file that the user keeps; its content is copied */
  committed: string;
  /** @default the file has no system on local machines */
  images?: PreparedImages;
  /** Further secrets; each is set if it is missing */
  secrets?: SecretMakers;
  /** Whether a secret that was set is kept, by name. @default all are */
  keeps?: (name: string) => boolean;
  /** Ports of this computer in place of those of the committed file. @default its own */
  ports?: Ports;
  log: (line: string) => void;
}

/**
 * Writes a place's stack file: the committed file with the stack's generated secrets and prepared images. Creates the
 * stack if it is new, and rewrites the file only if its content changes.
 * @throws if the committed file is not a stack file, or the engine fails
 */
export async function writeStackFile(request: StackFileRequest): Promise<void> {
  const { place, committed, images, ports = new Map(), keeps = () => true } = request;
  const wanted = await read(committed);
  const config = z.record(z.string(), z.unknown()).parse(withPorts(wanted.config, ports));
  const current = await sealed(request, await readIfAny(stackFile(place)));
  const kept = Object.fromEntries(Object.entries(secretsOf(current)).filter(([name]) => keeps(name)));
  const content = stringify(
    {
      ...wanted,
      encryptionsalt: current.encryptionsalt,
      config: {
        ...config,
        [secretsKey]: { ...kept, ...secretsOf(wanted) },
        ...(images && { [preparedKey]: images }),
      },
    },
    { lineWidth: 0 },
  );
  await writeWhenChanged(stackFile(place), content);
}

/** Returns the current file with a salt and every secret; the engine is called only for what is missing */
async function sealed(request: StackFileRequest, current: StackFile | undefined): Promise<StackFile> {
  const { place, environment, log, secrets = {} } = request;
  const known = current ? secretsOf(current) : {};
  const makers: SecretMakers = { ...madeSecrets(place), ...secrets };
  const missing = Object.entries(makers).filter(([name]) => !(name in known));
  const isNew = !stackExists(place);
  if (current?.encryptionsalt && missing.length === 0 && !isNew) return current;

  // The engine writes a new stack's salt beside Pulumi.yaml only, so it runs in a temporary project, and the committed
  // file stays unchanged
  const folder = await mkdtemp(join(place.folder, place.stack, 'seal-'));
  const pulumi = (args: string[], input?: string): Promise<string> =>
    runLogged('pulumi', [...args, '--non-interactive'], {
      cwd: folder,
      env: environment,
      log,
      ...(input !== undefined && { input }),
      timeoutSeconds: 60,
    });
  try {
    const scratchFile = join(folder, `Pulumi.${place.stack}.yaml`);
    await writeFile(join(folder, 'Pulumi.yaml'), stringify({ name: projectName(place.project), runtime: 'nodejs' }));
    if (current) await copyFile(stackFile(place), scratchFile);
    if (isNew) await pulumi(['stack', 'init', place.stack, '--no-select']);
    for (const [name, make] of missing) {
      const path = `${secretsKey}[${JSON.stringify(name)}]`;
      await pulumi(['config', 'set', '--secret', '--path', path, '--stack', place.stack], await make());
    }
    return await read(scratchFile);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function secretsOf(file: StackFile): Record<string, unknown> {
  return z.record(z.string(), z.unknown()).default({}).parse(file.config[secretsKey]);
}

async function read(file: string): Promise<StackFile> {
  const text = await readFile(file, 'utf8');
  try {
    return stackFileShape.parse(parse(text) ?? {});
  } catch (error) {
    throw new Error(`${file} is not a stack file: ${error instanceof Error ? error.message : error}`);
  }
}

async function readIfAny(file: string): Promise<StackFile | undefined> {
  try {
    return await read(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

async function writeWhenChanged(file: string, content: string): Promise<void> {
  if ((await readFile(file, 'utf8').catch(() => undefined)) === content) return;
  const aside = `${file}.${process.pid}`;
  await writeFile(aside, content, { mode: 0o600 });
  await rename(aside, file);
}
