import { pathText } from '../../config/path.ts';
import type { Blueprint } from '../../model/blueprint.ts';
import type { Problem } from '../../model/problem.ts';
import { reservedWord } from './reservedWord.ts';
import { type AzureSettings, defaults } from './settings.ts';
import { azureSizeProblems } from './sizes.ts';
import { windowsZone } from './windowsZone.ts';

/** Returns settings of Azure that are missing or that Azure would reject */
export function azureProblems(
  { system, roles, buckets, logStreams }: Blueprint,
  settings: Partial<AzureSettings> = {},
): readonly Problem[] {
  const { dnsZone, dnsZoneGroup, resourceGroup, trustedLaunch = defaults.trustedLaunch } = settings;
  const problems = [
    ...zoneProblems({ system, roles }),
    ...azureSizeProblems({ system, roles }, trustedLaunch),
    ...reservedProblems(system, [...buckets, ...logStreams]),
  ];
  if (dnsZone === undefined || dnsZoneGroup !== undefined || resourceGroup !== undefined) return problems;
  const missing = {
    path: pathText(['berth:clouds', 'azure', 'dnsZoneGroup']),
    message: `is missing: the zone ${dnsZone} is in a resource group`,
    fix: 'name its resource group',
  };
  return [...problems, missing];
}

/** Returns schedules whose time zone has no name on Azure, of Azure's own machines and of its labs' machines */
export const zoneProblems = ({ system, roles }: Pick<Blueprint, 'system' | 'roles'>): readonly Problem[] =>
  Object.entries(roles).flatMap(([, { option, schedule }]) =>
    schedule && windowsZone(schedule.zone) === undefined ? [unknownZone(system, option, schedule.zone)] : [],
  );

const unknownZone = (system: string, option: string, zone: string): Problem => ({
  path: pathText(['berth:systems', system, option, 'schedule', 'zone']),
  value: `\`${zone}\``,
  message: 'is a time zone without a known equivalent on Azure',
  allowed: 'a time zone with an Azure equivalent, such as Europe/Paris, America/New_York or Etc/UTC',
  fix: 'choose one with the same offset',
});

/** Returns buckets and log streams whose names, which Azure's are made of, contain a word that Azure keeps for itself */
const reservedProblems = (system: string, named: readonly { name: string }[]): readonly Problem[] =>
  named.flatMap(({ name }) => {
    const word = reservedWord(`${system}-${name}`) ?? reservedWord(name);
    if (word === undefined) return [];
    const path = pathText(['berth:systems', system]);
    const message = `has a bucket or log stream ${name}: Azure keeps the word ${word} for itself (ReservedResourceName)`;
    return [{ path, message, fix: 'give the system, bucket or log stream another name, or choose another cloud' }];
  });
