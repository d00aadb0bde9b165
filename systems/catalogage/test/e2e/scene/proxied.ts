import { expect, test } from 'vitest';
import { inMachine } from '../../../../../test/e2e/stack.ts';
import type { Scene } from './scene.ts';

/** What the machine fetched, by way of its proxy alone */
export function proxied(scene: () => Scene): void {
  test('a source that is behind the proxy is not fetched where its authority is unknown, and the reason is told', () => {
    const { code, output } = scene().untold.release;
    expect(code).not.toBe(0);
    expect(output).toMatch(/https:\/\/git\.corp\.test\/catalogage\.git does not provide 1\.0\.0: .*certificate/);
  });

  test.each(['curl', 'git', 'pip', 'npm', 'dehydrated'])('neither does %s fetch anything then', (program) => {
    const said = new RegExp(`^${program}: (.*)$`, 'm').exec(scene().untold.said)?.[1];
    // What dehydrated says of it is curl's number
    expect(said).toMatch(/certificate|curl returned with 60/);
  });

  test("packages, the source, what its build fetches and the certificate's requests came through the proxy", async () => {
    const passed = await scene().outside.passed();
    expect(passed).toMatch(/^\S+ \S*\/nginx_\S*\.deb .*APT/m);
    expect(passed).toMatch(/^git\.corp\.test \/catalogage\.git\/info\/refs\S* git\//m);
    expect(passed).toMatch(/^packages\.corp\.test \/python\/lighthouse-1\.0-py3-none-any\.whl pip\//m);
    expect(passed).toMatch(/^packages\.corp\.test \/node\/lighthouse-1\.0\.0\.tgz npm\//m);
    expect(passed).toMatch(/^packages\.corp\.test \/npm\.tgz curl\//m);
    expect(passed).toMatch(/^[\d.]+:14000 \/dir dehydrated\//m);
    const built = 'cd /srv/berth/catalogage/builds/1.0.0-*/client';
    await inMachine(
      scene().stack,
      `${built} && test -d node_modules/lighthouse && ../venv/bin/python -c 'import lighthouse'`,
    );
  });

  test('there is no other way out, not even to the certificate authority next to the machine', async () => {
    const directly = (url: string) =>
      inMachine(scene().stack, `curl --silent --insecure --max-time 5 --noproxy '*' ${url} || echo none`);
    const directory = /^[\d.]+:14000/m.exec(await scene().outside.passed())?.[0];
    expect(await directly('https://git.corp.test/')).toBe('none\n');
    expect(await directly(`https://${directory}/dir`)).toBe('none\n');
  });
}
