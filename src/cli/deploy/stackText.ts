import { isDeepStrictEqual } from 'node:util';
import { type Document, isCollection, parseDocument } from 'yaml';
import type { Pins } from '../../model/pins.ts';

/**
 * Returns a stack's file with other pins of some systems, where undefined removes an option; all other text stays,
 * comments included
 */
export function withPins(text: string, systems: Readonly<Record<string, Pins>>): string {
  return edited(text, (file) => {
    for (const [system, pins] of Object.entries(systems)) {
      for (const [option, value] of Object.entries(pins)) {
        const path = ['config', 'berth:systems', system, option];
        // Only changed values are written, so that others keep their quotes and comments
        if (value === undefined) file.deleteIn(path);
        else if (!isDeepStrictEqual(plain(file.getIn(path)), value)) file.setIn(path, value);
      }
    }
  });
}

/** Returns a stack's file without some systems and their secrets */
export function withoutSystems(text: string, systems: readonly string[]): string {
  return edited(text, (file) => {
    const { config } = (file.toJS() ?? {}) as { config?: { 'berth:secrets'?: object } };
    const secrets = Object.keys(config?.['berth:secrets'] ?? {});
    for (const system of systems) {
      file.deleteIn(['config', 'berth:systems', system]);
      for (const name of secrets.filter((secret) => secret.startsWith(`${system}/`)))
        file.deleteIn(['config', 'berth:secrets', name]);
    }
  });
}

/** Returns a stack's file with a further system, whose entry comes after the others */
export const withSystem = (text: string, name: string, entry: unknown): string =>
  edited(text, (file) => file.setIn(['config', 'berth:systems', name], file.createNode(entry)));

function edited(text: string, edit: (file: Document) => void): string {
  const file = parseDocument(text);
  edit(file);
  return file.toString({ lineWidth: 0 });
}

const plain = (value: unknown): unknown => (isCollection(value) ? value.toJSON() : value);
