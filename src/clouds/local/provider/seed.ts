import { dump } from './tar.ts';

/** Cloud-init's NoCloud seed as an archive to be unpacked at the root of a machine that has not booted yet. */
export function seedArchive(instance: { id: string; hostname: string; userData: string }): Uint8Array {
  const folder = 'var/lib/cloud/seed/nocloud';
  // JSON is YAML
  const metaData = JSON.stringify({ 'instance-id': instance.id, 'local-hostname': instance.hostname });
  return dump([
    { path: `${folder}/meta-data`, mode: 0o644, text: `${metaData}\n` },
    { path: `${folder}/user-data`, mode: 0o600, text: instance.userData },
  ]);
}
