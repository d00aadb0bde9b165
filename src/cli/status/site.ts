import { clouds } from '../../clouds/registry.ts';
import type { SystemOutputs } from '../outputs.ts';

/** URL of a system's version, and the server to ask */
export interface SiteTarget {
  url: URL;
  /** Server address, where the name is in no DNS, as on local machines */
  address?: string;
}

/**
 * Returns the site of a system
 * @param name one of its other names. @default the URL's own
 */
export function siteOf({ cloud, url, probe, records }: SystemOutputs, name?: string): SiteTarget {
  const probed = new URL(probe.path, url);
  if (name !== undefined) probed.hostname = name;
  if (!clouds[cloud]?.capabilities.onThisComputer) return { url: probed };
  // A special port is published on this computer; browsers resolve every name in .localhost to this computer
  const published = probed.port !== '' || probed.hostname.endsWith('.localhost');
  const record = records.find(({ name }) => name === probed.hostname);
  return { url: probed, address: published || !record ? '127.0.0.1' : record.value };
}
