// Records of clients and events between the machines of the API, in one Redis
const { createClient } = require('redis');

const { REDIS_HOST, REDIS_PORT, REDIS_SCHEME, REDIS_PASSWORD } = process.env;
const channel = 'mad';
/** A client that says nothing for so long is gone, whatever became of the machine that knew it */
const recordSeconds = 15;

const connection = {
  socket: { host: REDIS_HOST, port: Number(REDIS_PORT), tls: REDIS_SCHEME === 'rediss', reconnectStrategy: () => 500 },
  ...(REDIS_PASSWORD && { password: REDIS_PASSWORD }),
};

/** @param tell called with each event of any machine, its own too */
async function connectRecords(tell) {
  const redis = createClient(connection);
  const listener = redis.duplicate();
  for (const each of [redis, listener]) each.on('error', ({ message }) => console.error(`redis: ${message}`));
  await Promise.all([redis.connect(), listener.connect()]);
  await listener.subscribe(channel, (text) => tell(JSON.parse(text)));
  const say = (event, data) => redis.publish(channel, JSON.stringify({ event, data }));
  return {
    ready: () => redis.ping(),
    async put(id, health) {
      const record = { id, health };
      await redis.set(`client_${id}`, JSON.stringify(record), { EX: recordSeconds });
      await say('web_client_update', record);
    },
    async remove(id) {
      await redis.del(`client_${id}`);
      await say('web_client_disconnect', { id });
    },
    async all() {
      const records = [];
      for await (const key of redis.scanIterator({ MATCH: 'client_*', COUNT: 100 })) records.push(await redis.get(key));
      return records.filter((text) => text !== null).map((text) => JSON.parse(text));
    },
  };
}

module.exports = { connectRecords };
