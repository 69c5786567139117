"""What a fault does to a connection arrives through the interception as it does without it."""

import sys
from collections.abc import Iterator, Mapping

import pytest

from testkit.depth import waits_for_ci
from testkit.sandbox import Sandbox
from tests.intercept.conftest import API, CLIENTS, before, client
from tests.intercept.test_other_clients import program

FAULTS = {
    "reset": {},
    "hang": {},
    "truncate": {},
    "drip": {"seconds": 1},
}
SUFFERED = ["reset", "no answer", "cut short", "200 slowly"]
"""What a client says of each."""
IN_TLS = {"requests": ["closed", *SUFFERED[1:]]}
"""What it says where there is TLS: Python tells no reset from an end there, whatever the server."""


@pytest.fixture(scope="module")
def struck(provider: str) -> Iterator[list[str]]:
    """Payments whose look-ups each suffer one of the faults, always, with the keys of their merchants."""
    made = []
    payments = []
    for kind, more in FAULTS.items():
        sandbox = Sandbox.on(provider, "toss")
        made.append(sandbox)
        payments.append(f"{sandbox.made['secretKey']}:{sandbox.begin()['paymentKey']}")
        effect = {"kind": kind, **more}
        sandbox.control(
            "POST", "faults", match={"operation": "get"}, moment="after", effect=effect, times="always"
        )
    yield payments
    for sandbox in made:
        sandbox.remove()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("requests", [sys.executable, CLIENTS / "suffer.py"]),
        pytest.param("fetch", ["node", CLIENTS / "suffer.mjs"], marks=waits_for_ci),
        pytest.param("HttpURLConnection", ["java", CLIENTS / "Suffer.java"], marks=waits_for_ci),
    ],
)
def test_a_client_suffers_the_same_with_and_without_interception(
    name: str, words: list[str], provider: str, struck: list[str], led: Mapping[str, str]
) -> None:
    command = [program(words[0]), *words[1:]]

    assert client([*command, provider, *struck], before()).splitlines() == SUFFERED
    assert client([*command, API, *struck], led).splitlines() == IN_TLS.get(name, SUFFERED)
