import { deployKey } from '../../config/secrets.ts';
import { type EngineStack, engineStack, pulumi } from '../../pulumi/stack.ts';
import { stackName } from '../../pulumi/stackName.ts';
import { chosenBackend, chosenProvider, chosenSecrets, type Given } from './answers.ts';
import { withDeployKey } from './deployKey.ts';
import { guide } from './guide.ts';
import { withPassphrase } from './passphrase.ts';
import { checkAgreement, type EngineRun, engineRuns } from './plan.ts';
import { readStack, stacksIn } from './stack.ts';

/**
 * Creates a stack, sets its secrets, and prints what was done and what remains. All questions come first, so that
 * stopping at one changes nothing.
 * @throws where an answer is missing or wrong, or with the engine's message
 */
export async function prepareStack(stack: string, options: Omit<Given, 'environment'>): Promise<void> {
  const { environment, blueprints, missing, fileProvider } = readStack(stack);
  const own = await engineStack(stack);
  if (own.configFile !== undefined) throw new Error(`stack ${stack} is set up by npx berth local`);
  const given = { ...options, environment: own.environment };
  const backend = await chosenBackend(stack, given);
  const secretsProvider = await chosenProvider(fileProvider, given);
  const engine = { ...own, environment: { ...own.environment, PULUMI_BACKEND_URL: backend } };
  // Checks before any secret is typed that the backend is reachable and matches the choices
  const stackExists = stacksIn(await pulumi(engine, ['stack', 'ls', '--json'])).includes(stackName(stack));
  const found = { stackExists, fileProvider };
  checkAgreement(stack, secretsProvider, found);

  const sealed = fileProvider !== undefined;
  const wanted = { stack, missing, provider: secretsProvider, sealed, stackExists, made: [deployKey] };
  const { passphrase, values } = await chosenSecrets(wanted, given);
  const { secrets, publicKey } = withDeployKey(stackName(stack), missing, values);
  await withPassphrase(engine.environment, passphrase, (variables) =>
    run({ ...engine, environment: variables }, engineRuns(stack, { secretsProvider, secrets }, found)),
  );
  const left = new Map([...missing].filter(([name]) => !secrets.has(name)));
  process.stdout.write(guide({ stack, backend, secretsProvider, environment, blueprints, left, publicKey }));
}

async function run(engine: EngineStack, plan: readonly EngineRun[]): Promise<void> {
  for (const { args, input, done } of plan) {
    await pulumi(engine, args, input);
    console.log(`✓ ${done}`);
  }
  if (plan.length === 0) console.log('✓ the stack exists and has all its secrets');
}
