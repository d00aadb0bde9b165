// Records of clients, and the connections to the Redis that all machines of the API share
const { Redis } = require('ioredis');

const { REDIS_HOST, REDIS_PORT, REDIS_SCHEME, REDIS_PASSWORD, REDIS_SENTINELS } = process.env;
/** A client that says nothing for so long is gone, whatever became of the machine that knew it */
const recordSeconds = 15;

/** The master that Sentinels name, whatever became of the former one: also when a connection to it does not end by itself */
const bySentinels = {
  name: 'main',
  sentinels: (REDIS_SENTINELS ?? '')
    .split(',')
    .map((one) => ({ host: one.split(':')[0], port: Number(one.split(':')[1]) })),
  ...(REDIS_PASSWORD && { sentinelPassword: REDIS_PASSWORD }),
  ...(REDIS_SCHEME === 'rediss' && { enableTLSForSentinelMode: true, sentinelTLS: {} }),
  sentinelMaxConnections: 3,
  failoverDetector: true,
  connectTimeout: 2000,
  sentinelRetryStrategy: () => 500,
};

/** A Redis that is away is asked again every half second; until then a command fails instead of waiting in a queue */
const connection = (more = {}) => {
  const redis = new Redis({
    ...(REDIS_SENTINELS ? bySentinels : { host: REDIS_HOST, port: Number(REDIS_PORT) }),
    ...(REDIS_SCHEME === 'rediss' && { tls: {} }),
    ...(REDIS_PASSWORD && { password: REDIS_PASSWORD }),
    retryStrategy: () => 500,
    maxRetriesPerRequest: 1,
    commandTimeout: 3000,
    ...more,
  });
  return redis.on('error', ({ message }) => console.error(`redis: ${message}`));
};

/** One that listens, and goes on waiting for a Redis that is away */
const listening = () => connection({ maxRetriesPerRequest: null, commandTimeout: undefined });

/** Removes a client's record, unless it has come back by another connection, which another machine may hold */
const removal = `local record = redis.call('GET', KEYS[1])
if not record or cjson.decode(record).connection ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`;

function records(redis) {
  return {
    healthy: async () => (await redis.ping()) === 'PONG',
    async put(record) {
      await redis.set(`client_${record.id}`, JSON.stringify(record), 'EX', recordSeconds);
      // Known to a replica too, which may be the next master
      if (REDIS_SENTINELS && (await redis.wait(1, 1000)) === 0) throw new Error('no replica has the record');
    },
    remove: async (id, connection) => (await redis.eval(removal, 1, `client_${id}`, connection)) === 1,
    async all() {
      const found = new Map();
      // By steps, which let others in between. A step may name a key that an earlier one has named.
      for await (const keys of redis.scanStream({ match: 'client_*', count: 100 })) {
        const texts = keys.length > 0 ? await redis.mget(keys) : [];
        for (const record of texts.filter(Boolean).map((text) => JSON.parse(text))) found.set(record.id, record);
      }
      return [...found.values()];
    },
  };
}

module.exports = { connection, listening, records };
