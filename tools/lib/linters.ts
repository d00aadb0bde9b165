import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { cacheFolder, checkout } from '../../src/paths.ts';
import { goBuild } from '../../src/process/goBuild.ts';
import { withLock } from '../../src/process/lock.ts';
import { maven } from '../../src/process/maven.ts';
import { runLogged } from '../../src/process/stage.ts';
import { writeClusterSchemas } from './clusterSchemas.ts';

type Log = (line: string) => void;

/** A program that checks or tests use and neither npm nor Debian has; once made, it lies in the cache */
interface Linter {
  name: string;
  /** The files below tools/linters that pin it */
  pins: readonly string[];
  /** Makes `<folder>/bin/<name>`, or what `gives` says */
  make(folder: string, log: Log): Promise<void>;
  /** What it is in its folder. @default bin/<name> */
  gives?: string;
}

const pinned = (file: string): string => join(checkout, 'tools', 'linters', file);

/**
 * A program that is compiled from a pinned Go module
 * @param folder with its go.mod and go.sum, below tools/linters
 * @param own files of a program of our own in that folder, and tags of the build
 */
const compiled = (
  name: string,
  folder: string,
  main: string,
  { source = [], tags = '' }: { source?: readonly string[]; tags?: string } = {},
): Linter => ({
  name,
  pins: ['go.mod', 'go.sum', ...source].map((file) => join(folder, file)),
  async make(target, log) {
    // Go may complete go.mod while it builds, so it works on a copy: no check leaves a changed file in the checkout
    const workspace = await mkdtemp(join(tmpdir(), 'berth-linter-'));
    try {
      await mkdir(join(target, 'bin'), { recursive: true });
      for (const file of this.pins) await copyFile(pinned(file), join(workspace, basename(file)));
      const output = ['-o', join(target, 'bin', name), main];
      await runLogged('go', ['build', '-mod=mod', '-trimpath', `-tags=${tags}`, '-ldflags=-s -w', ...output], {
        cwd: workspace,
        env: goBuild(),
        log,
        timeoutSeconds: 600,
      });
    } finally {
      await rm(workspace, { recursive: true, force: true });
    }
  },
});

/** Installs wheels whose sums are pinned, in one folder for each file of pins; their modules need it as their path */
const wheels = (name: string, pins: string): Linter => ({
  name,
  pins: [pins],
  async make(folder, log) {
    const strict = ['--require-hashes', '--only-binary', ':all:', '--no-deps', '--disable-pip-version-check'];
    const words = ['-m', 'pip', 'install', '--quiet', '--target', folder, ...strict, '-r', pinned(pins)];
    await runLogged('python3', words, { log, timeoutSeconds: 900 });
  },
});

/**
 * Installs npm's packages that a lock file pins; none of their scripts is run
 * @param optional whether it needs its optional packages, such as programs for this computer's processor
 */
const packages = (name: string, folder: string, optional = false): Linter => ({
  name,
  pins: ['package.json', 'package-lock.json'].map((file) => join(folder, file)),
  gives: join('node_modules', '.bin', name),
  async make(target, log) {
    await mkdir(target, { recursive: true });
    for (const file of this.pins) await copyFile(pinned(file), join(target, basename(file)));
    const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
    const words = ['ci', '--ignore-scripts', ...(optional ? [] : ['--omit=optional']), ...quiet];
    await runLogged('npm', words, { cwd: target, log, timeoutSeconds: 300 });
  },
});

/** Compiles a program of a crate; its pins are words of `cargo install`, and the crate brings its own lock file */
const crate = (name: string, pins: string): Linter => ({
  name,
  pins: [pins],
  async make(folder, log) {
    const words = readFileSync(pinned(pins), 'utf8').trim().split(/\s+/);
    const only = ['--locked', '--quiet', '--bin', name, '--root', folder];
    await runLogged('cargo', ['install', ...only, ...words], { log, timeoutSeconds: 900 });
  },
});

/** Downloads the jars that a Maven project names and those that they need, each with its pinned sum */
const jars = (name: string, folder: string): Linter => ({
  name,
  pins: ['pom.xml', 'sums.txt'].map((file) => join(folder, file)),
  gives: 'jars',
  async make(target, log) {
    const [project = '', sums = ''] = this.pins.map(pinned);
    const place = join(target, 'jars');
    await maven(
      `${name} is made of jars`,
      ['copy-dependencies', '-f', project, `-DoutputDirectory=${place}`, '-DincludeScope=runtime'],
      { log },
    );
    await runLogged('sha256sum', ['--check', '--strict', '--quiet', sums], { cwd: place, log });
    const summed = readFileSync(sums, 'utf8');
    const others = (await readdir(place)).filter((jar) => !summed.includes(`  ${jar}\n`));
    if (others.length > 0) throw new Error(`${sums} has no sum of ${others.join(', ')}: add what sha256sum says`);
  },
});

