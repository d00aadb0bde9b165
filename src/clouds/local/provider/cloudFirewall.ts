import { z } from 'zod';
import { lastLines, makeContainer, removeContainer, startContainer } from './containers.ts';
import { docker } from './docker.ts';
import { cloudFirewall } from './firewall.ts';
import { CLOUD_FOLDER, type MachineInputs, volumesOf } from './machineSettings.ts';
import type { Owner } from './owner.ts';

/**
 * Installs nftables and the firewall's rules in the machine's cloud volume, from which it loads them at boot. The rules
 * are loaded once in a network namespace of a helper container, so that invalid ones fail here.
 */
export async function installFirewall(inputs: MachineInputs, owner: Owner): Promise<void> {
  await succeed(inputs, owner, `${install}\n${load}`, 'none');
}

/** Updates the rules of a running machine, now and for its next boots */
export async function updateFirewall(inputs: MachineInputs, owner: Owner): Promise<void> {
  await succeed(inputs, owner, load, `container:${inputs.name}`);
}

/** Returns whether a running machine has exactly the rules that it was given last */
export async function firewallStands(inputs: MachineInputs, owner: Owner): Promise<boolean> {
  const { exitCode, output } = await runHelper(inputs, owner, compare, `container:${inputs.name}`);
  if (exitCode > 1) throw new Error(failure(inputs, output));
  return exitCode === 0;
}

/** Copies nft and its libraries into the cloud's folder, since the machine may have no nftables */
const install = `
mkdir -p ${CLOUD_FOLDER}/lib
program=$(command -v nft)
ldd "$program" | grep -o '/[^ ]*' | xargs cp --target-directory ${CLOUD_FOLDER}/lib "$program"
cp ${CLOUD_FOLDER}/lib/ld-*.so.* ${CLOUD_FOLDER}/ld.so
printf '#!/bin/sh\\nexec %s/ld.so --library-path %s/lib %s/lib/nft "$@"\\n' ${CLOUD_FOLDER} ${CLOUD_FOLDER} ${CLOUD_FOLDER} > ${CLOUD_FOLDER}/nft
chmod 0755 ${CLOUD_FOLDER}/nft`;

/** Saves the kernel's listing after loading, against which later checks compare */
const load = `
printf %s "$FIREWALL" > ${CLOUD_FOLDER}/firewall.new
nft -f ${CLOUD_FOLDER}/firewall.new
mv ${CLOUD_FOLDER}/firewall.new ${CLOUD_FOLDER}/firewall.nft
nft -s list table inet cloud > ${CLOUD_FOLDER}/firewall.loaded`;

const compare = `
nft -s list table inet cloud > /tmp/now || exit 1
cmp -s /tmp/now ${CLOUD_FOLDER}/firewall.loaded`;

async function succeed(inputs: MachineInputs, owner: Owner, script: string, networkMode: string): Promise<void> {
  const { exitCode, output } = await runHelper(inputs, owner, script, networkMode);
  if (exitCode !== 0) throw new Error(failure(inputs, output));
}

/**
 * Runs a script in a short-lived container, so that changes inside the machine cannot affect the firewall's tools
 * @param networkMode docker's network mode: `none`, or the machine's network
 */
async function runHelper(inputs: MachineInputs, owner: Owner, script: string, networkMode: string) {
  const name = `${inputs.name}-firewall`;
  await makeContainer(name, owner, {
    Image: inputs.firewallImage,
    Entrypoint: ['/bin/sh', '-euc', script],
    Cmd: [],
    Env: [`FIREWALL=${cloudFirewall(inputs.rules)}`],
    HostConfig: {
      CapAdd: ['NET_ADMIN'],
      Binds: [`${volumesOf(inputs.name).cloud}:${CLOUD_FOLDER}`],
      NetworkMode: networkMode,
    },
  });
  try {
    await startContainer(name);
    const answer = await docker('POST', `/containers/${name}/wait`);
    const exitCode = z.object({ StatusCode: z.number() }).parse(JSON.parse(answer)).StatusCode;
    return { exitCode, output: exitCode === 0 ? '' : await lastLines(name) };
  } finally {
    await removeContainer(name, owner);
  }
}

function failure({ name, firewallImage }: MachineInputs, output: string): string {
  return `the cloud firewall of machine ${name} could not be set from image ${firewallImage}: ${output}`;
}
