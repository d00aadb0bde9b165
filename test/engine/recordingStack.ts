import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkout } from '../../src/paths.ts';
import { answers, credentials, functions, type Stack } from '../stack/samples.ts';
import { type Command, type EngineRun, operations, type Project, temporaryProject } from './engine.ts';
import { type Call, type RecordingProviders, recordingProviders } from './recording.ts';

/** What each cloud's machines are, and what can't be changed of one in place: every new value makes another machine */
export const machines = {
  openstack: { type: 'openstack:compute/instance:Instance', fixed: ['imageId', 'userData', 'keyPair', 'name'] },
  azure: {
    type: 'azure-native:compute:VirtualMachine',
    fixed: ['osProfile', 'storageProfile', 'vmName', 'location'],
  },
  aws: { type: 'aws:ec2/instance:Instance', fixed: ['ami', 'userDataBase64', 'keyName', 'privateIp', 'subnetId'] },
} as const;

/** What can't be changed in place of what may be imported */
const fixedInputs = {
  'openstack:networking/subnet:Subnet': ['networkId', 'cidr'],
  'openstack:networking/routerInterface:RouterInterface': ['routerId', 'subnetId'],
  'openstack:networking/floatingIp:FloatingIp': ['pool', 'address'],
  'openstack:blockstorage/volume:Volume': ['availabilityZone', 'imageId'],
  'openstack:objectstorage/container:Container': ['name', 'region'],
  'aws:ec2/eip:Eip': ['domain'],
  'aws:ebs/volume:Volume': ['availabilityZone', 'encrypted'],
  'aws:ec2/vpc:Vpc': ['cidrBlock'],
  'aws:s3/bucket:Bucket': ['bucket'],
  'azure-native:network:PublicIPAddress': ['publicIpAddressName', 'resourceGroupName', 'location'],
  'azure-native:network:VirtualNetwork': ['virtualNetworkName', 'resourceGroupName', 'location'],
  'azure-native:compute:Disk': ['diskName', 'resourceGroupName', 'location'],
  'azure-native:storage:StorageAccount': ['accountName', 'resourceGroupName', 'location'],
  'azure-native:storage:BlobContainer': ['containerName', 'accountName', 'resourceGroupName'],
};

/** The real program on the real engine, with providers that only record */
export interface RecordingStack {
  project: Project;
  providers: RecordingProviders;
  run(command: Command, stack: Stack, ...args: string[]): Promise<RecordedRun>;
  /** Runs the engine as a person does, without its log; gives the seconds that it took */
  timed(command: Command, stack: Stack): Promise<number>;
  /** What the engine runs in, for who runs it otherwise */
  environment(): NodeJS.ProcessEnv;
  /** The part of it that is about clouds: their credentials, and the providers that record */
  attached(): Record<string, string>;
  /** Makes the stack's file say this, for who runs the engine otherwise */
  write(stack: Stack): Promise<void>;
  remove(): Promise<void>;
}

export interface RecordedRun {
  run: EngineRun;
  /** What providers did, in order */
  done: readonly Call[];
  /** What the engine did with each resource, by name, as far as it did anything */
  changed: Readonly<Record<string, string>>;
}

/** As an ES module: the checkout's */
export const theProgram = `export { default } from ${JSON.stringify(join(checkout, 'src/start/program.js'))};\n`;

/** What isn't recorded, but really asked of a cloud */
export interface Genuine {
  /** Packages whose providers are not replaced */
  packages: readonly string[];
  /** Their plugins: executables by name and version */
  plugins: Record<string, string>;
  /** Variables with which they log in */
  credentials: Record<string, string>;
}

const everything = ['openstack', 'ovh', 'azure-native', 'aws', 'tls', 'command'];

/**
 * Makes a temporary project with them
 * @param genuine what isn't recorded. @default every provider only records
 */
export async function recordingStack(genuine?: Genuine): Promise<RecordingStack> {
  const project = await temporaryProject(genuine?.plugins ?? {});
  await project.program(theProgram);
  const file = join(project.folder, 'Pulumi.test.yaml');
  const salt = await readFile(file, 'utf8');
  const providers = await recordingProviders({
    packages: everything.filter((name) => !genuine?.packages.includes(name)),
    ...{ answers, functions },
    replaceOn: {
      ...Object.fromEntries(Object.values(machines).map(({ type, fixed }) => [type, fixed])),
      ...fixedInputs,
    },
  });
  const env = () => ({ ...credentials, ...genuine?.credentials, PULUMI_DEBUG_PROVIDERS: providers.attach });
  const write = ({ config }: Stack) => writeFile(file, `${salt}\nconfig: ${JSON.stringify(config)}\n`);
  return {
    ...{ project, providers, write },
    environment: () => ({ ...project.environment, ...env() }),
    attached: env,
    async run(command, stack, ...args) {
      await write(stack);
      const run = await project.run(command, { args, env: env() });
      const changed = Object.entries(operations(run)).filter(([, operation]) => operation !== 'same');
      return { run, done: providers.calls.splice(0), changed: Object.fromEntries(changed) };
    },
    async timed(command, stack) {
      await write(stack);
      const { code, output, seconds } = await project.run(command, { env: env(), logged: false });
      if (code !== 0) throw new Error(`the ${command} failed:\n${output}`);
      return seconds;
    },
    async remove() {
      providers.stop();
      await project.remove();
    },
  };
}
