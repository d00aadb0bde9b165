import { serve } from '../plugin.ts';
import { unserved } from './inputs.ts';
import { remoteCommand } from './resource.ts';

/**
 * Stands in for `pulumi-resource-command` where that can't be downloaded: `remote.Command` alone, as far as berth uses it,
 * true to the genuine plugin and never kinder, so that what works with it works with the genuine one.
 */
serve({
  name: 'command',
  version: '1.2.1',
  resources: { 'command:remote:Command': remoteCommand },
  refuse: unserved,
});
