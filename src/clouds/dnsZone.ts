import { textField } from '../config/guide.ts';
import { domainFlaw } from '../config/network.ts';
import { exampleName } from '../config/reserved.ts';

/** Setting of clouds that have DNS zones */
export const dnsZone = textField({
  noun: 'a DNS zone',
  description: 'The DNS zone in which records are created. @default none: the records to set are in the outputs',
  examples: ['basegun.fr'],
  allowed: 'the name of a zone of the account, such as basegun.fr',
  pattern: /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/,
  flaw: domainFlaw,
  placeholder: exampleName,
});
