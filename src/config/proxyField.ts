import { X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { certificateTexts } from '../model/proxy.ts';
import { guided, textField } from './guide.ts';

const url = textField({
  noun: 'the address of a proxy',
  description: "The proxy's URL, over plain HTTP: the connections through it are encrypted end to end.",
  examples: ['http://proxy.corp.example:3128'],
  allowed: 'http://, a name or an address, and a port, such as http://proxy.corp.example:3128',
  pattern: /^http:\/\/[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?:\d{1,5}$/,
  flaw: (value) =>
    value.includes('@')
      ? { message: 'has a name or a password in it', fix: 'let the proxy authorize the machines by their addresses' }
      : undefined,
});

const exception = textField({
  noun: 'a name or a network',
  description: 'A host, a domain with all its hosts (.corp.example), or an IPv4 network.',
  examples: ['registry.corp.example', '.corp.example', '10.0.0.0/8'],
  allowed: 'a name, a domain with a dot before it, or an IPv4 network, such as .corp.example or 10.0.0.0/8',
  pattern: /^\.?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?:\/\d{1,2})?$/,
});

const authority = guided(
  z
    .string()
    .check(({ value, issues }) => {
      if (!value.includes('PRIVATE KEY') && areCertificates(value)) return;
      issues.push({ code: 'custom', message: 'is not one or more certificates in PEM, and nothing else', input: '' });
    })
    .describe("Certificates of the company's own authority, which machines trust in addition to the public ones."),
  { allowed: 'certificates in PEM, from -----BEGIN CERTIFICATE-----' },
);

/** Proxy by which machines reach the internet */
export const proxy = guided(
  z
    .strictObject({
      url,
      exceptFor: guided(
        z
          .array(exception)
          .describe('Destinations that bypass the proxy, in addition to the machines themselves and their network.'),
        { allowed: 'a list of names and networks, such as [.corp.example, 10.0.0.0/8]' },
      ).default([]),
      authority: authority.exactOptional(),
    })
    .describe(
      'The proxy through which machines fetch packages, images, sources and certificates, and the certificate authority that it may ' +
        'use. Requests of applications are configured by their own `env`. @default none',
    ),
  { allowed: 'a block with url, and exceptFor and authority' },
);

function areCertificates(text: string): boolean {
  const texts = certificateTexts(text);
  try {
    for (const one of texts) new X509Certificate(one);
  } catch {
    return false;
  }
  return texts.length > 0;
}
