import { assemble, container, defineSystem, fields, machines, publicEdge, redisCache, ref, runs, z } from 'berth';

/** A page that counts its visitors in a Redis */
export default defineSystem({
  name: 'shop',
  options: z.strictObject({
    version: fields.version,
    domain: fields.domain,
    contact: fields.email,
    web: fields.machine,
    redis: fields.cache,
    uploads: fields.uploads,
  }),
  roles: { web: { slot: 0 }, redis: { slot: 1 } },
  pins: ['version'],
  secrets: () => ({}),
  local: {
    ...{ version: '1.0.0', domain: 'shop.localhost', contact: 'ops@shop.test' },
    ...{ web: { size: 'small', publish: { 443: 9443 } }, redis: { size: 'small', auth: false } },
  },
  blueprint({ version, domain, contact, web, redis, uploads }) {
    const tls = { kind: 'acme', contact, httpsPort: web.publish?.[443] ?? 443 } as const;
    const site = publicEdge({ role: 'web', sites: [{ domain, prefix: '/', service: 'page' }], tls, uploads });
    const page = container({
      name: 'page',
      image: `shop.test/page:${version}`,
      env: { VERSION: version, REDIS_HOST: ref('caches.redis.host') },
      port: 8000,
      healthPath: '/version',
    });
    return assemble({ system: 'shop', version, url: site.url, probe: { path: '/version' } }, [
      machines('web', web, { address: 'reserved' }),
      site,
      runs('web', page),
      redisCache({ name: 'redis', calledBy: 'web', why: 'the page counts its visitors', machine: redis }),
    ]);
  },
});
