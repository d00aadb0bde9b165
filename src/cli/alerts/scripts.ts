import { alertmanagerPort, alertmanagerService, people, testAlert } from '../../model/alerting.ts';
import { quoted } from '../../render/quoted.ts';

const url = `http://127.0.0.1:${alertmanagerPort}`;
const container = (system: string): string => `${system}-base-${alertmanagerService}-1`;

/** Stands between the counts before and after a test */
export const between = '---';

/** How long a receiver has to answer */
const receiverSeconds = 20;

/** Returns the command that prints what fires, as Alertmanager's JSON */
export const firingCommand = (system: string): string =>
  `docker exec ${container(system)} wget -q -O - '${url}/api/v2/alerts?active=true&silenced=true&inhibited=true'`;

/**
 * Returns the script that sends a test alert, waits until each receiver has been asked, and prints the counts of
 * requests to receivers before and after
 * @param id of this test, so that Alertmanager sends it whatever it sent before
 */
export function testScript(system: string, stack: string, id: string, now: Date): string {
  const alert = {
    labels: { alertname: testAlert, test: id, severity: 'none', stack },
    annotations: {
      summary: 'this is a test of who is told',
      description: 'Nothing is wrong: `berth alerts --test` was asked.',
    },
  };
  const words = [
    ...Object.entries(alert.labels).map(([name, value]) => `${name}=${value}`),
    ...Object.entries(alert.annotations).map(([name, value]) => `--annotation=${name}=${value}`),
    `--start=${now.toISOString()}`,
    // Nobody ends it by hand
    `--end=${new Date(now.getTime() + 60_000).toISOString()}`,
  ];
  return `set -euo pipefail
counts() {
  docker exec ${container(system)} wget -q -O - ${url}/metrics |
    grep -E "^alertmanager_notification_requests_$1\\{.*receiver_name=\\"${people}\\"" | sort || true
}
before=$(counts total)
counts '(failed_)?total'
echo '${between}'
docker exec ${container(system)} /bin/amtool --alertmanager.url=${url} alert add ${words.map(quoted).join(' ')}
for _ in $(seq ${receiverSeconds * 2}); do
  sleep 0.5
  [[ -n $(comm -12 <(echo "$before") <(counts total)) ]] || break
done
sleep 0.5
counts '(failed_)?total'
`;
}
