// How many visits a second are too many? The rate grows to RATE (default 500) within fifteen minutes, and the run ends
// where a threshold fails: the rate at that time is the answer. For environments that nobody works on.
import { scenario } from 'k6/execution';
import { arrivals, common, visit } from './site.js';

const rate = Number(__ENV.RATE || 500);
const ends = (threshold) => [{ threshold, abortOnFail: true, delayAbortEval: '10s' }];

export const options = {
  ...common,
  scenarios: arrivals({ preAllocatedVUs: 50, maxVUs: 4 * rate, stages: [{ target: rate, duration: '15m' }] }),
  thresholds: {
    http_req_failed: ends('rate<0.05'),
    http_req_duration: ends('p(95)<2000'),
    dropped_iterations: ends('count<100'),
  },
};

export default () => void visit(scenario.iterationInTest);
