import { BlobContainer } from '@pulumi/azure-native/storage/blobContainer.js';
import { BlobServiceProperties } from '@pulumi/azure-native/storage/blobServiceProperties.js';
import { listStorageAccountKeysOutput } from '@pulumi/azure-native/storage/listStorageAccountKeys.js';
import { StorageAccount } from '@pulumi/azure-native/storage/storageAccount.js';
import type { Bucket } from '../../model/blueprint.ts';
import type { BucketFacts } from '../../model/facts.ts';
import { limitedName } from '../../model/names.ts';
import { kept } from '../keep.ts';
import { type Fact, plainFact, secretFact } from '../makers.ts';
import type { Shared } from './shared.ts';

/** Days for which deleted and overwritten blobs can be restored */
const restoreDays = 30;

/**
 * Creates a private container in a storage account of its own, which accepts connections from the system's subnet only.
 * Machines have no identity in Entra ID, so they use the account's key; it gives access to this one bucket only.
 */
export function makeBucket(scope: Shared, { name: bucket }: Bucket): BucketFacts<Fact> {
  const { request, group, options, network } = scope;
  const name = `${request.blueprint.system}-${bucket}`;
  const keep = { ...options, ...kept(request) };
  const account = new StorageAccount(
    name,
    {
      accountName: scope.globalName([bucket], { length: 24, joiner: '' }),
      resourceGroupName: group,
      kind: 'StorageV2',
      sku: { name: 'Standard_LRS' },
      minimumTlsVersion: 'TLS1_2',
      enableHttpsTrafficOnly: true,
      allowBlobPublicAccess: false,
      allowCrossTenantReplication: false,
      allowSharedKeyAccess: true,
      defaultToOAuthAuthentication: true,
      isLocalUserEnabled: false,
      encryption: { keySource: 'Microsoft.Storage', requireInfrastructureEncryption: true },
      networkRuleSet: {
        defaultAction: 'Deny',
        bypass: 'AzureServices',
        virtualNetworkRules: [{ virtualNetworkResourceId: network.subnet }],
      },
      tags: scope.tags(),
    },
    // An imported account keeps its name
    { ...keep, ignoreChanges: ['accountName'] },
  );
  const place = { accountName: account.name, resourceGroupName: group };
  const retention = { enabled: true, days: restoreDays };
  new BlobServiceProperties(
    `${name}-versions`,
    {
      ...place,
      blobServicesName: 'default',
      isVersioningEnabled: true,
      deleteRetentionPolicy: retention,
      containerDeleteRetentionPolicy: retention,
    },
    keep,
  );
  const container = new BlobContainer(
    `${name}-container`,
    { ...place, containerName: containerName(bucket), publicAccess: 'None' },
    { ...keep, ignoreChanges: ['containerName'] },
  );
  const { keys } = listStorageAccountKeysOutput(place, options);
  return {
    endpoint: plainFact(account.primaryEndpoints.blob),
    bucket: plainFact(container.name),
    region: plainFact(account.location),
    account: plainFact(account.name),
    key: secretFact(keys.apply(([first]) => first?.value ?? '')),
  };
}

/** Returns the name of a container, which has three characters at least */
export const containerName = (bucket: string): string =>
  limitedName(bucket.length < 3 ? [bucket, 'bucket'] : [bucket], { length: 63 });
