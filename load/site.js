// Which sites the load goes to, by the outputs of a stack (`pulumi stack output --json`):
//   OUTPUTS  file with the outputs, as an absolute path
//   SYSTEM   one of its systems. Default: all
import http from 'k6/http';

if (!__ENV.OUTPUTS) throw new Error('name the outputs of a stack: -e OUTPUTS=$PWD/outputs.json');

const { systems = {} } = JSON.parse(open(__ENV.OUTPUTS));

const chosen = Object.entries(systems).filter(([name]) => !__ENV.SYSTEM || name === __ENV.SYSTEM);
if (chosen.length === 0)
  throw new Error(`the outputs have no system ${__ENV.SYSTEM || ''}: they have ${Object.keys(systems).join(', ')}`);

/** The name of a system, its page, and the address of its version */
export const sites = chosen.map(([system, { url, version, probe }]) => ({
  system,
  version,
  page: url,
  probe: `${url.replace(/\/$/, '')}${probe.path}`,
  tellsVersion: probe.tellsVersion !== false,
}));

const hostOf = (url) => url.replace(/^https?:\/\//, '').replace(/[:/].*$/, '');
// Names in .localhost are this computer, whose certificate authority nobody trusts
const here = sites.map(({ page }) => hostOf(page)).filter((host) => host.endsWith('.localhost'));

/** Options of every script */
export const common = {
  hosts: Object.fromEntries(here.map((host) => [host, '127.0.0.1'])),
  insecureSkipTLSVerify: here.length === sites.length,
  userAgent: 'berth load',
  summaryTrendStats: ['med', 'p(95)', 'p(99)', 'max'],
};

/** A scenario in which visitors come at the rates of its stages, whether the former are served or not */
export const arrivals = (own) => ({
  visitors: { executor: 'ramping-arrival-rate', startRate: 1, timeUnit: '1s', ...own },
});

/** Asks for the page and the version of a site, one after another in each iteration, so that every system has its share */
export function visit(iteration) {
  const site = sites[iteration % sites.length];
  const page = http.get(site.page, { tags: { name: `${site.system} page` } });
  const probe = http.get(site.probe, { tags: { name: `${site.system} version` } });
  return { site, page, probe };
}
