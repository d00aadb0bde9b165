import { checkout } from '../../src/paths.ts';
import { type Place, placeIn } from '../../src/pulumi/place.ts';

/** That of this checkout's stack `local` */
export const localPlace: Place = placeIn(checkout, 'local');
