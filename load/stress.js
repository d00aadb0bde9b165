// Does a stack hold more visitors than on a busy day? RATE visits a second (default 20) for five minutes, after a minute of
// ramping up. For environments that nobody works on.
import { scenario } from 'k6/execution';
import { arrivals, common, visit } from './site.js';

const rate = Number(__ENV.RATE || 20);

export const options = {
  ...common,
  scenarios: arrivals({
    preAllocatedVUs: 2 * rate,
    maxVUs: 20 * rate,
    stages: [
      { target: rate, duration: '1m' },
      { target: rate, duration: '5m' },
      { target: 0, duration: '30s' },
    ],
  }),
  thresholds: {
    http_req_failed: ['rate<0.01'],
    http_req_duration: ['p(95)<800', 'p(99)<2000'],
    // Visits that were not made because all visitors were waiting
    dropped_iterations: ['count==0'],
  },
};

export default () => void visit(scenario.iterationInTest);
