import { z } from 'zod';
import type { Api } from './api.ts';

const networks = z.object({ networks: z.array(z.object({ id: z.string() })).length(1) });
const port = z.object({ port: z.object({ fixed_ips: z.array(z.object({ ip_address: z.string() })) }) });
const floating = z.object({ floatingip: z.object({ floating_ip_address: z.string() }) });

async function outside(api: Api): Promise<string> {
  const { networks: found } = networks.parse(await api.get('network', '/v2.0/networks?name=Ext-Net'));
  return found[0]?.id ?? '';
}

/** Reserves an address of the public network, as `openstack port create --network Ext-Net <name>` does */
export async function reservedPort(api: Api, name: string): Promise<{ address: string }> {
  const body = { port: { network_id: await outside(api), name } };
  const { fixed_ips: addresses } = port.parse(await api.send('POST', 'network', '/v2.0/ports', body)).port;
  return { address: addresses.map((each) => each.ip_address).find((each) => !each.includes(':')) ?? '' };
}

/** Reserves a floating address, as `openstack floating ip create Ext-Net` does */
export async function floatingAddress(api: Api): Promise<string> {
  const body = { floatingip: { floating_network_id: await outside(api) } };
  return floating.parse(await api.send('POST', 'network', '/v2.0/floatingips', body)).floatingip.floating_ip_address;
}
