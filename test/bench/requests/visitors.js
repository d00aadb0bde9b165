// Visitors of one application behind two proxies: quick requests, uploads, downloads of five seconds, websockets of five
// seconds. SITES: name=url, separated by commas. RATE: quick requests a second for each site. DURATION: how long.
import { check } from 'k6';
import http from 'k6/http';
import ws from 'k6/ws';

const sites = __ENV.SITES.split(',').map((one) => one.split('='));
const rate = Number(__ENV.RATE);
const duration = __ENV.DURATION;
const picture = 'x'.repeat(100_000);
const echoes = 10;

const arrivals = (edge, url, exec, perMinute, visitors) => ({
  [`${edge}_${exec}`]: {
    executor: 'constant-arrival-rate',
    ...{ exec, duration, rate: perMinute, timeUnit: '1m', preAllocatedVUs: visitors, maxVUs: 10 * visitors },
    ...{ env: { URL: url, EDGE: edge }, tags: { edge }, gracefulStop: '20s' },
  },
});

const figures = sites.flatMap(([edge]) => [
  [`checks{edge:${edge}}`, ['rate==1']],
  [`http_req_duration{edge:${edge},kind:quick}`, ['max>=0']],
]);

export const options = {
  hosts: Object.fromEntries(sites.map(([, url]) => [url.replace(/^https:\/\/([^:/]+).*/, '$1'), '127.0.0.1'])),
  insecureSkipTLSVerify: true,
  noConnectionReuse: __ENV.FRESH === 'true',
  noVUConnectionReuse: __ENV.FRESH === 'true',
  summaryTrendStats: ['med', 'p(99)', 'max'],
  scenarios: Object.assign(
    {},
    ...sites.flatMap(([edge, url]) => [
      arrivals(edge, url, 'quick', 60 * rate, 4),
      arrivals(edge, url, 'upload', 60, 3),
      arrivals(edge, url, 'download', 30, 6),
      arrivals(edge, url, 'socket', 30, 6),
    ]),
  ),
  thresholds: Object.fromEntries(figures),
};

const at = (path) => `${__ENV.URL}${path}`;
const told = (answer, what, good) => {
  if (!check(answer, { [what]: good }))
    console.error(`${__ENV.EDGE} ${what}: status ${answer.status}, ${answer.error || String(answer.body).slice(-80)}`);
};

export function quick() {
  told(http.get(at('/version'), { tags: { kind: 'quick' } }), 'version', ({ status }) => status === 200);
}

export function upload() {
  const answer = http.post(at('/upload'), picture, { tags: { kind: 'upload' } });
  told(answer, 'upload', ({ status, body }) => status === 200 && body === `${picture.length}`);
}

export function download() {
  const answer = http.get(at('/download'), { tags: { kind: 'download' } });
  told(answer, 'download', ({ status, body }) => status === 200 && `${body}`.endsWith('end'));
}

export function socket() {
  let heard = 0;
  const answer = ws.connect(at('/socket').replace('https', 'wss'), { tags: { kind: 'socket' } }, (open) => {
    open.on('message', () => {
      heard += 1;
      if (heard === echoes) open.close();
    });
    open.setInterval(() => open.send('hello'), 500);
    open.setTimeout(() => open.close(), 15_000);
  });
  told({ ...answer, error: `${heard} of ${echoes} echoes` }, 'websocket', () => heard >= echoes);
}
