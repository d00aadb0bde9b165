import { assemble, container, defineSystem, fields, machines, runs, z } from 'berth';

/** A product of machines that are alike, and that nobody calls: what a machine costs, and nothing else */
export const fleet = (name: string) =>
  defineSystem({
    name,
    options: z.strictObject({ version: fields.version, web: fields.fleet }),
    roles: { web: { slot: 0 } },
    pins: ['version'],
    secrets: () => ({}),
    blueprint({ version, web }) {
      const service = container({
        name: 'page',
        image: `fleet.test/page:${version}`,
        port: 8000,
        healthPath: '/version',
      });
      return assemble({ system: name, version, url: 'https://fleet.test', probe: { path: '/version' } }, [
        machines('web', web, { address: 'public' }),
        runs('web', service),
      ]);
    },
  });
