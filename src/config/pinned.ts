import type { Flaw } from './guide.ts';

const fullVersion = /^v?\d+\.\d+\.\d+(?:-[0-9A-Za-z][0-9A-Za-z.-]*)?$/;
const commitHash = /^[0-9a-f]{40}$/;
const digest = /^sha256:[0-9a-f]{64}$/;

/** Returns the reason why a version is not pinned to one release */
export function versionFlaw(value: string): Flaw | undefined {
  if (fullVersion.test(value) || commitHash.test(value)) return undefined;
  if (value === '') return { message: 'is empty' };
  if (/^v?\d+(?:\.\d+)?$/.test(value)) {
    const full = `${value}${'.0'.repeat(3 - value.split('.').length)}`;
    return {
      message: 'is a mutable tag: it changes with each release',
      fix: `name one release in full, such as ${full}`,
    };
  }
  if (/^[0-9a-f]{7,39}$/.test(value)) {
    return {
      message: 'is a shortened commit hash, which may become ambiguous',
      fix: `write all 40 digits: git rev-parse ${value}`,
    };
  }
  if (/^sha256:/i.test(value))
    return { message: 'names one image, and a version names several', fix: 'name the image in full: name@sha256:…' };
  if (/^v?\d+\.\d+\.\d+\+/.test(value))
    return { message: 'has build metadata (+…), which an image tag cannot hold', fix: 'write - for +' };
  if (/\s/.test(value)) return { message: 'has a space in it' };
  return {
    message: 'is a mutable tag: its image can change without a deployment',
    fix: 'name one release, such as 3.3.0',
  };
}

/** Returns the reason why an image reference is not pinned to one image */
export function imageFlaw(value: string): Flaw | undefined {
  const [named = '', pinned, ...rest] = value.split('@');
  if (value.includes('://')) return { message: 'has a scheme', fix: `write ${value.replace(/^[a-z]+:\/\//i, '')}` };
  if (rest.length > 0 || /\s/.test(value)) return { message: 'is not an image reference' };
  const slash = named.lastIndexOf('/');
  const colon = named.indexOf(':', slash + 1);
  const name = colon === -1 ? named : named.slice(0, colon);
  if (name !== name.toLowerCase())
    return { message: 'has capitals in its name, which registries refuse', fix: `write ${name.toLowerCase()}` };
  if (pinned !== undefined)
    return digest.test(pinned) ? undefined : { message: 'has a digest that is not sha256: and 64 hexadecimal digits' };
  if (colon === -1) return { message: 'has no tag, which means latest: a mutable tag', fix: `write ${name}:<version>` };
  const tag = named.slice(colon + 1);
  const flaw = versionFlaw(tag);
  return flaw && { ...flaw, message: `has the tag \`${tag}\`, which ${flaw.message}` };
}
