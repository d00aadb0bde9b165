import { quoted } from '../../render/quoted.ts';

/**
 * Returns the shell script that tells, for root on a machine, what `berth ping` shows: one line `<word> <value>` each
 * @param host name of the site, for whose certificate the machine's own edge is asked
 * @param further commands that print lines of their own. @default none
 */
export const pingScript = (system: string, host: string, further = ''): string => `
system=${quoted(system)} host=${quoted(host)} state=/var/lib/berth/$system
echo "clock $(date +%s.%N)"
df --output=pcent,target / "$state/data" 2>/dev/null |
  sed -n 's/^ *\\([0-9]*\\)% /disk \\1 /p'
sed -n 's/^  "version": "\\(.*\\)",$/version \\1/p' "$state/current/release.json" 2>/dev/null
sed -n 's/.*"at": "\\([^"]*\\)".*/live \\1/p' "$state/history.json" 2>/dev/null | tail -n 1
if command -v docker >/dev/null; then
  # In full, because docker leaves out the digest of an image otherwise, and two releases may differ in that alone
  docker ps --all --no-trunc --filter "label=berth.system=$system" --format '{{.Label "berth.service"}}|{{.State}}|{{.Status}}|{{.Image}}' 2>/dev/null |
    sed 's/^/container /' || echo 'engine down'
fi
if command -v supervisorctl >/dev/null; then
  supervisorctl status 2>/dev/null | awk -v own="$system-" 'index($1, own) == 1 { print "process", $1, $2 }'
fi
timeout 5 openssl s_client -connect 127.0.0.1:443 -servername "$host" </dev/null 2>/dev/null |
  openssl x509 -noout -enddate 2>/dev/null | sed 's/^notAfter=/certificate /'
${further}exit 0
`;
