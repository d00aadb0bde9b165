import { expect, test } from 'vitest';
import { aliasType } from '../../../src/hosts/dnsName.ts';

test.each([
  ['mad.example.org', 'CNAME'],
  ['www.shop.example.co.uk', 'CNAME'],
  ['example.org', 'ALIAS'],
  ['example.co.uk', 'ALIAS'],
  ['catalogue.gouv.fr', 'ALIAS'],
] as const)("%s leads to a balancer's name by %s: a zone's own name has no CNAME", (name, type) => {
  expect(aliasType(name)).toBe(type);
});
