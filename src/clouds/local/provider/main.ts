import { serve } from '../../../pulumi/plugin/serve.ts';
import { computer } from './computer.ts';
import { handlers } from './handlers.ts';

serve({
  name: 'berthlocal',
  version: '0.1.0',
  resources: { ...handlers },
  functions: { 'berthlocal:index:computer': computer },
});
