import { Command } from 'commander';

export const pinCommand = (): Command =>
  new Command('pin')
    .summary('write the digests of images into an environment file')
    .description(
      "ask the registries for the digests of a stack's images, and write them into berth:images of Pulumi.<stack>.yaml",
    )
    .argument('<stack>', 'the environment, for example prod')
    .argument('[system...]', 'only the images of these systems (default: all)')
    .option('--check', 'write nothing; the exit code is 1 where berth pin would change the file')
    .addHelpText('after', details)
    .action(pin);

const details = `
Machines and pods then run name:tag@sha256:…, so that a tag that leads to another image one day changes nothing. A tag that
has moved is told, with both digests; an image that no system uses any more loses its entry. The rest of the file stays as
written. For an image that is made for several kinds of processor it is the digest of its index.

Registries are asked with the logins of the environment file (registries:, berth:registries); the engine decrypts their
passwords. Images of systems on this computer are left alone: stand-ins run in their place.

Where berth:signers names the public key of who signs an image, its digest is written only if cosign's signature of it is
beside the image; \`berth deploy\` looks for it again before it begins.

Examples:
  $ berth set-version prod basegun 3.4.0 && berth pin prod
  $ berth pin prod --check`;

async function pin(stack: string, names: readonly string[], { check = false }: { check?: boolean }): Promise<void> {
  const { join } = await import('node:path');
  const { readFileSync, writeFileSync } = await import('node:fs');
  const { findProject } = await import('../config/file.ts');
  const { loadOffline, stackInput } = await import('./environment.ts');
  const { changeLines, changesAny, pinChanges } = await import('./pin/changes.ts');
  const { elsewhere, resolvedDigests, taggedImages } = await import('./pin/resolve.ts');
  const { stackLogins } = await import('./pin/logins.ts');
  const { withImages } = await import('./pin/text.ts');
  const { unknownName } = await import('./unknownName.ts');
  const input = stackInput(stack);
  const { environment, systems } = loadOffline(input);
  const known = systems.map(({ blueprint }) => blueprint.system);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw unknownName(input.source, 'system', unknown, known);
  const all = elsewhere(systems);
  const chosen = all.filter(({ blueprint }) => names.length === 0 || names.includes(blueprint.system));
  const digests = await resolvedDigests(chosen, environment, stackLogins(stack, environment)).catch((error: Error) => {
    throw new Error(`${error.message}\n${check ? 'nothing was compared' : `${input.source} was not changed`}`);
  });
  const changes = pinChanges(environment.images ?? {}, digests, new Set(taggedImages(all, environment)));
  for (const line of changeLines(changes)) console.log(line);
  const count = Object.keys(changes.images).length;
  const images = count === 1 ? '1 image' : `${count} images`;
  if (!changesAny(changes)) {
    console.log(`${input.source}: ${images} by digest, as the registries have them`);
    return;
  }
  if (check) {
    console.log(`${input.source} is not up to date: npx berth pin ${input.stack} writes it`);
    process.exitCode = 1;
    return;
  }
  const file = join(findProject(process.cwd()), input.source);
  writeFileSync(file, withImages(readFileSync(file, 'utf8'), changes.images));
  console.log(`${input.source}: ${images} by digest: commit it, then deploy`);
}
