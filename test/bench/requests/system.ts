import { assemble, container, defineSystem, fields, machines, publicEdge, runs, z } from 'berth';

const kinds = ['traefik', 'nginx'] as const;

/** One application behind each of the two proxies, each on a machine of its own */
export default defineSystem({
  name: 'traffic',
  options: z.strictObject({
    version: fields.version,
    contact: fields.email,
    traefik: fields.machine,
    nginx: fields.machine,
    uploads: fields.uploads,
  }),
  roles: { traefik: { slot: 0 }, nginx: { slot: 1 } },
  pins: ['version'],
  secrets: () => ({}),
  local: {
    ...{ version: '1.0.0', contact: 'ops@traffic.test' },
    ...{ traefik: { size: 'small', publish: { 443: 9461 } }, nginx: { size: 'small', publish: { 443: 9462 } } },
  },
  blueprint(options) {
    const { version, contact, uploads } = options;
    const edges = kinds.map((role) =>
      publicEdge({
        role,
        kind: role,
        sites: [{ domain: `${role}.localhost`, prefix: '/', service: 'app' }],
        tls: { kind: 'acme', contact, httpsPort: options[role].publish?.[443] ?? 443 },
        uploads,
      }),
    );
    const app = container({
      name: 'app',
      image: 'traffic.test/app:1.0.0',
      env: { VERSION: version },
      port: 8000,
      healthPath: '/version',
      stopSeconds: 30,
    });
    return assemble({ system: 'traffic', version, url: edges[0]?.url ?? '', probe: { path: '/version' } }, [
      ...kinds.map((role) => machines(role, options[role], { address: 'reserved' })),
      ...edges,
      ...kinds.map((role) => runs(role, app)),
    ]);
  },
});
