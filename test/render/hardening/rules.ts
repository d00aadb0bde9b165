/** A rule of a known baseline, and how a machine is asked about it */
export interface Rule {
  /** Baseline and number, or what it is about where the baseline gives none */
  id: string;
  /** What it wants */
  wants: string;
  /** Shell words that succeed where the machine keeps to the rule. Absent where the rule is about something else */
  probe?: string;
  /** Why a machine does not keep to it, or why it does not apply */
  why?: string;
}

/** A rule that a machine is asked */
export const rule = (id: string, wants: string, probe: string, why?: string): Rule => ({
  ...{ id, wants, probe },
  ...(why !== undefined && { why }),
});

/** A setting of the SSH server as it is in effect */
const sshd = (id: string, wants: string, setting: string, why?: string): Rule =>
  rule(id, wants, `sshd -T 2>/dev/null | grep -qixE '${setting}'`, why);

/** A setting of the kernel, on all interfaces where it has one for each */
const kernel = (id: string, wants: string, names: string, value: string, why?: string): Rule =>
  rule(id, wants, `for key in ${names}; do [[ $(sysctl -n "$key") == ${value} ]] || exit 1; done`, why);

const interfaces = (name: string) => `$(sysctl -N -a 2>/dev/null | grep '^net.ipv4.conf.*\\.${name}$')`;

export const sshRules: readonly Rule[] = [
  sshd('CIS 5.1.20', 'root cannot log in', 'permitrootlogin no'),
  sshd('CIS 5.1.19', 'no empty passwords', 'permitemptypasswords no'),
  sshd('dev-sec sshd-passwords', 'no passwords', 'passwordauthentication no'),
  sshd('dev-sec sshd-kbd', 'no questions at the keyboard', 'kbdinteractiveauthentication no'),
  sshd('dev-sec sshd-methods', 'keys alone', 'authenticationmethods publickey'),
  sshd('CIS 5.1.4', 'named users alone', 'allowusers .+'),
  sshd('CIS 5.1.16', 'at most 4 attempts', 'maxauthtries [1-4]'),
  sshd(
    'dev-sec sshd-tries',
    'at most 2 attempts',
    'maxauthtries [12]',
    "an operator's agent offers several keys, and a key cannot be guessed",
  ),
  sshd('CIS 5.1.13', 'a login within 60 seconds', 'logingracetime (30|60)'),
  sshd('CIS 5.1.17', 'at most 10 sessions of a connection', 'maxsessions ([1-9]|10)'),
  sshd('CIS 5.1.18', 'few connections that have not logged in', 'maxstartups 10:30:60'),
  sshd('CIS 5.1.7', 'silent connections end', 'clientaliveinterval [1-9][0-9]*'),
  sshd('CIS 5.1.8', 'nothing is forwarded', 'disableforwarding yes'),
  sshd('dev-sec sshd-x11', 'no X11', 'x11forwarding no'),
  sshd('dev-sec sshd-agent', 'no agent is forwarded', 'allowagentforwarding no'),
  sshd('dev-sec sshd-tcp', 'no tunnels', 'allowtcpforwarding no'),
  sshd('CIS 5.1.21', 'users set no environment', 'permituserenvironment no'),
  {
    ...{ id: 'dev-sec sshd-env', wants: 'no variable of a client is taken' },
    probe: "! sshd -T 2>/dev/null | grep -qi '^acceptenv'",
    why: "Debian's own file takes LANG and LC_*, and the server adds up these lists; no other variable is taken",
  },
  sshd('dev-sec sshd-dns', 'no DNS', 'usedns no'),
  sshd('CIS 5.1.14', 'logins are logged with their keys', 'loglevel verbose'),
  sshd('dev-sec sshd-banner', "Debian's version is not told", 'debianbanner no'),
  sshd(
    'CIS 5.1.5',
    'a warning before the login',
    'banner /.+',
    'a text stops nobody, and a machine greets after the login',
  ),
  sshd('CIS 5.1.10', 'no login by host', 'hostbasedauthentication no'),
  sshd('CIS 5.1.11', 'no .rhosts', 'ignorerhosts yes'),
  sshd('dev-sec sshd-compression', 'no compression', 'compression no'),
  sshd(
    'CIS 5.1.6',
    'strong ciphers alone',
    'ciphers ((chacha20-poly1305@openssh.com|aes(128|256)-gcm@openssh.com|aes(128|192|256)-ctr),?)+',
  ),
  sshd(
    'CIS 5.1.12',
    'strong key exchange alone',
    'kexalgorithms ((mlkem768x25519-sha256|sntrup761x25519-sha512(@openssh.com)?|curve25519-sha256(@libssh.org)?),?)+',
  ),
  sshd('CIS 5.1.15', 'strong MACs alone', 'macs (hmac-sha2-(256|512)-etm@openssh.com,?)+'),
  {
    id: 'CIS 5.1.1',
    wants: "the server's settings are root's alone",
    probe: '[[ $(stat -c "%a %U" /etc/ssh/sshd_config /etc/ssh/sshd_config.d/*.conf | sort -u) == "600 root" ]]',
    why: "Debian's own file is readable by all and has no secret; berth's is 0600",
  },
  {
    id: 'CIS 5.1.2',
    wants: 'host keys are 0600',
    probe: '[[ $(stat -c "%a %U" /etc/ssh/ssh_host_*_key | sort -u) == "600 root" ]]',
  },
  {
    id: 'dev-sec sshd-port',
    wants: 'another port than 22',
    why: 'the port is closed to all but operators, in the cloud and on the host; another one hides nothing from a scan',
  },
];

/** Settings of the network of the kernel, which are those of a machine alone */
export const networkRules: readonly Rule[] = [
  kernel(
    'CIS 3.3.1',
    'nothing is forwarded',
    'net.ipv4.ip_forward',
    '0',
    'docker forwards to containers; the firewall drops what it has not been told to forward',
  ),
  kernel('CIS 3.3.2', 'no redirects are sent', interfaces('send_redirects'), '0'),
  kernel('CIS 3.3.3', 'bogus ICMP is ignored', 'net.ipv4.icmp_ignore_bogus_error_responses', '1'),
  kernel('CIS 3.3.4', 'broadcast ICMP is ignored', 'net.ipv4.icmp_echo_ignore_broadcasts', '1'),
  kernel('CIS 3.3.5', 'no redirects are taken', interfaces('accept_redirects'), '0'),
  kernel('CIS 3.3.6', 'not from gateways either', interfaces('secure_redirects'), '0'),
  kernel('CIS 3.3.8', 'no source routes', interfaces('accept_source_route'), '0'),
  kernel(
    'CIS 3.3.9',
    'impossible addresses are logged',
    'net.ipv4.conf.all.log_martians',
    '1',
    'whoever sends them would fill the journal',
  ),
  kernel('CIS 3.3.10', 'SYN cookies', 'net.ipv4.tcp_syncookies', '1'),
];
