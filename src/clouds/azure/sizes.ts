import { pathText } from '../../config/path.ts';
import type { Blueprint, Role } from '../../model/blueprint.ts';
import type { Problem } from '../../model/problem.ts';

/**
 * Returns machine sizes that Azure would reject, or that would fail once the machine exists. A size's name encodes its
 * family, number of processors, features (letters) and version.
 * @param trustedLaunch `true` uses an image of generation 2, `false` one of generation 1
 */
export const azureSizeProblems = (
  { system, roles }: Pick<Blueprint, 'system' | 'roles'>,
  trustedLaunch: boolean,
): readonly Problem[] =>
  Object.entries(roles).flatMap(([, definition]) => {
    const flaw = definition.size !== undefined && flawOf(definition.size, definition, trustedLaunch);
    if (!flaw) return [];
    const [message, allowed] = flaw;
    return [
      {
        path: pathText(['berth:systems', system, definition.option, 'size']),
        value: `\`${definition.size}\``,
        message,
        allowed,
      },
    ];
  });

/** Returns the message and the allowed values for an unsuitable size */
function flawOf(size: string, { volume }: Role, trustedLaunch: boolean): [string, string] | undefined {
  const [, features = '', version = '1'] = form.exec(size) ?? [];
  if (!form.test(size)) return ['is not a size of cloud azure', 'a size by its full name, such as Standard_B2s'];
  if (features.includes('p'))
    return ['has ARM processors, and the images of machines and services are for x86', 'such as Standard_B2s'];
  if (volume && Number(version) >= 6)
    return [
      "has NVMe disks, where the data disk can't be found by its LUN",
      'a size of version 5 or earlier, such as Standard_D2s_v5',
    ];
  if (!trustedLaunch && Number(version) >= 6)
    return ['boots only images of generation 2', 'a size of version 5 or earlier, or trustedLaunch: true'];
  if (trustedLaunch && firstGeneration.test(size))
    return ['boots only images of generation 1', 'such as Standard_B2s, or trustedLaunch: false in berth:clouds azure'];
  return undefined;
}

/**
 * Letters after the number of processors are features: `Standard_D2ps_v5`, `Standard_E4-2ads_v5`,
 * `Standard_NC24ads_A100_v4`
 */
const form = /^(?:Standard|Basic)_[A-Z]+\d+(?:-\d+)?([a-z]*)(?:_(?!v\d)[A-Za-z0-9]+)*(?:_v(\d+))?$/;
const firstGeneration = /^(?:Basic_A\d+|Standard_(?:A\d+m?(?:_v2)?|[DFG]\d+(?:_v2)?))$/;
