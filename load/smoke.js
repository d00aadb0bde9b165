// Does every site answer, with the deployed version? One visitor, ten seconds. Safe anywhere, production included.
//   SLOWEST  milliseconds within which 95 of 100 answers come. Default: 1000
import { check, sleep } from 'k6';
import { scenario } from 'k6/execution';
import { common, visit } from './site.js';

export const options = {
  ...common,
  scenarios: { visitor: { executor: 'constant-vus', vus: 1, duration: '10s' } },
  thresholds: {
    checks: ['rate==1'],
    http_req_failed: ['rate==0'],
    http_req_duration: [`p(95)<${__ENV.SLOWEST || 1000}`],
  },
};

export default function () {
  const { site, page, probe } = visit(scenario.iterationInTest);
  check(page, { 'the page answers 200': ({ status }) => status === 200 });
  if (!site.tellsVersion) {
    check(probe, { 'its health answers': ({ status }) => status >= 200 && status < 300 });
  } else {
    // A version may be plain or a JSON string
    check(probe, {
      'the deployed version answers': ({ body }) => `${body}`.trim().replace(/^"|"$/g, '') === site.version,
    });
  }
  sleep(0.5);
}
