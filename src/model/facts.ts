// Values of a system's resources that are known once the cloud has made them. A reference is the path of one:
// `caches.redis.host`.

export type MachineFacts<Known = string> = {
  publicAddress: Known;
  privateAddress: Known;
  /**
   * Device path of the data disk. Several candidates are separated by spaces, of which one exists; empty where the
   * cloud mounts the disk itself.
   */
  volumeDevice?: Known;
};

/** Common values of every bucket, and the credentials of the bucket's protocol */
export type BucketFacts<Known = string> = {
  endpoint: Known;
  bucket: Known;
  region: Known;
} & (
  | { accessKey: Known; secretKey: Known }
  | { username: Known; password: Known; project: Known }
  | { account: Known; key: Known }
);

/**
 * Connection settings for Filebeat. Of `opensearch` and `kafka`, the stream's protocol is `true` and the other `false`.
 */
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

/**
 * `scheme` is `rediss` with TLS, otherwise `redis`; `authority`: PEM certificate by which clients check its own, empty
 * where they trust that already or it has none; `sentinels`: addresses and ports of the Sentinels that say which of several
 * machines is its master, separated by commas, empty where `host` leads to it
 */
export type CacheFacts<Known = string> = {
  scheme: Known;
  host: Known;
  port: Known;
  authority: Known;
  sentinels: Known;
};

/**
 * The address that leads to whichever machine of a role works, or the name of the cloud's balancer of connections.
 * `privateAddress` is the one that the machines hold; absent where a service has it.
 */
export type FailoverFacts<Known = string> = {
  publicAddress: Known;
  privateAddress?: Known;
};

/** `networks`: source networks of its connections to machines, separated by commas */
export type BalancerFacts<Known = string> = {
  address: Known;
  networks: Known;
};

/**
 * `directory`: URL of the ACME directory; `authority`: PEM certificate of the directory's authority, empty where
 * machines trust it already; `roots`: PEM roots of the certificates that it issues
 */
export type AcmeFacts<Known = string> = {
  directory: Known;
  authority: Known;
  roots: Known;
};

/**
 * TLS certificate of a role's services and its private key, and the certificate of the system's authority, by which
 * clients check it; all in PEM
 */
export type CertificateFacts<Known = string> = {
  certificate: Known;
  key: Known;
  authority: Known;
};

/** Keys of all variants of a union */
type NamesOf<Facts> = Facts extends unknown ? keyof Facts & string : never;

export type MachineFact = NamesOf<MachineFacts>;
export type BucketFact = NamesOf<BucketFacts>;

/** Paths of all facts that a blueprint can refer to */
export type FactPath =
  | `machines.${string}.${number}.${MachineFact}`
  | `buckets.${string}.${BucketFact}`
  | `logStreams.${string}.${NamesOf<LogStreamFacts>}`
  | `caches.${string}.${NamesOf<CacheFacts>}`
  | `balancers.${string}.${NamesOf<BalancerFacts>}`
  | `certificates.${string}.${NamesOf<CertificateFacts>}`
  | `failovers.${string}.${NamesOf<FailoverFacts>}`
  | `acme.${NamesOf<AcmeFacts>}`
  | typeof ownAddress;

/** Path of the private address of whichever machine a service runs on */
export const ownAddress = 'own.privateAddress';
