"""What faults do on the wire is seen as what it is by clients of other languages: curl, and node's fetch."""

import json
import shutil
import subprocess
import time
from typing import Any

import pytest

from testkit.sandbox import Sandbox

KINDS = ("reset", "empty", "truncate", "malformed", "hang", "drip")
HANG_SECONDS = 0.5
DRIP_SECONDS = 0.5
PATIENCE_SECONDS = 60

CURL_EXIT = {"reset": 56, "empty": 52, "truncate": 18, "hang": 28}
"""What curl calls it: failure to receive, an empty reply, a partial file, the time-out that it was given."""

FETCH = """
async function meet({url, key, body, patience}) {
  const began = performance.now();
  const seen = {};
  try {
    const answer = await fetch(`${url}/v1/payments/confirm`, {
      method: "POST",
      headers: {"Content-Type": "application/json", Authorization: `Basic ${btoa(key + ":")}`},
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(1000 * patience),
    });
    seen.status = answer.status;
    seen.body = await answer.json();
  } catch (error) {
    seen.error = error.name;
    seen.cause = error.cause?.code ?? null;
  }
  return {...seen, seconds: (performance.now() - began) / 1000};
}
const calls = Object.entries(JSON.parse(process.argv[1]));
const seen = await Promise.all(calls.map(async ([kind, call]) => [kind, await meet(call)]));
console.log(JSON.stringify(Object.fromEntries(seen)));
"""


def struck_sandbox(url: str, kind: str) -> tuple[Sandbox, dict[str, Any]]:
    """Make a sandbox whose next confirm suffers the fault after the commit, and what that confirm sends."""
    sandbox = Sandbox.on(url, "kiosk")
    begun = sandbox.begin()
    sandbox.arm(kind, "after", **({"seconds": DRIP_SECONDS} if kind == "drip" else {}))
    return sandbox, begun


def curl(sandbox: Sandbox, begun: dict[str, Any], patience: float) -> tuple[int, str, float]:
    """Confirm by curl; returns its exit code, what it printed, and how many seconds it took."""
    line = ["curl", "-sS", "--noproxy", "*", "-m", str(patience), "-u", f"{sandbox.made['secretKey']}:"]
    line += ["-H", "Content-Type: application/json", "-d", json.dumps(begun)]
    began = time.monotonic()
    done = subprocess.run([*line, f"{sandbox.url}/v1/payments/confirm"], capture_output=True)
    return done.returncode, done.stdout.decode(errors="replace"), time.monotonic() - began


@pytest.mark.parametrize("kind", KINDS)
def test_curl_sees_the_fault_as_what_it_is(url: str, kind: str) -> None:
    sandbox, begun = struck_sandbox(url, kind)

    exit_code, printed, seconds = curl(sandbox, begun, patience_for(kind))

    assert exit_code == CURL_EXIT.get(kind, 0)
    assert is_json(printed) is (kind == "drip")
    assert seconds >= {"hang": HANG_SECONDS, "drip": DRIP_SECONDS * 0.9}.get(kind, 0)
    assert sandbox.state(begun) == "APPROVED"


def patience_for(kind: str) -> float:
    return HANG_SECONDS if kind == "hang" else PATIENCE_SECONDS


def is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


@pytest.fixture(scope="module")
def fetched(url: str) -> dict[str, dict[str, Any]]:
    """Confirm by node's fetch, once under each fault; returns what it saw, by the fault."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs node, which is not on this machine")
    calls = {}
    for kind in KINDS:
        sandbox, begun = struck_sandbox(url, kind)
        key = sandbox.made["secretKey"]
        calls[kind] = {"url": url, "key": key, "body": begun, "patience": patience_for(kind)}
    program = ["--input-type=module", "-e", FETCH, json.dumps(calls)]
    done = subprocess.run([node, *program], capture_output=True, text=True, timeout=PATIENCE_SECONDS)
    assert done.returncode == 0, done.stderr
    seen: dict[str, dict[str, Any]] = json.loads(done.stdout)
    return seen


@pytest.mark.parametrize(
    ("kind", "error", "causes"),
    [
        ("reset", "TypeError", {"ECONNRESET"}),
        ("empty", "TypeError", {"UND_ERR_SOCKET"}),
        ("truncate", "TypeError", {"UND_ERR_SOCKET", "UND_ERR_RES_CONTENT_LENGTH_MISMATCH"}),
        ("malformed", "SyntaxError", {None}),
        ("hang", "TimeoutError", {None}),
    ],
)
def test_nodes_fetch_sees_the_fault_as_what_it_is(
    fetched: dict[str, dict[str, Any]], kind: str, error: str, causes: set[str | None]
) -> None:
    seen = fetched[kind]

    assert (seen.get("error"), seen.get("cause") in causes) == (error, True), seen
    assert seen.get("status") == (200 if kind in ("truncate", "malformed") else None)


def test_nodes_fetch_has_a_dripping_answer_whole_in_the_end(fetched: dict[str, dict[str, Any]]) -> None:
    seen = fetched["drip"]

    assert (seen["status"], seen["body"]["status"]) == (200, "APPROVED")
    assert seen["seconds"] >= DRIP_SECONDS * 0.9
