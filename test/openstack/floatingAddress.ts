import { z } from 'zod';
import type { Api } from './api.ts';

const networks = z.object({ networks: z.array(z.object({ id: z.string() })).length(1) });
const floating = z.object({ floatingip: z.object({ floating_ip_address: z.string() }) });

async function outside(api: Api): Promise<string> {
  const { networks: found } = networks.parse(await api.get('network', '/v2.0/networks?name=Ext-Net'));
  return found[0]?.id ?? '';
}

/** Reserves a floating address, as `openstack floating ip create Ext-Net` does */
export async function floatingAddress(api: Api): Promise<string> {
  const body = { floatingip: { floating_network_id: await outside(api) } };
  return floating.parse(await api.send('POST', 'network', '/v2.0/floatingips', body)).floatingip.floating_ip_address;
}
