import { clouds } from '../../clouds/registry.ts';
import type { SystemOutputs } from '../outputs.ts';

/** Where a system says its version, and who is asked */
export interface Site {
  url: URL;
  /** Asked instead of whom the name resolves to: a local system's name is in no DNS */
  address?: string;
}

/** @param name one of its further names; @default the URL's own */
export function siteOf({ cloud, url, probe, records }: SystemOutputs, name?: string): Site {
  const probed = new URL(probe.path, url);
  if (name !== undefined) probed.hostname = name;
  if (!clouds[cloud]?.capabilities.onThisComputer) return { url: probed };
  // A port of its own is one that this computer shows; browsers take every name in .localhost for this computer
  const published = probed.port !== '' || probed.hostname.endsWith('.localhost');
  const record = records.find(({ name }) => name === probed.hostname);
  return { url: probed, address: published || !record ? '127.0.0.1' : record.value };
}
