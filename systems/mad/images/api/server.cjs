const { createServer } = require('node:http');
const { hostname } = require('node:os');
const { WebSocketServer } = require('ws');
const { connectRecords } = require('./records.cjs');

const { VERSION = '' } = process.env;
const consoles = new Set();
let stopping = false;

async function main() {
  const records = await connectRecords((message) => {
    for (const socket of consoles) send(socket, message);
  });
  const answers = {
    '/health': async () => ({ healthy: (await records.ready()) === 'PONG' }),
    '/version': async () => VERSION,
    '/whoami': async () => ({ instance: hostname(), version: VERSION }),
    '/clients': () => records.all(),
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
  const sockets = new WebSocketServer({ server, path: '/socket.io/' });
  sockets.on('connection', (socket, request) => {
    socket.on('error', () => socket.terminate());
    const role = new URL(request.url, 'http://api').searchParams.get('role');
    return role === 'client' ? serveClient(socket, records) : serveConsole(socket, records);
  });
  server.listen(3000);
  process.on('SIGTERM', () => {
    stopping = true;
    server.close(() => process.exit(0));
    server.closeIdleConnections();
    // Whoever is connected comes back at once, to the next release
    for (const socket of sockets.clients) socket.close(1012, 'restart');
  });
}

function serveClient(socket, records) {
  let id;
  socket.on('message', async (text) => {
    const { event, data } = JSON.parse(text);
    if (event !== 'client_healthcheck') return;
    id = data.id;
    await records.put(id, data.health).catch(({ message }) => console.error(message));
  });
  socket.on('close', () => id && !stopping && records.remove(id).catch(({ message }) => console.error(message)));
}

async function serveConsole(socket, records) {
  consoles.add(socket);
  socket.on('close', () => consoles.delete(socket));
  send(socket, { event: 'load_clients', data: await records.all() });
}

const send = (socket, message) => socket.send(JSON.stringify({ ...message, instance: hostname() }));

function reply(response, status, body) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, { 'Content-Type': typeof body === 'string' ? 'text/plain' : 'application/json' });
  response.end(text);
}

main().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
