/* Fail loudly when a program asks for the address of a real host. */
'use strict';
const dns = require('node:dns');
const { lookup } = dns;
dns.lookup = (host, ...more) => {
  if (String(host).includes('tosspayments')) throw new Error(`the address of ${host} was asked for`);
  return lookup(host, ...more);
};
