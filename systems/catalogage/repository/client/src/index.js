// Draws the page on the server, from the API's datasets. Like the real one it stops at once when it is asked to.
import { createServer } from 'node:http';

const version = 'one';
const api = { ssr: '{{ssr}}', browser: '{{browser}}' };

const page = (body) =>
  `<!doctype html><html lang="en"><title>Catalogue</title><body data-version="${version}" data-api="${api.browser}">${body}</body></html>`;

async function answer(path) {
  if (path === '/') {
    const answer = await fetch(`${api.ssr}/datasets/`);
    if (!answer.ok) throw new Error(`the API answered ${answer.status}: ${await answer.text()}`);
    const datasets = await answer.json();
    return [200, page(`<ul>${datasets.map(({ title }) => `<li>${title}</li>`).join('')}</ul>`)];
  }
  if (path === '/login') return [200, page('<form></form>')];
  if (path === '/slow') {
    await new Promise((resolve) => setTimeout(resolve, 6000));
    return [200, page('at last')];
  }
  return [404, page('not found')];
}

createServer((request, response) => {
  answer(new URL(request.url ?? '/', 'http://client').pathname)
    .catch((error) => [500, page(`${error} ${error.cause ?? ''}`)])
    .then(([status, body]) => response.writeHead(status, { 'content-type': 'text/html' }).end(body));
}).listen(Number(process.env.PORT), process.env.HOST);
