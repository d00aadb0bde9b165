import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { everyImage } from '../../../src/cli/local/wanted.ts';
import type { PreparedImages } from '../../../src/clouds/local/images/plan.ts';
import { prepareComputer } from '../../../src/clouds/local/setUp/prepare.ts';
import { keyPair } from '../../../src/keyPair.ts';
import { checkout, generated } from '../../../src/paths.ts';
import { createProgress } from '../../../src/process/progress.ts';
import { type Place, stackFile, stateFile } from '../../../src/pulumi/place.ts';
import { type Run, run } from '../stack.ts';

/** A stack of cloud `existing`: Basegun on an existing machine */
export interface ExistingStack {
  name: string;
  place: Place;
  environment: NodeJS.ProcessEnv;
  images: PreparedImages;
  /** Public key of the deploy key */
  deployKey: string;
  /** Its private key */
  privateKey: string;
  /**
   * Writes the machine's entry and the operators' networks into the stack file
   * @param own options of the system that differ. @default none
   */
  configure(host: Record<string, unknown>, operators: readonly string[], own?: Record<string, unknown>): Promise<void>;
  up(...words: string[]): Promise<Run>;
  pulumi(command: string, ...words: string[]): Promise<Run>;
  /** Returns the types of all resources in the state */
  resourceTypes(): Promise<string[]>;
  remove(): Promise<void>;
}

const given = {
  uploadsAccessKey: 'the-access-key',
  uploadsSecretKey: 'the-secret-key',
  appPassword: 'the-log-password',
};

/** @param images production images that are prepared. @default every image that has a stand-in */
export async function existingStack(images?: ReadonlySet<string>): Promise<ExistingStack> {
  const folder = await mkdtemp(join(tmpdir(), 'berth-e2e-'));
  const place: Place = { stack: `e2e-${randomBytes(3).toString('hex')}`, folder, project: checkout };
  const committed = join(folder, 'environment.yaml');
  const keys = keyPair('deploy');
  await writeFile(committed, stringify({ config: {} }));
  const progress = createProgress(join(generated, 'logs', place.stack), { write: () => true });
  const secrets = Object.entries(given).map(([name, value]) => [`basegun/${name}`, value]);
  const wanted = { ...everyImage, ...(images && { images }) };
  const prepared = await prepareComputer(place, progress, committed, wanted, {
    deployKey: keys.private,
    ...Object.fromEntries(secrets),
  });
  const file = stackFile(place);
  const sealed = parse(await readFile(file, 'utf8')) as { config: Record<string, unknown> };
  const pulumi = (command: string, ...words: string[]) => {
    const config = ['up', 'preview', 'destroy'].includes(command) ? ['--config-file', file] : [];
    return run('pulumi', [command, ...words, '--stack', place.stack, ...config], prepared.environment);
  };
  const state = async () => JSON.parse(await readFile(stateFile(place), 'utf8'));
  return {
    name: place.stack,
    place,
    environment: prepared.environment,
    images: prepared.images,
    deployKey: keys.public,
    privateKey: keys.private,
    pulumi,
    configure: (host, operators, own = {}) =>
      writeFile(
        file,
        stringify({
          ...sealed,
          config: { ...environment(host, operators, own), 'berth:secrets': sealed.config['berth:secrets'] },
        }),
      ),
    up: (...words) => pulumi('up', '--yes', '--skip-preview', '--non-interactive', ...words),
    resourceTypes: async () => (await state()).checkpoint.latest.resources.map(({ type }: { type: string }) => type),
    async remove() {
      await pulumi('destroy', '--yes', '--skip-preview', '--non-interactive');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const environment = (host: Record<string, unknown>, operators: readonly string[], own: Record<string, unknown>) => ({
  'berth:operators': { networks: operators, sshPublicKeys: [operatorKey] },
  'berth:clouds': {
    existing: {
      // Documentation addresses, which never answer
      buckets: { uploads: { endpoint: 'http://192.0.2.10:7070', region: 'eu', bucket: 'basegun-uploads' } },
      logStreams: { app: { scheme: 'http', host: '192.0.2.11', username: 'shipper' } },
    },
  },
  'berth:systems': {
    basegun: {
      cloud: 'existing',
      version: '3.3.0',
      domain: 'basegun.localhost',
      tls: 'upstream',
      gatewayNetworks: operators,
      web: { hosts: [host] },
      ...own,
    },
  },
});

const operatorKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICAhIiMkJSYnKCkqKywtLi8wMTIzNDU2Nzg5Ojs8PT4/ ops';
