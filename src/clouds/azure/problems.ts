import { pathText } from '../../config/path.ts';
import type { Blueprint } from '../../model/blueprint.ts';
import type { Problem } from '../../model/problem.ts';
import { type AzureSettings, defaults } from './settings.ts';
import { azureSizeProblems } from './sizes.ts';
import { windowsZone } from './windowsZone.ts';

/** What Azure must know, and what it has no word for */
export function azureProblems({ system, roles }: Blueprint, settings: Partial<AzureSettings> = {}): readonly Problem[] {
  const { dnsZone, dnsZoneGroup, resourceGroup, trustedLaunch = defaults.trustedLaunch } = settings;
  const problems = [...zoneProblems({ system, roles }), ...azureSizeProblems({ system, roles }, trustedLaunch)];
  if (dnsZone === undefined || dnsZoneGroup !== undefined || resourceGroup !== undefined) return problems;
  const missing = {
    path: pathText(['berth:clouds', 'azure', 'dnsZoneGroup']),
    message: `is missing: the zone ${dnsZone} lies in a resource group`,
    fix: 'name its resource group',
  };
  return [...problems, missing];
}

/** Time zones of schedules that Azure keeps, also those of its labs' machines */
export const zoneProblems = ({ system, roles }: Pick<Blueprint, 'system' | 'roles'>): readonly Problem[] =>
  Object.entries(roles).flatMap(([, { option, schedule }]) =>
    schedule && windowsZone(schedule.zone) === undefined ? [unknownZone(system, option, schedule.zone)] : [],
  );

const unknownZone = (system: string, option: string, zone: string): Problem => ({
  path: pathText(['berth:systems', system, option, 'schedule', 'zone']),
  value: `\`${zone}\``,
  message: 'is a time zone for which berth knows no name on Azure, which has names of its own',
  allowed: 'a zone with the clocks of a larger place, such as Europe/Paris, America/New_York or Etc/UTC',
  fix: 'name one whose clocks show the same time',
});
