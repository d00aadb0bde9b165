const { createServer } = require('node:http');
const { hostname } = require('node:os');
const { createAdapter } = require('@socket.io/redis-adapter');
const { Server } = require('socket.io');
const { connection, listening, records } = require('./records.cjs');
const { connections, serve } = require('./sockets.cjs');

const { VERSION = '' } = process.env;
/** Who is connected comes back within so long, not all in one moment */
const spreadMilliseconds = 500;
let stopping = false;

const redis = connection();
const clients = records(redis);
const answers = {
  '/health': async () => ({ healthy: await clients.healthy() }),
  '/version': async () => VERSION,
  '/whoami': async () => ({ instance: hostname(), version: VERSION }),
  '/clients': () => clients.all(),
  '/connections': () => connections(io),
};

const server = createServer(async (request, response) => {
  // A proxy keeps connections that were used: it is told which one is the last
  if (stopping) response.setHeader('Connection', 'close');
  try {
    const answer = answers[new URL(request.url, 'http://api').pathname];
    if (!answer) return reply(response, 404, { error: 'not found' });
    reply(response, 200, await answer());
  } catch (error) {
    reply(response, 503, { error: error.message });
  }
});
// Longer than any proxy in front keeps its own, so that it never writes to a connection that has just been closed
server.keepAliveTimeout = 130_000;
server.headersTimeout = 135_000;

const io = new Server(server, {
  adapter: createAdapter(redis, listening()),
  // Clients of Socket.IO 2
  allowEIO3: true,
  // The page is of another origin, and shows the balancer's cookie
  cors: { origin: true, credentials: true },
  serveClient: false,
  allowRequest: (_request, decide) => decide(null, !stopping),
});
serve(io, clients, { instance: hostname(), version: VERSION, isStopping: () => stopping });
server.listen(3000);

process.on('SIGTERM', () => {
  stopping = true;
  server.close(() => process.exit(0));
  server.closeIdleConnections();
  // A client whose connection closes comes back by itself, to the next release; whom the server disconnects does not
  for (const socket of Object.values(io.engine.clients))
    setTimeout(() => socket.close(), Math.random() * spreadMilliseconds);
});

function reply(response, status, body) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, { 'Content-Type': typeof body === 'string' ? 'text/plain' : 'application/json' });
  response.end(text);
}
