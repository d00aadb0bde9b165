import * as pulumi from '@pulumi/pulumi';
import type { ProvisionRequest } from '../cloud.ts';
import { type Issuer, plainFact, secretFact } from '../makers.ts';
import { Authority, Certificate } from './resources.ts';

/** Creates a system's own certificate authority with berth's own provider, which needs no download */
export function localAuthority({ blueprint: { system }, parent }: ProvisionRequest): Issuer {
  const comment = `${system}-authority`;
  const authority = new Authority(comment, { comment }, { parent });
  return ({ role, names, addresses }) => {
    const comment = `${system}-${role}-certificate`;
    const { certificate, privateKey } = new Certificate(
      comment,
      {
        comment,
        names: [...names],
        addresses: [...addresses],
        authority: authority.certificate,
        authorityKey: pulumi.secret(authority.privateKey),
      },
      { parent },
    );
    return {
      certificate: plainFact(certificate),
      key: secretFact(privateKey),
      authority: plainFact(authority.certificate),
    };
  };
}
