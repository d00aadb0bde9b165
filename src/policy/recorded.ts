import * as pulumi from '@pulumi/pulumi';
import type { LaterAnswers } from './answers.ts';

/** A resource as the program declared it */
export interface DeclaredResource {
  type: string;
  name: string;
  /** Id by which other resources refer to it */
  id: string;
  inputs: Record<string, unknown>;
  urn: string;
  /** URN of its explicit provider, with an id; empty for a default provider */
  provider: string;
  options: Options;
}

/** Options of a declared resource, as the engine receives them */
export interface Options {
  parent: string;
  protect: boolean;
  retainOnDelete: boolean;
  deleteBeforeReplace: boolean;
  ignoreChanges: readonly string[];
  dependsOn: readonly string[];
  /** URN of the resource whose deletion also deletes this one; empty for none */
  deletedWith: string;
}

export interface RecordOptions {
  /** Whether outputs without an answer are unknown. @default false */
  preview?: boolean;
  /** Called for each function call */
  asked?: (token: string, inputs: Record<string, unknown>) => void;
}

/**
 * Sets up mocks and returns the list to which declared resources are added from now on. A function without an answer
 * returns its inputs.
 */
export async function recorded(
  stack: string,
  answers: LaterAnswers,
  functions: LaterAnswers = {},
  { preview = false, asked }: RecordOptions = {},
): Promise<DeclaredResource[]> {
  const declared: DeclaredResource[] = [];
  const options = new Map<string, Options>();
  await pulumi.runtime.setMocks(
    {
      async newResource({ type, name, inputs, provider = '' }) {
        const urn = `urn:pulumi:${stack}::berth::${type}::${name}`;
        const { id: known = `${name}-id`, ...state } = (await answers[type]?.(inputs as never, name)) ?? {};
        const id = `${known}`;
        declared.push({ type, name, id, inputs, urn, provider, options: options.get(`${type} ${name}`) as Options });
        return { id, state: { ...inputs, ...state } };
      },
      async call({ token, inputs }) {
        asked?.(token, inputs);
        return (await functions[token]?.(inputs as never, token)) ?? inputs;
      },
    },
    'berth',
    stack,
    preview,
    'organization',
  );
  const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
  // Pulumi's mocks do not support hooks; this accepts a hook and never calls it
  monitor.registerResourceHook = (_request, done) => done(null, {});
  // Pulumi's mocks do not receive resource options, so they are read from the request
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, done) => {
    options.set(`${request.getType()} ${request.getName()}`, {
      parent: request.getParent(),
      protect: request.getProtect() ?? false,
      retainOnDelete: request.getRetainondelete() ?? false,
      deleteBeforeReplace: request.getDeletebeforereplace(),
      ignoreChanges: request.getIgnorechangesList(),
      dependsOn: request.getDependenciesList(),
      deletedWith: request.getDeletedwith(),
    });
    return register(request, done);
  };
  return declared;
}

/** Methods of Pulumi's mock monitor that are used here; its type is not exported */
interface Monitor {
  registerResourceHook(request: unknown, done: (error: null, response: object) => void): void;
  registerResource(request: RegisterRequest, done: unknown): unknown;
}

interface RegisterRequest {
  getType(): string;
  getName(): string;
  getParent(): string;
  getProtect(): boolean | undefined;
  getRetainondelete(): boolean | undefined;
  getDeletebeforereplace(): boolean;
  getIgnorechangesList(): string[];
  getDependenciesList(): string[];
  getDeletedwith(): string;
}

/** Sets the configuration for the next program, with berth:secrets marked as secret */
export function configure(config: Readonly<Record<string, unknown>>): void {
  const texts = Object.entries(config).map(([key, value]) => [key, JSON.stringify(value)]);
  pulumi.runtime.setAllConfig(Object.fromEntries(texts), ['berth:secrets']);
}
