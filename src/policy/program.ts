import { systems } from 'berth:systems';
import { clouds } from '../clouds/registry.ts';
import { readEnvironmentFile } from '../config/file.ts';
import { absentSecrets, loadEnvironment } from '../config/load.ts';
import { cloudsIn } from '../config/walk.ts';
import { program } from '../index.ts';
import { answersOf, credentialsOf, functionsOf } from './answers.ts';
import { unpinned } from './images.ts';
import { secretText } from './madeUp.ts';
import { findings, type PlannedResource } from './policy.ts';
import { configure, recorded } from './recorded.ts';

// Runs a stack's program with mocks and prints the findings of all policies as JSON. It needs a process of its own,
// since a program can run only once. Only the stack's file is real. Arguments: stack name, file.
const [stack = '', file = ''] = process.argv.slice(2);

const input = readEnvironmentFile(file, stack);
const { 'berth:secrets': _encrypted, ...own } = input.config;
const needed = [...absentSecrets({ ...input, config: own }, systems, clouds).keys()];
const preparations = cloudsIn(clouds, own).flatMap((cloud) =>
  cloud?.rehearsal.prepared === undefined ? [] : [[`berth:${cloud.name}`, cloud.rehearsal.prepared]],
);
const policies = Object.values(clouds).flatMap((cloud) => cloud.policies);
const config = {
  ...own,
  'berth:secrets': Object.fromEntries(needed.map((name) => [name, secretText(name)])),
  ...Object.fromEntries(preparations),
};

const byTag = unpinned(loadEnvironment({ ...input, config }, systems, clouds, { secrets: 'names' }));
const asked: PlannedResource[] = [];
Object.assign(process.env, credentialsOf(clouds));
const recording = recorded(stack, answersOf(clouds), functionsOf(clouds), {
  asked: (type, inputs) => asked.push({ type, name: type, inputs }),
});
recording.then((declared) => {
  // Resources that wait for an answer are declared after the program's last line
  process.once('beforeExit', () => {
    const resources = declared.length;
    process.stdout.write(
      JSON.stringify({ resources, findings: [...findings([...declared, ...asked], policies), ...byTag] }),
    );
  });
  configure(config);
  return program({ placeholders: 'accepted' });
});
