/* Shapes of arguments. A shape takes a value and returns where it is wrong: '' at the top, null if nowhere. */
function is(test) {
  return (value) => (test(value) ? null : '');
}

const text = (longest = Infinity) => is((value) => typeof value === 'string' && value.length > 0 && value.length <= longest);
const matching = (pattern) => is((value) => typeof value === 'string' && pattern.test(value));
const oneOf = (...choices) => is((value) => choices.includes(value));
const flag = is((value) => typeof value === 'boolean');
const whole = (low = 0, high = Number.MAX_SAFE_INTEGER) => is((value) => Number.isInteger(value) && value >= low && value <= high);
const anything = is(() => true);

function list(shape) {
  return (value) => {
    if (!Array.isArray(value)) return '';
    for (const [index, member] of value.entries()) {
      const wrong = shape(member);
      if (wrong !== null) return join(String(index), wrong);
    }
    return null;
  };
}

/* An object with these fields and no others; what is optional may be null. */
function object(required, optional = {}) {
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return '';
    for (const name of Object.keys(value)) {
      if (!(name in required) && !(name in optional) && value[name] !== undefined) return name;
    }
    for (const name of Object.keys(required)) {
      const wrong = required[name](value[name]);
      if (wrong !== null) return join(name, wrong);
    }
    for (const name of Object.keys(optional)) {
      if (value[name] === undefined || value[name] === null) continue;
      const wrong = optional[name](value[name]);
      if (wrong !== null) return join(name, wrong);
    }
    return null;
  };
}

function join(name, rest) {
  return rest ? `${name}.${rest}` : name;
}
