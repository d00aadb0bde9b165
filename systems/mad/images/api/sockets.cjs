// What clients and consoles say, and what they are told. Events to consoles reach those of all machines.
const consoles = 'web';

/** @param here which machine and release this is, and whether it is ending */
function serve(io, clients, here) {
  io.on('connection', (socket) => {
    socket.data.instance = here.instance;
    socket.emit('welcome', { instance: here.instance, version: here.version });
    socket.on('web_connected', () => answerConsole(socket, clients).catch(told));
    let id;
    socket.on('client_healthcheck', (said) => {
      id = said.id;
      const record = { id, health: said.health, connection: socket.id, instance: here.instance, at: Date.now() };
      keep(io, clients, record).catch(told);
    });
    socket.on('disconnect', () => {
      // Who leaves a machine that ends comes back to another
      if (id !== undefined && !here.isStopping()) forget(io, clients, id, socket.id).catch(told);
    });
  });
}

async function answerConsole(socket, clients) {
  await socket.join(consoles);
  socket.emit('load_clients', await clients.all());
}

async function keep(io, clients, record) {
  await clients.put(record);
  io.to(consoles).emit('web_client_update', record);
}

async function forget(io, clients, id, connection) {
  if (await clients.remove(id, connection)) io.to(consoles).emit('web_client_disconnect', { id });
}

/** How many are connected to each machine, by what all machines say now */
async function connections(io) {
  const counts = {};
  for (const { data } of await io.fetchSockets()) counts[data.instance] = (counts[data.instance] ?? 0) + 1;
  return counts;
}

const told = ({ message }) => console.error(message);

module.exports = { serve, connections };
