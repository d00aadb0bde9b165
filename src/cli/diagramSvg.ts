import { clouds } from '../clouds/registry.ts';
import type { Blueprint } from '../model/blueprint.ts';
import type { Environment } from '../model/environment.ts';
import { dot } from '../render/diagram/dot.ts';
import { drawing } from '../render/diagram.ts';

/** Returns the diagram of a stack as an SVG image */
export async function diagramSvg(environment: Environment, blueprints: readonly Blueprint[]): Promise<string> {
  const { instance } = await import('@viz-js/viz');
  return (await instance()).renderString(dot(drawing(environment, blueprints, clouds)), { format: 'svg' });
}
