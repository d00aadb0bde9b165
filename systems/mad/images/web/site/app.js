const state = document.getElementById('state');
const rows = document.getElementById('clients');
const clients = new Map();

const events = {
  load_clients: (all) => {
    clients.clear();
    for (const client of all) clients.set(client.id, client);
  },
  web_client_update: (client) => clients.set(client.id, client),
  web_client_disconnect: ({ id }) => clients.delete(id),
};

async function connect() {
  const { apiUrl } = await (await fetch('/config.json')).json();
  const socket = new WebSocket(`${apiUrl.replace(/^http/, 'ws')}/socket.io/?role=web`);
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(data);
    events[message.event]?.(message.data);
    show(`live, by ${message.instance}`);
  };
  socket.onclose = () => {
    show('connecting again…');
    setTimeout(connect, 1000);
  };
}

function show(text) {
  state.textContent = text;
  rows.replaceChildren(...[...clients.values()].map(row));
}

function row({ id, health: { storage, network } }) {
  const line = document.createElement('tr');
  for (const text of [id, megabytes(storage.free), megabytes(network.received), megabytes(network.sent)])
    line.insertCell().textContent = text;
  return line;
}

const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

connect();