const linters = {
  actionlint: compiled('actionlint', '.', 'github.com/rhysd/actionlint/cmd/actionlint'),
  // Tests run the scripts of load/ with it
  k6: compiled('k6', 'k6', 'go.k6.io/k6'),
  // Tests check the objects of a cluster with it, against the schemas
  kubeconform: compiled('kubeconform', 'kubeconform', 'github.com/yannh/kubeconform/cmd/kubeconform'),
  clusterSchemas: {
    name: 'cluster-schemas',
    pins: ['kubernetes.json'],
    gives: 'deployment-apps-v1.json',
    make: async (folder) => writeClusterSchemas(readFileSync(pinned('kubernetes.json'), 'utf8'), folder),
  } satisfies Linter,
  // Debian's has no Azure. The tag is that of its official programs
  restic: compiled('restic', 'restic', 'github.com/restic/restic/cmd/restic', { tags: 'disable_grpc_modules' }),
  // The engine's plugin of OpenStack, where the genuine one can't be downloaded
  'pulumi-resource-openstack': compiled('pulumi-resource-openstack', 'openstack', '.', { source: ['main.go'] }),
  // What `npm run bench -- peers` compares releases with
  ansible: { ...wheels('ansible', 'ansible.txt'), gives: join('bin', 'ansible-playbook') },
  // Asked each night of what Go modules are known for
  govulncheck: compiled('govulncheck', 'govulncheck', 'golang.org/x/vuln/cmd/govulncheck'),
  zizmor: wheels('zizmor', 'zizmor.txt'),
  // Tests keep backups in these two
  'swift-proxy-server': wheels('swift', 'swift.txt'),
  'azurite-blob': packages('azurite-blob', 'azurite'),
  // Tests carry out what is declared for AWS against it
  moto_server: wheels('aws', 'aws.txt'),
  // Tests compare what is declared for Azure with its models
  azure: { ...wheels('azure', 'azure.txt'), gives: join('azure', 'mgmt') },
  // Builds the documentation's site
  vitepress: packages('vitepress', 'docs', true),
  // Draws the flame graph of `npm run bench -- profile`
  'inferno-flamegraph': crate('inferno-flamegraph', 'inferno.txt'),
  // Apache's own server, to which tests ship logs
  kafka: jars('kafka', 'kafka'),
  // A mail server for a test of who is told
  aiosmtpd: wheels('aiosmtpd', 'mail.txt'),
  ...{
    mypy: wheels('python', 'python.txt'),
    ruff: wheels('python', 'python.txt'),
    pytest: wheels('python', 'python.txt'),
  },
} as const;

type Name = keyof typeof linters;

/**
 * Gives a linter's path. It is made at the first call, and again when its pins change.
 * @throws when what makes it (Go, npm, Python's pip, Maven, Rust's cargo) is missing or fails
 */
export async function linter(name: Name, log: Log): Promise<string> {
  const { folder, program } = placeOf(name);
  if (existsSync(program)) return program;
  await withLock(`${folder}.lock`, log, async () => {
    if (existsSync(program)) return;
    const aside = `${folder}.${process.pid}`;
    try {
      await linters[name].make.call(linters[name], aside, log);
      await rename(aside, folder);
    } finally {
      await rm(aside, { recursive: true, force: true });
    }
  });
  return program;
}

/** Gives the path of a linter that has been made, or nothing */
export function madeLinter(name: Name): string | undefined {
  const { program } = placeOf(name);
  return existsSync(program) ? program : undefined;
}

/** A linter and its folder in the cache: another one as soon as its pins change */
function placeOf(name: Name): { folder: string; program: string } {
  const { name: place, pins, gives = join('bin', name) }: Linter = linters[name];
  const key = createHash('sha256').update(`${process.platform} ${process.arch}`);
  for (const file of pins) key.update(readFileSync(pinned(file)));
  const folder = join(cacheFolder(), 'linters', `${place}-${key.digest('hex').slice(0, 12)}`);
  return { folder, program: join(folder, gives) };
}
