/* Ask the server for a window. `offline` is the code for a server that can't be reached. */
async function beginSession(kind, fields, offline) {
  let response;
  try {
    response = await fetch(`${SERVER}/checkout/${kind}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      credentials: 'omit',
      body: JSON.stringify(fields),
    });
  } catch {
    throw failure(offline, SERVER);
  }
  const answer = await response.json();
  if (!response.ok) throw failureWithMessage(answer.code, answer.message);
  return answer;
}
