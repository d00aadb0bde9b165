import { readdirSync, readFileSync } from 'node:fs';
import { composeSources } from '../../../../src/cli/new/compose/sources.ts';
import type { Draft } from '../../../../src/cli/new/draft.ts';
import { type DraftInput, draftOf } from '../../../../src/cli/new/draftOf.ts';

/** Compose files of different shapes, written anew after those that well-known products and frameworks publish */
const folder = new URL('compose/', import.meta.url).pathname;

export const composeNames = readdirSync(folder)
  .filter((name) => name.endsWith('.yml'))
  .map((name) => name.replace('.yml', ''));

/** What lies beside them */
const beside: Readonly<Record<string, string>> = {
  Caddyfile: 'ledger.example.org {\n  reverse_proxy api:8080\n}\n',
  'docker/nginx.conf': 'server { listen 80; location / { proxy_pass http://app:8080; } }\n',
  'docker/Dockerfile': `FROM python:3.13\nARG UID=1500\nEXPOSE 8000\nUSER \${UID}\n`,
  Dockerfile: 'FROM node:22 AS build\nUSER root\nFROM node:22-slim\nENV PORT=3000\nEXPOSE $PORT/tcp\nUSER 1000:1000\n',
};

export const read = (path: string): string | undefined => beside[path.replace(/^\.\//, '')];

/** Takes over the services of a text of Compose */
export function taken(text: string, options: Partial<DraftInput> = {}, files = read): Draft {
  const { sources, findings } = composeSources([{ text, file: 'compose.yml' }], files);
  const draft = draftOf({ name: 'shop', from: 'compose.yml', ...options, sources });
  return { ...draft, findings: [...findings, ...draft.findings] };
}

/** Takes over one of the Compose files, by its name */
export function takenFile(name: string, options: Partial<DraftInput> = {}): Draft {
  const text = readFileSync(`${folder}${name}.yml`, 'utf8');
  const { sources, findings } = composeSources([{ text, file: `${name}.yml` }], read);
  const draft = draftOf({ name, from: `${name}.yml`, ...options, sources });
  return { ...draft, findings: [...findings, ...draft.findings] };
}
