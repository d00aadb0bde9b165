// Drives a browser. Arguments: `host address` pairs. Each line on standard input is an expression,
// which the page evaluates, or a command of the browser's protocol as JSON; its result is answered with a line of JSON.
// Two commands are its own: `open` goes to a URL and answers with its status, `errors` answers with what the console
// reported as an error since the last time.
const { spawn } = require('node:child_process');
const { createInterface } = require('node:readline');

const hosts = process.argv.slice(2);
const browser = spawn(
  'chromium-headless-shell',
  [
    ...['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--user-data-dir=/tmp/profile'],
    // The certificates of the local authority, which other clients of the test verify
    '--ignore-certificate-errors',
    `--host-resolver-rules=${hosts.map((host) => `MAP ${host}`).join(',')}`,
    '--remote-debugging-pipe',
  ],
  { stdio: ['ignore', 'ignore', 'inherit', 'pipe', 'pipe'], env: { ...process.env, HOME: '/tmp' } },
);
const waiting = new Map();
const loadSeconds = 30;
let sent = 0;
let unread = '';
const errors = [];
let status = 0;
let loaded = () => undefined;

browser.on('exit', () => process.exit(1));
browser.stdio[4].on('data', (data) => {
  const messages = (unread + data).split('\0');
  unread = messages.pop();
  for (const { id, result, error, method, params } of messages.map((text) => JSON.parse(text))) {
    if (method) events[method]?.(params);
    waiting.get(id)?.(error ? { error } : result);
    waiting.delete(id);
  }
});

const events = {
  'Page.loadEventFired': () => loaded(),
  'Network.responseReceived': ({ type, response }) => {
    if (type === 'Document') status = response.status;
  },
  'Runtime.exceptionThrown': ({ exceptionDetails }) =>
    errors.push(exceptionDetails.exception?.description ?? exceptionDetails.text),
  'Runtime.consoleAPICalled': ({ type, args }) => {
    if (type === 'error') errors.push(args.map(({ value, description }) => value ?? description).join(' '));
  },
  'Log.entryAdded': ({ entry }) => {
    if (entry.level === 'error') errors.push(`${entry.text} ${entry.url ?? ''}`.trim());
  },
};

const command = (method, params, sessionId) =>
  new Promise((resolve) => {
    sent += 1;
    waiting.set(sent, resolve);
    browser.stdio[3].write(`${JSON.stringify({ id: sent, method, params, sessionId })}\0`);
  });

const own = {
  async open({ url }, sessionId, again = 5) {
    status = 0;
    const isLoaded = new Promise((resolve) => {
      loaded = resolve;
      setTimeout(resolve, loadSeconds * 1000).unref();
    });
    const { errorText } = await command('Page.navigate', { url }, sessionId);
    // Networks that docker makes or removes meanwhile, seen on the computer's own network
    if (errorText === 'net::ERR_NETWORK_CHANGED' && again > 0) return own.open({ url }, sessionId, again - 1);
    if (errorText) return { failed: errorText };
    await isLoaded;
    return { status };
  },
  errors: () => errors.splice(0),
};

async function main() {
  const { targetId } = await command('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await command('Target.attachToTarget', { targetId, flatten: true });
  for (const domain of ['Page', 'Network', 'Runtime', 'Log']) await command(`${domain}.enable`, {}, sessionId);
  const options = { returnByValue: true, awaitPromise: true };
  const answer = async (line) => {
    const asked = line.startsWith('{') ? JSON.parse(line) : undefined;
    if (asked && asked.method in own) return own[asked.method](asked.params, sessionId);
    if (asked) return command(asked.method, asked.params, sessionId);
    const { result, exceptionDetails } = await command('Runtime.evaluate', { expression: line, ...options }, sessionId);
    return exceptionDetails ? { failed: exceptionDetails } : (result?.value ?? null);
  };
  let last = Promise.resolve();
  createInterface({ input: process.stdin })
    .on('line', (line) => {
      // One after another: a page is there before it is asked
      last = last.then(async () => console.log(JSON.stringify(await answer(line))));
    })
    .on('close', () => process.exit(0));
}

main();
