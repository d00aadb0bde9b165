import { afterAll, beforeAll, describe } from 'vitest';
import { behindGateway } from './bare/gateway.ts';
import { metadataAddress } from './bare/metadata.ts';
import { reachability } from './bare/reachability.ts';
import { makeScene, type Scene } from './bare/scene.ts';

let scene: Scene;

beforeAll(async () => {
  scene = await makeScene();
});

afterAll(async () => {
  await scene?.remove();
});

describe("a bare Debian behind a provider's gateway", () => behindGateway(() => scene));
describe('the metadata address', () => metadataAddress(() => scene));
describe('reachability', () => reachability(() => scene));
