import { io } from '/socket.io.js';

const state = document.getElementById('state');
const rows = document.getElementById('clients');
const clients = new Map();
/** As long as the API keeps a record: who says nothing for so long is gone */
const recordMilliseconds = 15_000;

const { apiUrl } = await (await fetch('/config.json')).json();
// With the balancer's cookie, by which it knows the visitor
const socket = io(apiUrl, { withCredentials: true, reconnectionDelay: 200, reconnectionDelayMax: 3000 });

socket.on('connect', () => socket.emit('web_connected'));
socket.on('welcome', ({ instance }) => say('live', instance));
socket.on('disconnect', () => say('connecting again'));
socket.on('load_clients', (all) => {
  clients.clear();
  for (const client of all) heard(client);
  show();
});
socket.on('web_client_update', (client) => {
  heard({ ...client, late: Date.now() - client.at });
  show();
});
socket.on('web_client_disconnect', ({ id }) => {
  clients.delete(id);
  show();
});
setInterval(() => {
  for (const [id, { heardAt }] of clients) if (Date.now() - heardAt > recordMilliseconds) clients.delete(id);
  show();
}, 1000);

function heard(client) {
  clients.set(client.id, { ...client, heardAt: Date.now() });
}

function say(text, instance = '') {
  state.textContent = instance ? `${text}, by ${instance}` : `${text}…`;
  state.dataset.instance = instance;
}

function show() {
  rows.replaceChildren(...[...clients.values()].map(row));
}

function row({ id, instance, late = '', health: { storage, network } }) {
  const line = document.createElement('tr');
  Object.assign(line.dataset, { id, instance, late });
  const figures = [storage.free, network.received, network.sent].map(megabytes);
  for (const text of [id, ...figures, instance]) line.insertCell().textContent = text;
  return line;
}

const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
