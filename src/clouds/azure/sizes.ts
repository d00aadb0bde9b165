import { pathText } from '../../config/path.ts';
import type { Blueprint, Role } from '../../model/blueprint.ts';
import type { Problem } from '../../model/problem.ts';

/**
 * Sizes of machines that Azure would refuse, or that would fail once the machine is there. A size says by its name what it is: family, processors, letters of features, version.
 * @param trustedLaunch which asks for an image of generation 2; without it the image is of generation 1
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

/** What is wrong, and what is right in its place */
function flawOf(size: string, { volume }: Role, trustedLaunch: boolean): [string, string] | undefined {
  const [, features = '', version = '1'] = form.exec(size) ?? [];
  if (!form.test(size)) return ['is not a size of cloud azure', 'a size by its full name, such as Standard_B2s'];
  if (features.includes('p'))
    return ['has ARM processors, which the images of machines and services are not for', 'such as Standard_B2s'];
  if (volume && Number(version) >= 6)
    return [
      'has its disks on NVMe, where the data disk has no name by its number (LUN)',
      'a size of version 5 or before, such as Standard_D2s_v5',
    ];
  if (!trustedLaunch && Number(version) >= 6)
    return ['boots images of generation 2 alone', 'a size of version 5 or before, or trustedLaunch: true'];
  if (trustedLaunch && firstGeneration.test(size))
    return [
      'boots images of generation 1 alone',
      'such as Standard_B2s, or trustedLaunch: false in berth:clouds azure',
    ];
  return undefined;
}

/** `Standard_D2ps_v5`, `Standard_E4-2ads_v5`, `Standard_NC24ads_A100_v4`: letters after the processors are features */
const form = /^(?:Standard|Basic)_[A-Z]+\d+(?:-\d+)?([a-z]*)(?:_(?!v\d)[A-Za-z0-9]+)*(?:_v(\d+))?$/;
const firstGeneration = /^(?:Basic_A\d+|Standard_(?:A\d+m?(?:_v2)?|[DFG]\d+(?:_v2)?))$/;
