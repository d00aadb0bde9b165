import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fileText, fill, templateText } from '../../../src/render/template.ts';

test('a template gets its values, each as often as it is named', () => {
  expect(fill('{{a}} and {{b}}, {{a}}', { a: '1', b: '2' }, 't')).toBe('1 and 2, 1');
});

test('a name that is not given is an error that names it and its template', () => {
  expect(() => fill('{{a}} {{missing}}', { a: '1' }, 'nginx/site.conf')).toThrow(
    'nginx/site.conf names {{missing}}, which is not given',
  );
});

test('a value that the template does not name is an error', () => {
  expect(() => fill('{{a}}', { a: '1', extra: '2', more: '3' }, 't')).toThrow('t does not use extra, more');
});

test('names of every object are names like others', () => {
  expect(() => fill('{{toString}}', {}, 't')).toThrow('t names {{toString}}, which is not given');
});

test('a value arrives as it is, whatever it holds: $&, {{other}}, line breaks', () => {
  fc.assert(
    fc.property(fc.string(), (value) => {
      expect(fill('<{{value}}>', { value }, 't')).toBe(`<${value}>`);
    }),
  );
  expect(fill('{{a}}', { a: '{{b}} $& $1' }, 't')).toBe('{{b}} $& $1');
});

test('a template that is not there is named', () => {
  expect(() => templateText('nginx/none.conf', {})).toThrow(/templates\/nginx\/none\.conf/);
});

test('a line that names another file of templates stands for it, as far in as itself', () => {
  const text = fileText('nginx/balancer.conf');
  expect(text).toContain('\n      proxy_buffer_size 32k;\n');
  expect(text).toContain('\n  map $http_upgrade $connection_header {\n    default upgrade;\n');
  expect(text).not.toContain('{{>');
});
