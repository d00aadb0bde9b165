// What only the cloud knows of each part of a system, once it is made. A reference is a path into it: `caches.redis.host`.

export type MachineFacts<Known = string> = {
  publicAddress: Known;
  privateAddress: Known;
  /**
   * Where the machine sees its data disk: one path, or several with a space between them of which one appears; empty where
   * the cloud mounts it itself
   */
  volumeDevice?: Known;
};

/** Of every bucket, and what the protocol that it is used by needs */
export type BucketFacts<Known = string> = {
  endpoint: Known;
  bucket: Known;
  region: Known;
} & (
  | { accessKey: Known; secretKey: Known }
  | { username: Known; password: Known; project: Known }
  | { account: Known; key: Known }
);

/** As Filebeat writes to it; of `opensearch` and `kafka`, the stream's protocol is `true` and the other `false` */
export type LogStreamFacts<Known = string> = {
  scheme: Known;
  host: Known;
  port: Known;
  username: Known;
  password: Known;
  token: Known;
  opensearch: Known;
  kafka: Known;
};

/** The scheme is `rediss` with TLS, else `redis` */
export type CacheFacts<Known = string> = {
  scheme: Known;
  host: Known;
  port: Known;
};

/** `networks`: where its connections to machines come from, with commas between them */
export type BalancerFacts<Known = string> = {
  address: Known;
  networks: Known;
};

/**
 * `directory`: where certificates are asked for; `authority`: whom to trust there, empty for one that machines know;
 * `roots`: whom to trust at a site that has such a certificate
 */
export type AcmeFacts<Known = string> = {
  directory: Known;
  authority: Known;
  roots: Known;
};

/** The names of every variant */
type NamesOf<Facts> = Facts extends unknown ? keyof Facts & string : never;

export type MachineFact = NamesOf<MachineFacts>;
export type BucketFact = NamesOf<BucketFacts>;

/** The paths of all facts: what a blueprint may refer to */
export type FactPath =
  | `machines.${string}.${number}.${MachineFact}`
  | `buckets.${string}.${BucketFact}`
  | `logStreams.${string}.${NamesOf<LogStreamFacts>}`
  | `caches.${string}.${NamesOf<CacheFacts>}`
  | `balancers.${string}.${NamesOf<BalancerFacts>}`
  | `acme.${NamesOf<AcmeFacts>}`;
