/* With this, a refusal comes in the body; a browser reports other statuses than 200 as errors of the shop's page. */
const OUTCOME = 'application/vnd.payments-mock.outcome+json';

/* Ask the server for a window. `offline` is the code for a server that can't be reached. */
async function beginSession(kind, fields, offline) {
  let response;
  try {
    response = await fetch(`${SERVER}/checkout/${kind}`, {
      method: 'POST',
      headers: { Accept: `${OUTCOME}, application/json`, 'Content-Type': 'application/json' },
      credentials: 'omit',
      body: JSON.stringify(fields),
    });
  } catch {
    throw failure(offline, SERVER);
  }
  const answer = await response.json();
  const refused = answer.refused || (response.ok ? null : answer);
  if (refused) throw failureWithMessage(refused.code, refused.message);
  return answer;
}
