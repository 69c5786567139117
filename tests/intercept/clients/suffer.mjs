/* Look payments up, and say what became of each call: suffer.mjs BASE_URL SECRET_KEY:PAYMENT_KEY... */
const [base, ...pairs] = process.argv.slice(2);

async function outcome(key, payment) {
  const began = performance.now();
  const headers = { Authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}` };
  try {
    const answer = await fetch(`${base}/v1/payments/${payment}`, { headers, signal: AbortSignal.timeout(2000) });
    await answer.json();
    return `${answer.status} ${performance.now() - began > 700 ? 'slowly' : 'at once'}`;
  } catch (error) {
    if (error.name === 'TimeoutError') return 'no answer';
    if (error.cause?.code === 'ECONNRESET') return 'reset';
    if (error.message === 'terminated' && error.cause?.code === 'UND_ERR_SOCKET') return 'cut short';
    return `${error} ${error.cause?.code} ${error.cause}`;
  }
}

for (const pair of pairs) console.log(await outcome(...pair.split(':')));
process.exit();
