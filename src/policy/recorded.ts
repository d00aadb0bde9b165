import * as pulumi from '@pulumi/pulumi';
import type { Answers } from './answers.ts';

/** A resource as the program declared it */
export interface Declared {
  type: string;
  name: string;
  /** What other resources call it by */
  id: string;
  inputs: Record<string, unknown>;
  urn: string;
  /** The urn of its explicit provider, with an id; empty for what a default one makes */
  provider: string;
  options: Options;
}

/** The options that a resource was declared with, as the engine hears of them */
export interface Options {
  parent: string;
  protect: boolean;
  retainOnDelete: boolean;
  deleteBeforeReplace: boolean;
  ignoreChanges: readonly string[];
  dependsOn: readonly string[];
  /** The urn of what takes it along when it is deleted; empty for none */
  deletedWith: string;
}

export interface RecordOptions {
  /** What has no answer is unknown. @default false */
  preview?: boolean;
  /** Told of each function that is called */
  asked?: (token: string, inputs: Record<string, unknown>) => void;
}

/** From here on, what is declared lands in the list that this gives; a function without an answer gives back its inputs */
export async function recorded(
  stack: string,
  answers: Answers,
  functions: Answers = {},
  { preview = false, asked }: RecordOptions = {},
): Promise<Declared[]> {
  const declared: Declared[] = [];
  const options = new Map<string, Options>();
  await pulumi.runtime.setMocks(
    {
      newResource({ type, name, inputs, provider = '' }) {
        const urn = `urn:pulumi:${stack}::berth::${type}::${name}`;
        const { id: known = `${name}-id`, ...state } = answers[type]?.(inputs as never, name) ?? {};
        const id = `${known}`;
        declared.push({ type, name, id, inputs, urn, provider, options: options.get(`${type} ${name}`) as Options });
        return { id, state: { ...inputs, ...state } };
      },
      call({ token, inputs }) {
        asked?.(token, inputs);
        return functions[token]?.(inputs as never, token) ?? inputs;
      },
    },
    'berth',
    stack,
    preview,
    'organization',
  );
  const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
  // Mocks know no hooks: this one accepts them and never calls one
  monitor.registerResourceHook = (_request, done) => done(null, {});
  // Nor do they tell of options: these are read on their way in
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

/** What is used here of Pulumi's own monitor for tests, whose type it keeps to itself */
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

/** Gives the program that runs next its configuration, of which berth:secrets is encrypted */
export function configure(config: Readonly<Record<string, unknown>>): void {
  const texts = Object.entries(config).map(([key, value]) => [key, JSON.stringify(value)]);
  pulumi.runtime.setAllConfig(Object.fromEntries(texts), ['berth:secrets']);
}
