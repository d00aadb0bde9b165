import type { ClusterCloud, DeliveryRequest } from '../clouds/cloud.ts';
import { systemComponent } from '../clouds/systemComponent.ts';
import { tell } from '../clouds/tell.ts';
import { outputs } from '../hosts/outputs.ts';
import type { CloudFace } from '../model/cloud.ts';
import { runningImages } from '../model/images.ts';

export interface DeliverArgs extends Omit<DeliveryRequest, 'parent' | 'images'> {
  cloud: ClusterCloud;
  face: CloudFace;
}

/** Delivers one system into a cluster; returns its stack outputs */
export async function deliver({ cloud, ...args }: DeliverArgs): Promise<Record<string, unknown>> {
  const parent = systemComponent(args.blueprint.system);
  const images = runningImages(args.face, args.environment);
  const { facts, cluster } = await cloud.deliver({ ...args, images, parent });
  tell(args, parent);
  return { ...outputs(args, { hosts: {}, facts }), cluster };
}
