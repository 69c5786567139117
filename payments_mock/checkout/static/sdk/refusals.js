/*
 * What the script refuses by itself never reaches the server as a call. The server is told of it, as testers look for
 * it there: which key, what the page called, and with which order.
 */
const UNREACHABLE = ['UNKNOWN', 'NETWORK_ERROR'];
const LONGEST_MESSAGE = 1000;

/* Tell of an error that nobody told of yet, and return it. */
function tellRefusal(clientKey, call, error, given = []) {
  if (!untold.has(error) || UNREACHABLE.includes(error.code)) return error;
  untold.delete(error);
  const request = given.find((one) => typeof one === 'object' && one !== null && typeof one.orderId === 'string');
  const refusal = {
    clientKey: typeof clientKey === 'string' ? clientKey : undefined,
    call: call.slice(0, 100),
    code: error.code,
    message: error.message.slice(0, LONGEST_MESSAGE),
    orderId: request ? request.orderId : undefined,
  };
  fetch(`${SERVER}/checkout/sdk-refusals`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    credentials: 'omit',
    // The page may be left because of it.
    keepalive: true,
    body: JSON.stringify(refusal),
  }).catch(() => {});
  return error;
}

/* Do what the page called for; what that refuses is told, and then met by the page as ever. */
function reporting(clientKey, call, given, does) {
  const tell = (error) => {
    throw tellRefusal(clientKey, call, error, given);
  };
  let result;
  try {
    result = does();
  } catch (error) {
    tell(error);
  }
  return result instanceof Promise ? result.then((made) => heeded(clientKey, made), tell) : heeded(clientKey, result);
}

/* The same object, of whose functions the server hears what they refuse. */
function heeded(clientKey, made) {
  if (typeof made !== 'object' || made === null) return made;
  for (const [name, does] of Object.entries(made)) {
    if (typeof does === 'function') made[name] = (...given) => reporting(clientKey, name, given, () => does(...given));
  }
  return made;
}
