import { dump } from './tar.ts';

/** Returns cloud-init's NoCloud seed as an archive to unpack at the root of a machine before its first boot */
export function seedArchive(instance: { id: string; hostname: string; userData: string }): Uint8Array {
  const folder = 'var/lib/cloud/seed/nocloud';
  // JSON is valid YAML
  const metaData = JSON.stringify({ 'instance-id': instance.id, 'local-hostname': instance.hostname });
  return dump([
    { path: `${folder}/meta-data`, mode: 0o644, text: `${metaData}\n` },
    { path: `${folder}/user-data`, mode: 0o600, text: instance.userData },
  ]);
}
