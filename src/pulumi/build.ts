import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder, checkout } from '../paths.ts';
import { goBuild } from '../process/goBuild.ts';
import { together } from '../process/interrupt.ts';
import { runLogged } from '../process/stage.ts';

interface Binary {
  name: string;
  package: string;
  /** Folder below pins/ with the go.mod and go.sum that pin all dependencies */
  module: string;
  flags: readonly string[];
}

// Separate modules: the newest published language host requires older packages than the CLI
const binaries: readonly Binary[] = [
  {
    name: 'pulumi',
    package: 'github.com/pulumi/pulumi/pkg/v3/cmd/pulumi',
    module: 'cli',
    flags: [
      '-tags=osusergo,grpcnotrace',
      '-ldflags=-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v3.259.0',
    ],
  },
  {
    name: 'pulumi-language-nodejs',
    package: 'github.com/pulumi/pulumi/sdk/nodejs/cmd/pulumi-language-nodejs/v3',
    module: 'language-nodejs',
    flags: ['-ldflags=-s -w'],
  },
];

/** Returns the folder of the pinned engine, whether it is built or not; its `bin` has the binaries */
export function builtEngineFolder(): string {
  const pins = createHash('sha256').update(JSON.stringify([binaries, process.platform, process.arch]));
  for (const file of binaries.flatMap(({ module }) => pinFiles(module))) pins.update(readFileSync(file));
  return join(cacheFolder(), `engine-${pins.digest('hex').slice(0, 16)}`);
}

/**
 * Builds the CLI and the Node.js language host into `builtEngineFolder()`, which is created only once both are
 * complete
 * @throws if Go is not installed or a build fails
 */
export async function buildEngine(log: (line: string) => void): Promise<void> {
  const target = builtEngineFolder();
  const aside = `${target}.${process.pid}`;
  try {
    await mkdir(join(aside, 'bin'), { recursive: true });
    await together(binaries.map((binary) => build(binary, join(aside, 'bin'), log)));
    await rename(aside, target).catch((error: NodeJS.ErrnoException) => {
      // Another process has built the same engine meanwhile
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

async function build(binary: Binary, outputFolder: string, log: (line: string) => void): Promise<void> {
  await requireGo(log);
  // Go updates go.mod during the build, so it runs on a copy: the set-up must not change files of the checkout
  const workspace = await mkdtemp(join(tmpdir(), 'berth-engine-'));
  try {
    for (const file of ['go.mod', 'go.sum']) {
      await copyFile(join(moduleFolder(binary.module), file), join(workspace, file));
    }
    await runLogged(
      'go',
      ['build', '-mod=mod', '-trimpath', ...binary.flags, '-o', join(outputFolder, binary.name), binary.package],
      {
        cwd: workspace,
        env: goBuild(),
        log: (line) => log(`${binary.name}: ${line}`),
      },
    );
  } finally {
    await rm(workspace, { recursive: true, force: true });
  }
}

async function requireGo(log: (line: string) => void): Promise<void> {
  try {
    await runLogged('go', ['version'], { log });
  } catch {
    throw new Error(
      "the Pulumi engine can't be downloaded, and building it needs Go 1.26 or newer on PATH: install Pulumi (https://www.pulumi.com/docs/install/) or Go (https://go.dev/dl/)",
    );
  }
}

function pinFiles(module: string): string[] {
  return ['go.mod', 'go.sum'].map((file) => join(moduleFolder(module), file));
}

function moduleFolder(module: string): string {
  return join(checkout, 'src', 'pulumi', 'pins', module);
}
