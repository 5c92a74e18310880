// A little news service on this machine that allows 100 calls at once and then one a second, as many real ones do.
// `node news.mjs serve <calls>` is the service: it ends after so many calls, or when nobody has called for a minute.
// `node news.mjs ask <word> <calls>` calls it, and says so when it is told to call less often.
import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const [capacity, perSecond] = [100, 1];
const name = `podium-sample-${createHash('sha256')
  .update(import.meta.dirname)
  .digest('hex')
  .slice(0, 12)}`;
const socketPath =
  process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : path.join(tmpdir(), `${name}.sock`);

function serve(calls) {
  let [served, refused, level, at] = [0, 0, capacity, performance.now()];
  const server = createServer((_, response) => {
    idle.refresh();
    const now = performance.now();
    level = Math.min(capacity, level + ((now - at) / 1000) * perSecond);
    at = now;
    if (level < 1) {
      refused += 1;
      response.writeHead(429, { 'retry-after': Math.ceil((1 - level) / perSecond) }).end();
      return;
    }
    level -= 1;
    served += 1;
    response.end(String(Math.floor(level)));
    if (served === calls) end();
  });
  const end = () => {
    clearTimeout(idle);
    server.close(() => console.log(`${served} calls served, ${refused} refused`));
    server.closeIdleConnections();
  };
  const idle = setTimeout(end, 60_000);
  if (process.platform !== 'win32') rmSync(socketPath, { force: true });
  server.listen(socketPath, () => console.log('The service listens.'));
}

function call() {
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath, agent: false }, (response) => {
      response.resume();
      response.on('end', () => resolve(response));
    });
    sent.on('error', reject);
    sent.end();
  });
}

/** The service is a task as well, and may have only just been started. */
async function firstCall() {
  for (let tries = 1; ; tries += 1) {
    try {
      return await call();
    } catch (error) {
      if (tries === 100) throw error;
      await delay(100);
    }
  }
}

async function ask(word, calls) {
  for (let number = 1; number <= calls; number += 1) {
    const { statusCode, headers } = number === 1 ? await firstCall() : await call();
    if (statusCode === 429) {
      console.log(`podium: used news_api ${number - 1}`);
      console.error(`podium: rate-limited news_api ${headers['retry-after']}`);
      process.exit(75);
    }
    await delay(100);
  }
  console.log(`Asked ${calls} times for "${word}".\npodium: used news_api ${calls}`);
}

const [verb, ...words] = process.argv.slice(2);
if (verb === 'serve' && Number(words[0]) > 0) serve(Number(words[0]));
else if (verb === 'ask' && Number(words[1]) > 0) await ask(words[0], Number(words[1]));
else {
  console.error('node news.mjs serve <calls> | ask <word> <calls>');
  process.exit(2);
}
