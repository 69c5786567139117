/* Confirm a payment as shops on Node do: confirm.mjs CLIENT BASE_URL SECRET_KEY BODY [FOLDER_OF_PACKAGES]. */
import https from 'node:https';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [client, base, key, body, folder] = process.argv.slice(2);
const url = `${base}/v1/payments/confirm`;
const headers = {
  Authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}`,
  'Content-Type': 'application/json',
};
const request = { method: 'POST', headers, body };

async function load(name) {
  const found = createRequire(path.join(folder, 'package.json')).resolve(name);
  return import(pathToFileURL(found));
}

const clients = {
  async fetch() {
    const answer = await fetch(url, request);
    return [answer.status, await answer.json()];
  },
  https() {
    return new Promise((resolve, reject) => {
      const call = https.request(url, { method: 'POST', headers }, async (answer) => {
        let text = '';
        for await (const part of answer) text += part;
        resolve([answer.statusCode, JSON.parse(text)]);
      });
      call.on('error', reject);
      call.end(body);
    });
  },
  async got() {
    const { default: got } = await load('got');
    const answer = await got(url, { method: 'POST', headers, body, retry: { limit: 0 } });
    return [answer.statusCode, JSON.parse(answer.body)];
  },
  async undici() {
    const undici = await load('undici');
    const answer = await (undici.request ?? undici.default.request)(url, request);
    return [answer.statusCode, await answer.body.json()];
  },
  async 'node-fetch'() {
    const { default: nodeFetch } = await load('node-fetch');
    const answer = await nodeFetch(url, request);
    return [answer.status, await answer.json()];
  },
  async axios() {
    const { default: axios } = await load('axios');
    const answer = await axios.post(url, body, { headers });
    return [answer.status, answer.data];
  },
};

const [status, told] = await clients[client]();
console.log(status, told.status);
