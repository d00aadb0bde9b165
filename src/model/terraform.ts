import type { BucketApi } from './blueprint.ts';

/** Attributes of a resource in Terraform's state */
export type Attributes = Readonly<Record<string, unknown>>;

/** What of a cloud's resources is taken over from Terraform, as a table in its folder has it; it imports no Pulumi */
export interface TerraformTable {
  /** Name of Terraform's provider */
  provider: string;
  /** Machines by their type */
  machines: Readonly<Record<string, (attributes: Attributes) => TerraformMachine>>;
  /** What is imported, by its type */
  imports: Readonly<Record<string, TerraformImport>>;
  /** Types that only say which machine something belongs to */
  links: readonly string[];
  /** Why other types are not imported, by a pattern of their names; the first that matches counts */
  left: readonly (readonly [types: RegExp, why: string])[];
  /** Settings of the cloud that resources tell, such as the id of a project */
  settings?(all: readonly Attributes[]): Attributes;
  /** Variables that the engine's default provider of the cloud needs for an import */
  variables(region: string): Readonly<Record<string, string>>;
}

export interface TerraformMachine {
  name?: string | undefined;
  size?: string | undefined;
  /** @default the cloud's, or not said */
  diskGb?: number | undefined;
  region?: string | undefined;
  address?: string | undefined;
  privateAddress?: string | undefined;
  user?: string | undefined;
  /** Whether `address` outlives the machine without a resource of its own, so that a role adopts it */
  isReserved?: boolean;
}

export interface TerraformImport {
  /** Type of the program's resource */
  type: string;
  /** What there is one of it for: a machine, a bucket of the system, or the system */
  of: 'machine' | 'bucket' | 'system';
  /** Ending of its name in the program, after the name of the machine, the bucket or the system */
  ending?: string;
  /** Only where the role has this: a data disk, or an address that outlives its machines. @default always */
  needs?: 'volume' | 'reserved';
  /** Id with which it is imported. @default the attribute `id` */
  id?(attributes: Attributes): string | undefined;
  /** Protocol of a bucket. @default the only one of the cloud */
  api?: BucketApi;
  /** Name of the bucket that it is of. @default the attribute `name` */
  bucket?(attributes: Attributes): string | undefined;
  /** Range of a network, which the program's has to have */
  range?(attributes: Attributes): string | undefined;
  /**
   * Returns why the cloud would make another one in its place, or could not have both
   * @param all attributes of all resources
   * @param settings of the cloud in the environment
   */
  flaw?(attributes: Attributes, all: readonly Attributes[], settings: Attributes): string | undefined;
}

/** Returns an attribute that is a text and not empty */
export const textIn = (attributes: Attributes, name: string): string | undefined => {
  const value = attributes[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

/** Returns an attribute that is a number, also where it is written as a text */
export const numberIn = (attributes: Attributes, name: string): number | undefined => {
  const value = attributes[name];
  return value === undefined || value === null || value === '' || Number.isNaN(Number(value))
    ? undefined
    : Number(value);
};

/** Returns the blocks of an attribute */
export const blocksIn = (attributes: Attributes, name: string): readonly Attributes[] => {
  const value = attributes[name];
  const list = Array.isArray(value) ? value : [value];
  return list.filter((one): one is Attributes => typeof one === 'object' && one !== null);
};
