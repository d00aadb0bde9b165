/** Location of a stack's state */
export type Backend =
  | { kind: 's3'; bucket: string; region: string }
  | { kind: 'swift'; container: string; region: string; endpoint: string }
  | { kind: 'azure'; container: string; account: string }
  | { kind: 'file'; folder: string };

/** Returns the URL of a backend for `PULUMI_BACKEND_URL` */
export function backendUrl(backend: Backend): string {
  switch (backend.kind) {
    case 's3':
      return `s3://${backend.bucket}?region=${encodeURIComponent(backend.region)}`;
    case 'swift':
      // OpenStack addresses a container by path rather than by host name
      return `s3://${backend.container}?region=${encodeURIComponent(backend.region)}&endpoint=${backend.endpoint}&s3ForcePathStyle=true`;
    case 'azure':
      return `azblob://${backend.container}?storage_account=${encodeURIComponent(backend.account)}`;
    case 'file':
      return `file://${backend.folder}`;
  }
}

export const backendForms = [
  's3://<bucket>?region=<region>',
  's3://<container>?region=<region>&endpoint=https://s3.<region>.io.cloud.ovh.net&s3ForcePathStyle=true',
  'azblob://<container>?storage_account=<account>',
  'file://<absolute folder>',
] as const;

/**
 * Returns a backend's URL if it is valid
 * @throws where it is no such URL, or contains a password, which would appear in readable variables
 */
export function checkedBackend(url: string): string {
  const allowed = `allowed: ${backendForms.join(', ')}`;
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed && (parsed.username !== '' || parsed.password !== '')) {
    throw new Error(
      "the backend's URL contains credentials: remove them from it and set them as environment variables",
    );
  }
  if (!parsed || !['s3:', 'azblob:', 'file:'].includes(parsed.protocol)) {
    throw new Error(`"${url}" is not a backend: ${allowed}`);
  }
  if (parsed.protocol === 'file:' ? !/^file:\/\/[/~]/.test(url) : parsed.hostname === '') {
    throw new Error(`"${url}" lacks a location: ${allowed}`);
  }
  return url;
}

export const providerForms = [
  'passphrase',
  'awskms://alias/<name>?region=<region>',
  'azurekeyvault://<vault>.vault.azure.net/keys/<key>',
] as const;

/**
 * Returns a secrets provider if it is valid
 * @throws where it is none of the supported ones
 */
export function checkedProvider(provider: string): string {
  const known = provider === 'passphrase' || /^(awskms|azurekeyvault):\/{2,3}[^\s/]+/.test(provider);
  if (!known) throw new Error(`"${provider}" is not a secrets provider; allowed: ${providerForms.join(', ')}`);
  return provider;
}
