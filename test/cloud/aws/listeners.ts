import type { ListenerArgs } from '@pulumi/aws/lb/listener.js';
import type { Account } from './account.ts';
import { service, tagsThere } from './balancers.ts';
import { camel, kind, only, pascal, tagList } from './kind.ts';

export const listeners = {
  'aws:lb/listener:Listener': kind<ListenerArgs>({
    async make(aws, inputs, tags) {
      const { Listeners } = await aws.call<{ Listeners: { ListenerArn: string }[] }>(service, 'CreateListener', {
        ...{ LoadBalancerArn: inputs.loadBalancerArn, Port: inputs.port, Protocol: inputs.protocol },
        ...(inputs.sslPolicy && { SslPolicy: await known(aws, inputs.sslPolicy) }),
        ...(inputs.certificateArn && { Certificates: [{ CertificateArn: inputs.certificateArn }] }),
        DefaultActions: inputs.defaultActions
          .map(({ type, redirect, targetGroupArn }) => ({
            ...{ Type: type, TargetGroupArn: targetGroupArn, RedirectConfig: pascal(redirect) },
          }))
          .map(stripped),
        Tags: tagList(tags),
      });
      return { id: only(Listeners, 'listener').ListenerArn };
    },
    async read(aws, id) {
      const { Listeners } = await aws.call<{ Listeners: ThereListener[] }>(service, 'DescribeListeners', {
        ListenerArns: [id],
      });
      const there = only(Listeners, id);
      return stripped({
        ...{ loadBalancerArn: there.LoadBalancerArn, port: there.Port, protocol: there.Protocol },
        sslPolicy: there.Protocol === 'HTTPS' ? there.SslPolicy : undefined,
        certificateArn: there.Certificates?.[0]?.CertificateArn,
        defaultActions: there.DefaultActions.map(({ Type, RedirectConfig, TargetGroupArn, ForwardConfig }) =>
          stripped({
            type: Type,
            redirect: RedirectConfig && camel(RedirectConfig),
            targetGroupArn: TargetGroupArn ?? ForwardConfig?.TargetGroups[0]?.TargetGroupArn,
          }),
        ),
        tags: await tagsThere(aws, id),
      });
    },
  }),
};

interface ThereListener {
  LoadBalancerArn: string;
  Port: number;
  Protocol: string;
  SslPolicy?: string;
  Certificates?: { CertificateArn: string }[];
  DefaultActions: {
    Type: string;
    RedirectConfig?: object;
    TargetGroupArn?: string;
    ForwardConfig?: { TargetGroups: { TargetGroupArn: string }[] };
  }[];
}

/** Without what is not there */
const stripped = (value: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined));

/** @throws if AWS has no policy of TLS of that name */
async function known(aws: Account, policy: string): Promise<string> {
  const { SslPolicies } = await aws.call<{ SslPolicies: { Name: string }[] }>(service, 'DescribeSSLPolicies', {});
  if (SslPolicies.some(({ Name }) => Name === policy)) return policy;
  throw new Error(`${policy} is none of ${SslPolicies.map(({ Name }) => Name).join(', ')}`);
}
