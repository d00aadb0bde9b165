import { expect, test } from 'vitest';
import { eventually } from '../client.ts';
import { bootedImage, gatewayAddress, type Scene } from './scene.ts';

/** Basegun behind a provider's gateway, which sends plain HTTP with users' addresses in headers */
export function behindGateway(scene: () => Scene): void {
  test('a release installs all needed packages on a bare Debian', async () => {
    const { stack, machine } = scene();
    expect(await bootedImage(stack)).toMatch(/machine-bare:/);
    const installed = await machine('grep " install " /var/log/dpkg.log');
    for (const name of ['docker.io', 'docker-compose', 'nftables', 'curl', 'logrotate'])
      expect(installed, name).toMatch(new RegExp(` install ${name.replace('.', '\\.')}:`));
    expect(await machine('apt-mark showhold')).toContain('docker.io');
  });

  test('the site answers the gateway on plain HTTP, with security headers', async () => {
    const { peers, address } = scene();
    const answer = await eventually(
      20,
      () =>
        peers.gateway.run(`curl --silent --include --header 'Host: basegun.localhost' http://${address}/api/version`),
      (text) => text.includes('200 OK'),
    );
    expect(answer).toMatch(/^HTTP\/1.1 200 OK/);
    expect(answer).toMatch(/\n3\.3\.0$/);
    expect(answer).toMatch(/^strict-transport-security: max-age=63072000/im);
    expect(answer).toMatch(/^x-content-type-options: nosniff/im);
    expect(await peers.gateway.run(`curl --silent --header 'Host: basegun.localhost' http://${address}/any`)).toContain(
      '<html',
    );
  });

  test('forwarded addresses are accepted from the gateway alone', async () => {
    const { peers, address, machine } = scene();
    await machine(echo);
    const ask = (host: string) =>
      `curl --silent --fail --header 'Host: basegun.localhost' --header 'X-Forwarded-For: 198.51.100.7' --header 'X-Forwarded-Proto: https' http://${host}/echo`;
    const told = await eventually(
      20,
      () => peers.gateway.run(ask(address)),
      (text) => String(text).includes('X-Forwarded-For'),
    );
    expect(JSON.parse(told)).toMatchObject({
      'X-Forwarded-For': `198.51.100.7, ${gatewayAddress}`,
      'X-Forwarded-Proto': 'https',
    });
    // From the machine itself, where no firewall blocks the request
    const fromElsewhere = JSON.parse(await machine(ask('127.0.0.1')));
    expect(fromElsewhere).toMatchObject({ 'X-Forwarded-For': '127.0.0.1', 'X-Forwarded-Proto': 'http' });
    await machine('systemctl stop echo; rm /var/lib/berth/basegun/edge/echo.yaml');
  });
}

/** Adds a service behind the reverse proxy that answers with the headers it received */
const echo = `cat >/run/echo.py <<'EOF'
import http.server, json
class Echo(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(dict(self.headers)).encode())
http.server.HTTPServer(("127.0.0.1", 18099), Echo).serve_forever()
EOF
systemd-run --quiet --unit=echo python3 /run/echo.py
cat >/var/lib/berth/basegun/edge/echo.yaml <<'EOF'
http:
  routers: { echo: { entryPoints: [web], rule: 'PathPrefix(\`/echo\`)', service: echo } }
  services: { echo: { loadBalancer: { servers: [{ url: 'http://127.0.0.1:18099' }] } } }
EOF`;
