import { capabilities } from '../clouds/capabilities.ts';
import { readEnvironmentFile } from '../config/file.ts';
import { absentSecrets } from '../config/load.ts';
import { program } from '../index.ts';
import { systems } from '../systems/registry.ts';
import { policies } from './all.ts';
import { answers, functions } from './answers/all.ts';
import { credentials, localSettings, secretText } from './madeUp.ts';
import { findings, type Planned } from './policy.ts';
import { configure, recorded } from './recorded.ts';

// Runs the program of a stack on mocks, in a process of its own, since a program runs once, and prints what policies
// find as JSON. Nothing of it is real but the stack's file. Arguments: the stack's name, its file.
const [stack = '', file = ''] = process.argv.slice(2);

const input = readEnvironmentFile(file, stack);
const { 'berth:secrets': _encrypted, ...own } = input.config;
const needed = [...absentSecrets({ ...input, config: own }, systems, capabilities).keys()];
const isLocal = JSON.stringify(own['berth:systems']).includes('"cloud":"local"');
const config = {
  ...own,
  'berth:secrets': Object.fromEntries(needed.map((name) => [name, secretText(name)])),
  ...(isLocal && { 'berth:local': localSettings }),
};

const asked: Planned[] = [];
Object.assign(process.env, credentials);
const recording = recorded(stack, answers, functions, {
  asked: (type, inputs) => asked.push({ type, name: type, inputs }),
});
recording.then((declared) => {
  // What waits for an answer is declared later than the program's last line
  process.once('beforeExit', () => {
    const resources = declared.length;
    process.stdout.write(JSON.stringify({ resources, findings: findings([...declared, ...asked], policies) }));
  });
  configure(config);
  return program({ placeholders: 'accepted' });
});
