import { assemble, container, defineSystem, fields, machines, runs, z } from 'berth';

const { fleet } = fields;
const options = z.strictObject({
  ...{ version: fields.version, api: fleet, web: fleet, worker: fleet, admin: fleet, feed: fleet },
});
const roles = ['api', 'web', 'worker', 'admin', 'feed'] as const;

/** A product of five roles that are alike, one pod each */
export const product = (name: string) =>
  defineSystem({
    ...{ name, options, pins: ['version'] },
    roles: Object.fromEntries(roles.map((role, slot) => [role, { slot }])),
    secrets: () => ({}),
    blueprint: ({ version, ...of }) =>
      assemble(
        { system: name, version, url: 'https://product.test', probe: { path: '/version' } },
        roles.flatMap((role) => {
          const image = `product.test/${role}:${version}`;
          return [
            machines(role, of[role], { address: 'public' }),
            runs(role, container({ name: role, image, port: 8000, healthPath: '/version' })),
          ];
        }),
      ),
  });
