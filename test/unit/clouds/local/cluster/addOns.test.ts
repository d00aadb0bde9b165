import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { addOns, storageClass } from '../../../../../src/clouds/local/cluster/addOns.ts';
import { ingressClass, ingressNamespace } from '../../../../../src/clouds/local/cluster/ingress.ts';

const manifest = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
  data: z.record(z.string(), z.string()).optional(),
  rules: z.array(z.object({ resources: z.array(z.string()), verbs: z.array(z.string()) })).optional(),
});

const images = {
  dns: 'registry.berth.test:5000/coredns@sha256:1',
  traefik: 'registry.berth.test:5000/traefik@sha256:2',
};
const acme = { directoryUrl: 'https://acme:14000/dir', caCertificate: '-----BEGIN CERTIFICATE-----\n' };
const text = addOns({ images, acme });
const manifests = parseAllDocuments(text).map((document) => manifest.parse(document.toJS()));

test('a cluster brings what settings name: an ingress class, its namespace, a storage class', () => {
  expect(named('IngressClass')).toEqual([ingressClass]);
  expect(named('Namespace')).toEqual([ingressNamespace]);
  expect(named('StorageClass')).toEqual([storageClass]);
});

test("its own services run images of the project's registry alone", () => {
  const used = [...text.matchAll(/image: (\S+)/g)].map(([, image]) => image);
  expect(used).toEqual([images.dns, images.traefik]);
});

test('the ingress asks the local authority alone for certificates, and trusts it', () => {
  expect([...text.matchAll(/https?:\/\/[^\s"]+/g)].map(([url]) => url)).toEqual([acme.directoryUrl]);
  expect(manifests.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === ingressClass)?.data).toEqual({
    'ca.pem': acme.caCertificate,
  });
});

test('no service of it may change anything but the state of an ingress', () => {
  const rules = manifests.flatMap((one) => one.rules ?? []);
  const changing = rules.filter(({ verbs }) => verbs.some((verb) => !['get', 'list', 'watch'].includes(verb)));
  expect(changing.map(({ resources, verbs }) => [resources, verbs])).toEqual([[['ingresses/status'], ['update']]]);
});

const named = (wanted: string) => manifests.filter(({ kind }) => kind === wanted).map(({ metadata }) => metadata.name);
