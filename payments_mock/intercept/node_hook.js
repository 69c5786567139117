/* Leads a Node process's connections to some hosts elsewhere; what it is told stands in a file beside it.

   Every client of Node, fetch included, connects by this one method. HTTP stays as it is, and so do faults. */
'use strict';

const fs = require('node:fs');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');

const told = JSON.parse(fs.readFileSync(path.join(__dirname, 'told.json'), 'utf8'));
const hosts = new Set(told.hosts);
const [placeHost, placePort] = told.place;
const connect = net.Socket.prototype.connect;

function asOptions(given) {
  const [first, second] = given;
  // Node's own callers hand on what they have read already, as an array.
  if (Array.isArray(first)) return [first[0], first[1]];
  const last = given[given.length - 1];
  const callback = typeof last === 'function' ? last : undefined;
  if (first !== null && typeof first === 'object') return [first, callback];
  return [{ port: first, host: typeof second === 'string' ? second : undefined }, callback];
}

function nameOf(options) {
  return String(options.host || '').replace(/\.$/, '').toLowerCase();
}

function isAllowed(name) {
  if (name === '' || name === 'localhost' || name === os.hostname().toLowerCase()) return true;
  if (/^127\./.test(name) || name === '::1') return true;
  return told.allowed
    .map((each) => each.trim().replace(/^\./, '').toLowerCase())
    .some((each) => each !== '' && (name === each || name.endsWith(`.${each}`)));
}

net.Socket.prototype.connect = function connectAsLed(...given) {
  const [options, callback] = asOptions(given);
  const name = nameOf(options);
  if (options.path) return connect.apply(this, given);
  if (hosts.has(name)) {
    return connect.call(this, { ...options, host: placeHost, port: placePort }, callback);
  }
  if (told.denyOthers && !isAllowed(name)) {
    const refusal = new Error(`payments-mock intercept --deny-others refuses ${name}`);
    process.nextTick(() => this.destroy(refusal));
    return this;
  }
  return connect.apply(this, given);
};

try {
  fs.writeFileSync(path.join(__dirname, `read-${process.pid}`), '');
} catch {
  // The folder has gone: nobody asks any more.
}
