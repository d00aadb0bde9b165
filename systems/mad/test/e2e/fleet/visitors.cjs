// Visitors of the API who hold Socket.IO connections. The first argument says how many and of which kind; each line on
// standard input is answered with a line of JSON: how they fare.
const http = require('node:http');
const https = require('node:https');
const net = require('node:net');
const { createInterface } = require('node:readline');
const tls = require('node:tls');

const { url, count, perSecond, kind, protocol, transports, tells, proxy } = JSON.parse(process.argv[2]);
const { connect } = require(protocol === 2 ? 'socket.io-client-2' : 'socket.io-client');
const visitors = [];
const reasons = {};
const errors = {};

const one = (counts, key) => (counts[key] = (counts[key] ?? 0) + 1);

function visitor(number, agent) {
  const id = `${kind}-${number}`;
  const options = { transports, forceNew: true, reconnectionDelay: 200, reconnectionDelayMax: 2000 };
  const socket = connect(url, { ...options, ...(agent && { agent }) });
  const state = { socket, instance: '', drops: 0, lostAt: Date.now(), longestGap: 0 };
  const tell = () => socket.connected && socket.emit('client_healthcheck', { id, health });
  socket.on('welcome', ({ instance }) => (state.instance = instance));
  socket.on('connect', () => {
    if (state.drops > 0) state.longestGap = Math.max(state.longestGap, Date.now() - state.lostAt);
    if (tells) tell();
  });
  socket.on('disconnect', (reason) => {
    state.drops += 1;
    state.lostAt = Date.now();
    one(reasons, reason);
  });
  socket.on('connect_error', ({ message }) => one(errors, message));
  if (tells) setInterval(tell, 2500);
  return state;
}

const health = { storage: { free: 1e9, size: 2e9 }, network: { received: 0, sent: 0 } };

function report() {
  const instances = {};
  const by = {};
  const connected = visitors.filter(({ socket }) => socket.connected);
  for (const { instance, socket } of connected) {
    one(instances, instance);
    one(by, socket.io.engine.transport.name);
  }
  const gaps = visitors.map(({ socket, longestGap, lostAt }) => (socket.connected ? longestGap : Date.now() - lostAt));
  const drops = visitors.reduce((sum, each) => sum + each.drops, 0);
  return { connected: connected.length, instances, by, drops, longestGapMs: Math.max(0, ...gaps), reasons, errors };
}

/** A proxy that passes on bytes, with a connection of its own for each request */
async function throughProxy() {
  const passing = http.createServer().on('connect', (request, client) => {
    const [host, port] = request.url.split(':');
    const target = net.connect(Number(port), host, () => client.write('HTTP/1.1 200 Connection established\r\n\r\n'));
    client.pipe(target).pipe(client);
    for (const end of [client, target]) end.on('error', () => [client, target].map((each) => each.destroy()));
  });
  await new Promise((resolve) => passing.listen(0, '127.0.0.1', resolve));
  const { port } = passing.address();
  return Object.assign(new https.Agent({ keepAlive: false }), {
    createConnection({ host, port: to }, done) {
      const asked = http.request({ host: '127.0.0.1', port, method: 'CONNECT', path: `${host}:${to ?? 443}` });
      asked.on('connect', (_, socket) => done(null, tls.connect({ socket, servername: host })));
      asked.on('error', done).end();
    },
  });
}

async function main() {
  const agent = proxy ? await throughProxy() : undefined;
  createInterface({ input: process.stdin })
    .on('line', () => console.log(JSON.stringify(report())))
    .on('close', () => process.exit(0));
  for (let number = 0; number < count; number += 1) {
    visitors.push(visitor(number, agent));
    await new Promise((resolve) => setTimeout(resolve, 1000 / perSecond));
  }
}

main();
