import { EventHub } from '@pulumi/azure-native/eventhub/eventHub.js';
import { EventHubAuthorizationRule } from '@pulumi/azure-native/eventhub/eventHubAuthorizationRule.js';
import { listEventHubKeysOutput } from '@pulumi/azure-native/eventhub/listEventHubKeys.js';
import { Namespace } from '@pulumi/azure-native/eventhub/namespace.js';
import * as pulumi from '@pulumi/pulumi';
import type { LogStream } from '../../model/blueprint.ts';
import type { LogStreamFacts } from '../../model/facts.ts';
import { type Fact, plainFact, secretFact } from '../makers.ts';
import type { Scope } from './scope.ts';

/** Maximum retention of the Standard tier */
const retentionDays = 7;

/** Creates an event hub, which speaks Kafka (Standard tier and above), with a key that may only send to it */
export function makeLogStream(scope: Scope, { name: stream }: LogStream): LogStreamFacts<Fact> {
  const { request, group, options } = scope;
  const name = `${request.blueprint.system}-${stream}-logs`;
  const namespace = new Namespace(
    name,
    {
      namespaceName: scope.globalName([stream, 'logs'], { length: 50 }),
      resourceGroupName: group,
      sku: { name: 'Standard', tier: 'Standard', capacity: 1 },
      minimumTlsVersion: '1.2',
      tags: scope.tags(),
    },
    options,
  );
  const place = { namespaceName: namespace.name, resourceGroupName: group };
  const hub = new EventHub(
    `${name}-hub`,
    // Machines write to the Kafka topic of the stream's name
    { ...place, eventHubName: stream, partitionCount: 2, messageRetentionInDays: retentionDays },
    options,
  );
  const rule = new EventHubAuthorizationRule(
    `${name}-sender`,
    { ...place, eventHubName: hub.name, authorizationRuleName: 'send', rights: ['Send'] },
    options,
  );
  const keys = listEventHubKeysOutput({ ...place, eventHubName: hub.name, authorizationRuleName: rule.name }, options);
  return {
    scheme: plainFact('kafka'),
    host: plainFact(pulumi.interpolate`${namespace.name}.servicebus.windows.net`),
    port: plainFact('9093'),
    username: plainFact('$ConnectionString'),
    password: secretFact(keys.primaryConnectionString),
    token: plainFact(''),
    opensearch: plainFact('false'),
    kafka: plainFact('true'),
  };
}
