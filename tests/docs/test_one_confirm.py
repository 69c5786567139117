"""The modules that docs/architecture.md names for one confirm are those that a confirm runs."""

import json
import re
import sys
import time
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from payments_mock.http.journal import WRITE_BEHIND_SECONDS
from testkit.inside.shop import basic
from testkit.processes import ServerProcess, running_server

PAGE = Path(__file__).parents[2] / "docs" / "architecture.md"
PROGRAM = Path(__file__).with_name("walked_server.py")
MODULE = re.compile(r"`([a-z_/]+\.py)`")
MOST_ON_THE_WAY = 30
LOG_SECONDS = 10


def pay(server: ServerProcess, connection: HTTPConnection, number: int) -> set[str]:
    """Create a payment and confirm it; returns the modules that the confirm ran."""
    payment = {"paymentKey": f"pay_{number:04}", "orderId": f"order_{number:04}", "amount": 10_000}
    for path in ("/v1/payments", "/v1/payments/confirm"):
        headers = {"Authorization": basic("test_sk_dummy:"), "Content-Type": "application/json"}
        known = len(walks(server))
        # Of what came before, the journal is written by then.
        time.sleep(5 * WRITE_BEHIND_SECONDS)
        connection.request("POST", path, json.dumps(payment).encode(), headers)
        assert connection.getresponse().read().startswith(b'{"paymentKey"')
        deadline = time.monotonic() + LOG_SECONDS
        while len(walks(server)) == known and time.monotonic() < deadline:
            time.sleep(0.01)
    return walks(server)[-1]


def walks(server: ServerProcess) -> list[set[str]]:
    """Return the modules that each call has run so far."""
    lines = [line.split() for line in server.stderr.splitlines()]
    return [set(line[1:]) for line in lines if line[:1] == ["walked"] and "http/pipeline.py" in line]


def walked(folder: Path) -> set[str]:
    """Return the modules that a confirm runs, on a server that has answered one before."""
    with running_server([sys.executable, str(PROGRAM), "serve", "--port", "0"], folder) as server:
        connection = HTTPConnection(urlsplit(server.url).netloc, timeout=30)
        pay(server, connection, 1)
        modules = pay(server, connection, 2)
        connection.close()
    return modules


def named() -> tuple[set[str], set[str]]:
    """Return the modules on the way, which the page lists, and those beside it."""
    section = PAGE.read_text("utf-8").partition("### One confirm")[2].partition("\n## ")[0]
    _, listed, beside = re.split(r"^(?=1\. |Beside it)", section, flags=re.MULTILINE)
    return set(MODULE.findall(listed)), set(MODULE.findall(beside))


def test_the_page_names_every_module_that_a_confirm_runs_and_no_other(tmp_path: Path) -> None:
    on_the_way, beside = named()

    assert on_the_way | beside == walked(tmp_path)


def test_the_way_of_a_confirm_is_short() -> None:
    on_the_way, beside = named()

    assert len(on_the_way) <= MOST_ON_THE_WAY
    assert on_the_way & beside == set()


def test_the_page_counts_what_it_names() -> None:
    on_the_way, beside = named()
    page = PAGE.read_text("utf-8")

    assert f"contract runs {len(on_the_way | beside)} modules" in page
    assert f"The {len(on_the_way)} on the way" in page
    assert f"Beside it, {len(beside)} modules" in page
