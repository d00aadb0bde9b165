import * as pulumi from '@pulumi/pulumi';

/** Creates the parent of every resource of a system */
export const systemComponent = (system: string): pulumi.ComponentResource =>
  new pulumi.ComponentResource('berth:index:System', system, {}, { transformations: [withoutAliases] });

/**
 * Removes the aliases of a resource, its names in former SDK versions: some have thirty, and the engine computes a URN
 * for each
 */
const withoutAliases: pulumi.ResourceTransformation = ({ props, opts }) => ({ props, opts: { ...opts, aliases: [] } });
