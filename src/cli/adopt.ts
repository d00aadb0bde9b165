import { Command, Option } from 'commander';
import type { AdoptOptions } from './adopt/adopt.ts';

export const adoptCommand = (): Command =>
  new Command('adopt')
    .summary("write an environment's entry from what another tool has")
    .description(
      "write an environment's entry, its machines and options, from an inventory of Ansible, Kamal's configuration or " +
        "Terraform's state, with the file of what `pulumi import` takes over; says what it leaves out",
    )
    .argument('<stack>', 'the environment, for example preprod')
    .option('--ansible <inventory>', 'an inventory in INI or YAML, or what `ansible-inventory --list` prints')
    .addOption(
      new Option('--kamal <file>', "Kamal's deploy.yml; again for a destination's file, which overrides it")
        .argParser(collected)
        .default([], 'none')
        .conflicts('ansible'),
    )
    .addOption(
      new Option('--terraform <file>', 'a state, or what `terraform show -json` prints of a state or plan').conflicts([
        'ansible',
        'kamal',
      ]),
    )
    .option('--keep-machines', 'adopt the machines of a Terraform state as they are, over SSH')
    .option(
      '--bucket <name=name>',
      "a bucket of the system and its name in Terraform's state; may be repeated",
      collected,
      [],
    )
    .option('--option <name=value>', 'an option of the system, such as version=3.3.0; may be repeated', collected, [])
    .option('--playbook-dir <folder>', 'the folder of the playbook, whose group_vars and host_vars count too')
    .option('--vars <file>', 'variables for all hosts, as `-e @FILE` gives them; may be repeated', collected, [])
    .option(
      '--system <name=role,…>',
      'the system that runs there, and GROUP:ROLE where names differ; may be repeated',
      collected,
      [],
    )
    .option(
      '--address <name=address>',
      'the address of a machine that DNS does not know; may be repeated',
      collected,
      [],
    )
    .option('--user <name>', 'the login of machines that name none')
    .option('--known-hosts <file>', 'where host keys are looked up (default: ~/.ssh/known_hosts)')
    .option('--dry-run', 'print the entry, and write nothing')
    .addHelpText('after', details)
    .action(adopt);

const details = `
Nothing is asked of the machines. What it could not take over is listed with its line. Values of secrets are written
nowhere: each is named with the command that sets it.

Examples:
  $ berth adopt prod --terraform terraform.tfstate --system mad=api,api_load_balancer:balancer,web,client
  $ berth adopt staging --ansible environments/staging/hosts --playbook-dir .
  $ berth adopt prod --kamal config/deploy.yml --kamal config/deploy.production.yml --system shop=web
  $ berth adopt prod --ansible inventory.yml --system lostops=web:app,database,docker:monitoring --dry-run`;

async function adopt(stack: string, options: AdoptOptions): Promise<void> {
  const implementation = await import('./adopt/adopt.ts');
  await implementation.adopt(stack, options);
}

function collected(value: string, all: readonly string[]): readonly string[] {
  return [...all, value];
}
