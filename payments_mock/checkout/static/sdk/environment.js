/* Where the page runs: phones get the window as a page of its own, as nothing fits over a shop's page there. */
function isMobile() {
  const says = navigator.userAgentData && navigator.userAgentData.mobile;
  return Boolean(says) || /Android|iPhone|iPad|iPod|Mobile/i.test(navigator.userAgent);
}

/* Where the window opens; null where what was asked for is not possible. */
function decideTarget(asked) {
  if (asked === 'iframe' && isMobile()) return null;
  return asked || (isMobile() ? 'self' : 'iframe');
}

function isReturnUrl(value) {
  if (typeof value !== 'string') return false;
  try {
    return ['http:', 'https:'].includes(new URL(value).protocol);
  } catch {
    return false;
  }
}

/* The page that holds everything; a shop may itself be framed. */
function leaveTo(url) {
  if (!isReturnUrl(url)) return;
  try {
    window.top.location.href = url;
  } catch {
    window.location.href = url;
  }
}

/* A copy without the fields that are left open. */
function compact(fields) {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null));
}
