import { serve } from '../plugin/serve.ts';
import { unserved } from './inputs.ts';
import { remoteCommand } from './resource.ts';

/**
 * Stand-in for `pulumi-resource-command`, where that can't be downloaded. It implements the parts of `remote.Command`
 * that berth uses, and is never more permissive than the genuine plugin, so that whatever works with it works with the
 * genuine one.
 */
serve({
  name: 'command',
  version: '1.2.1',
  resources: { 'command:remote:Command': remoteCommand },
  refuse: unserved,
});
