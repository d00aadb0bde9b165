import { keyPair } from '../../../src/keyPair.ts';
import { type Sample, sample } from '../../stack/awsProgram.ts';
import { type Account, region } from './account.ts';
import type { Live } from './live.ts';

/**
 * A system with everything that AWS has, on an account with what must be there before: a certificate, a DNS zone, an
 * address that the system adopts
 */
export async function everything(aws: Account, { answers, functions }: Live): Promise<Sample> {
  await aws.call('route53', 'CreateHostedZone', { Name: 'example.org', CallerReference: 'test' });
  await aws.call('ec2', 'AllocateAddress', { Domain: 'vpc', Address: '198.51.100.7' });
  const arn = await certificate(aws, 'shop.example.org');
  return {
    ...{ answers, functions, deployKey: keyPair('test').public, entry: { region } },
    blueprint: { balancers: sample.balancers.map((one) => ({ ...one, certificate: arn })) },
  };
}

/** Asks for a certificate, and returns its ARN */
export async function certificate(aws: Account, DomainName: string): Promise<string> {
  return (await aws.call<{ CertificateArn: string }>('acm', 'RequestCertificate', { DomainName })).CertificateArn;
}
