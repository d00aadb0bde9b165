import { expect, test } from 'vitest';
import type { Outside } from '../outside.ts';
import { inMachine, type TestStack } from '../stack.ts';

/** What a machine with containers fetches by way of its proxy alone: images, and Traefik's certificate */
export interface Proxied {
  stack: TestStack;
  outside: Outside;
  /** What the first release said, which knew of the proxy and not of its authority */
  first: string;
  backend(): Promise<string>;
}

/** The next version's backend as the stack's own registry has it, by the name of a registry that only the proxy knows */
const outsideImage = ({ images }: TestStack): string => {
  const known = images.images['ghcr.io/datalab-mi/basegun/basegun-backend:3.3.1'] ?? '';
  return known.replace(/^[^/]+/, 'registry.corp.test');
};

export function proxied(of: () => Proxied): void {
  test('without the authority of its proxy Traefik has no certificate, and the reason is told', () => {
    expect(of().first).toMatch(
      /the certificate of basegun\.localhost is missing: .*certificate signed by unknown auth/,
    );
  });

  test('neither is an image pulled then: the reason is told, and the former release serves on', async () => {
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

  test('with it the image is pulled and the certificate is had, both through the proxy, and what is excepted is not', async () => {
    const { stack, outside, backend } = of();
    await stack.configure({ restartEdge: true }, {}, outside.environment.known);
    const released = await stack.up();
    expect(released.code, released.output).toBe(0);
    expect(released.output).not.toContain('is missing');
    expect(await backend()).toBe(`${outsideImage(stack)}\n`);
    const passed = await outside.passed();
    expect(passed).toContain(`/v2/basegun-backend/manifests/${outsideImage(stack).replace(/.*@/, '')} docker/`);
    // The size of the image is asked before it is pulled
    expect(passed).toMatch(/^registry\.corp\.test \/v2\/basegun-backend\/manifests\/sha256:\w+ Docker-Client\//m);
    expect(passed).toMatch(/^registry\.corp\.test \/v2\/basegun-backend\/blobs\/sha256:\w+ docker\//m);
    expect(passed).toMatch(/^[\d.]+:14000 \/dir .*traefik/m);
    expect(await outside.asked()).not.toContain('registry.berth.test');
  });

  test('there is no other way out, for a container neither', async () => {
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
