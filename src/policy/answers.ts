import type { Cloud } from '../clouds/cloud.ts';

type Outputs = Record<string, unknown>;

/** Made-up answers of a provider by type of resource or name of function; each declares the inputs that it reads */
export type Answers = Readonly<Record<string, (inputs: never, name: string) => Outputs>>;

/** The same, where an answer may take a while */
export type LaterAnswers = Readonly<Record<string, (inputs: never, name: string) => Outputs | Promise<Outputs>>>;

/** Answers of providers that several clouds use */
const common: Answers = {
  'tls:index/privateKey:PrivateKey': (_, name) => ({
    publicKeyOpenssh: `ssh-ed25519 AAAAC3Nz ${name}\n`,
    privateKeyOpenssh: `the private half of ${name}`,
  }),
};

type Clouds = Readonly<Record<string, Pick<Cloud, 'rehearsal'>>>;

const all = <T>(clouds: Clouds, part: (rehearsal: Cloud['rehearsal']) => T): T =>
  Object.assign({}, ...Object.values(clouds).map(({ rehearsal }) => part(rehearsal)));

/** Returns the made-up outputs of all clouds' providers, by type of resource */
export const answersOf = (clouds: Clouds): Answers => ({ ...common, ...all(clouds, ({ resources }) => resources) });

/** Returns the made-up results of their functions, by name */
export const functionsOf = (clouds: Clouds): Answers => all(clouds, ({ functions }) => functions);

/** Returns made-up credentials for all clouds' providers */
export const credentialsOf = (clouds: Clouds): Readonly<Record<string, string>> =>
  all(clouds, ({ credentials }) => credentials);
