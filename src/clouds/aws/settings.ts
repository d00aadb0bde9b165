import { z } from 'zod';
import { guided } from '../../config/guide.ts';
import { dnsZone } from '../dnsZone.ts';

/** Settings of AWS */
export const settings = guided(z.strictObject({ dnsZone: dnsZone.exactOptional() }).describe('AWS.'), {
  allowed: 'a block, which may be empty',
});

declare module '../../model/environment.ts' {
  interface CloudSettings {
    aws?: z.infer<typeof settings>;
  }
}
