import { expect, test } from 'vitest';
import type { Outside } from '../outside.ts';
import { inMachine, type TestStack } from '../stack.ts';

/** A machine that gets images and Traefik's certificate only through a proxy */
export interface Proxied {
  stack: TestStack;
  outside: Outside;
  /** Output of the first release, which had the proxy but not its authority */
  first: string;
  backend(): Promise<string>;
}

/** Returns the next version's backend image, under the name of a registry that only the proxy resolves */
const outsideImage = ({ images }: TestStack): string => {
  const known = images.images['ghcr.io/datalab-mi/basegun/basegun-backend:3.3.1'] ?? '';
  return known.replace(/^[^/]+/, 'registry.corp.test');
};

export function proxied(of: () => Proxied): void {
  test("without the proxy's authority Traefik gets no certificate, and the reason is reported", () => {
    expect(of().first).toMatch(
      /the certificate of basegun\.localhost is missing: .*certificate signed by unknown auth/,
    );
  });

  test('nor is an image pulled: the reason is reported, and the former release still serves', async () => {
    const { stack, backend } = of();
    const before = await backend();
    await stack.configure({ images: { backend: outsideImage(stack) } });
    const failed = await stack.up();
    expect(failed.code).not.toBe(0);
    expect(failed.output).toMatch(
      /image registry\.corp\.test\/basegun-backend\S* can't be pulled: .*certificate signed by unknown auth/,
    );
    expect(await backend()).toBe(before);
  });

  test('with the authority, image and certificate come through the proxy, and excepted hosts are not proxied', async () => {
    const { stack, outside, backend } = of();
    await stack.configure({ restartEdge: true }, {}, outside.environment.known);
    const released = await stack.up();
    expect(released.code, released.output).toBe(0);
    expect(released.output).not.toContain('is missing');
    expect(await backend()).toBe(`${outsideImage(stack)}\n`);
    const passed = await outside.passed();
    expect(passed).toContain(`/v2/basegun-backend/manifests/${outsideImage(stack).replace(/.*@/, '')} docker/`);
    // The size of the image is requested before the pull
    expect(passed).toMatch(/^registry\.corp\.test \/v2\/basegun-backend\/manifests\/sha256:\w+ Docker-Client\//m);
    expect(passed).toMatch(/^registry\.corp\.test \/v2\/basegun-backend\/blobs\/sha256:\w+ docker\//m);
    expect(passed).toMatch(/^[\d.]+:14000 \/dir .*traefik/m);
    expect(await outside.asked()).not.toContain('registry.berth.test');
  });

  test('there is no other way out, for containers either', async () => {
    const { stack, outside } = of();
    const directory = /^[\d.]+:14000/m.exec(await outside.passed())?.[0] ?? '';
    const [address, port] = directory.split(':');
    const reach = `timeout 5 bash -c 'exec 9<>/dev/tcp/${address}/${port}' 2>/dev/null && echo reached || echo none`;
    const container = `docker exec "$(docker ps --quiet --filter label=berth.service=backend)"`;
    const python = `import socket; socket.create_connection(("${address}", ${port}), 5)`;
    expect(await inMachine(stack, reach)).toBe('none\n');
    expect(await inMachine(stack, `${container} python3 -c '${python}' 2>&1 | tail -n 1`)).toMatch(/refused/);
  });
}
