// Opens a page in a browser. Arguments: its URL, and `host address` pairs. Each line on standard input is an expression,
// which the page evaluates; its value is answered with a line of JSON.
const { spawn } = require('node:child_process');
const { createInterface } = require('node:readline');

const [url = '', ...hosts] = process.argv.slice(2);
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
let sent = 0;
let unread = '';

browser.on('exit', () => process.exit(1));
browser.stdio[4].on('data', (data) => {
  const messages = (unread + data).split('\0');
  unread = messages.pop();
  for (const { id, result, error } of messages.map((text) => JSON.parse(text))) {
    waiting.get(id)?.(error ? { error } : result);
    waiting.delete(id);
  }
});

const command = (method, params, sessionId) =>
  new Promise((resolve) => {
    sent += 1;
    waiting.set(sent, resolve);
    browser.stdio[3].write(`${JSON.stringify({ id: sent, method, params, sessionId })}\0`);
  });

async function main() {
  const { targetId } = await command('Target.createTarget', { url });
  const { sessionId } = await command('Target.attachToTarget', { targetId, flatten: true });
  const options = { returnByValue: true, awaitPromise: true };
  createInterface({ input: process.stdin })
    .on('line', async (expression) => {
      const answer = await command('Runtime.evaluate', { expression, ...options }, sessionId);
      console.log(JSON.stringify(answer.result?.value ?? { failed: answer }));
    })
    .on('close', () => process.exit(0));
}

main();
