import type { Cloud } from '../clouds/cloud.ts';

/** What a provider would answer, by type of resource or by function: each says which inputs it reads */
export type Answers = Readonly<Record<string, (inputs: never, name: string) => Record<string, unknown>>>;

/** What providers would answer that several clouds use */
const common: Answers = {
  'tls:index/privateKey:PrivateKey': (_, name) => ({
    publicKeyOpenssh: `ssh-ed25519 AAAAC3Nz ${name}\n`,
    privateKeyOpenssh: `the private half of ${name}`,
  }),
};

type Clouds = Readonly<Record<string, Pick<Cloud, 'rehearsal'>>>;

const all = <T>(clouds: Clouds, part: (rehearsal: Cloud['rehearsal']) => T): T =>
  Object.assign({}, ...Object.values(clouds).map(({ rehearsal }) => part(rehearsal)));

/** What the clouds' providers would give for a resource */
export const answersOf = (clouds: Clouds): Answers => ({ ...common, ...all(clouds, ({ resources }) => resources) });

/** And what their functions would */
export const functionsOf = (clouds: Clouds): Answers => all(clouds, ({ functions }) => functions);

/** What all of them want to log in with, none of it real */
export const credentialsOf = (clouds: Clouds): Readonly<Record<string, string>> =>
  all(clouds, ({ credentials }) => credentials);
