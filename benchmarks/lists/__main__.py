"""The first page of each list, with a million payments in one sandbox: `python -m benchmarks.lists`."""

import json
import statistics
import tempfile
import time
import urllib.request
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from benchmarks import servers
from benchmarks.command import Check, Report, json_option, quick_option, run, say
from benchmarks.errors import LoadError
from benchmarks.lists.crowd import crowd
from benchmarks.postgresql import postgresql

MILLISECONDS_AT_MOST = 20.0
SECRET_KEY, CLIENT_KEY, SANDBOX = "test_sk_toss_dummy", "test_ck_toss_dummy", "toss"
PATIENCE_SECONDS = 60.0
DAYS = "startDate=2020-01-01T00:00:00&endDate=2039-12-31T23:59:59"

OF_SANDBOX = f"/control/sandboxes/{SANDBOX}"
LISTS: Mapping[str, str] = {
    "payments": f"{OF_SANDBOX}/payments",
    "newest payments": f"{OF_SANDBOX}/payments?order=newest",
    "payments of an order": f"{OF_SANDBOX}/payments?orderId=order-77",
    "payments by state": f"{OF_SANDBOX}/payments?state=APPROVED",
    "orders": f"{OF_SANDBOX}/orders",
    "calls": f"{OF_SANDBOX}/journal",
    "calls of a payment": f"{OF_SANDBOX}/journal?paymentKey=none",
    "webhooks": f"{OF_SANDBOX}/webhooks/deliveries",
    "events": f"/control/events?sandbox={SANDBOX}",
    "transactions": f"/v1/transactions?{DAYS}",
}


@dataclass(frozen=True)
class Plan:
    """How much is stored, and how often each list is asked for."""

    payments: int = 1_000_000
    sandboxes: int = 10_000
    asks: int = 30


QUICK = Plan(payments=50_000, sandboxes=1_000, asks=10)


def ask(server: servers.Server, path: str, body: object = None) -> Any:
    """Send a request, and return the answer."""
    credentials = b64encode(f"{SECRET_KEY}:".encode()).decode()
    headers = {"Authorization": f"Basic {credentials}", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"http://{server.authority}{path}", data, headers)
    with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
        return json.load(answer)


def pay(server: servers.Server) -> str:
    """Have one payment be approved, of which all others are copies; returns its key."""
    order = {"clientKey": CLIENT_KEY, "orderId": "order-first", "orderName": "셔츠", "amount": 1_000}
    begun = ask(server, "/control/checkouts", order | {"method": "CARD"})
    asked = {name: begun[name] for name in ("paymentKey", "orderId", "amount")}
    return str(ask(server, "/v1/payments/confirm", asked)["paymentKey"])


def measure_lists(options: Sequence[str], url: str, plan: Plan) -> dict[str, float]:
    """Return the median milliseconds of each list's first page."""
    with servers.shipped(*options) as server:
        key = pay(server)
    began = time.perf_counter()
    crowd(url, key, plan.payments, plan.sandboxes)
    say(f"stored {plan.payments:,} payments in {time.perf_counter() - began:.0f} s")
    with servers.shipped(*options) as server:
        return {name: _median(server, path, plan.asks) for name, path in LISTS.items()}


def _median(server: servers.Server, path: str, asks: int) -> float:
    taken = []
    for _ in range(asks + 1):
        began = time.perf_counter()
        try:
            ask(server, path)
        except OSError as error:
            raise LoadError(f"{path}: {error}") from error
        taken.append(1000 * (time.perf_counter() - began))
    say(f"{path}: {statistics.median(taken[1:]):.1f} ms")
    return statistics.median(taken[1:])


@contextmanager
def databases() -> Iterator[Mapping[str, tuple[Sequence[str], str]]]:
    """Name a database of each kind, by the server's options and as a URL."""
    with tempfile.TemporaryDirectory(prefix="bench-lists-") as folder, postgresql() as server:
        file = Path(folder) / "payments.db"
        other = server.create("lists")
        yield {
            "SQLite": (("--data", str(file)), f"sqlite:///{file}"),
            "PostgreSQL": (("--database-url", other), other),
        }


def measure(plan: Plan) -> Report:
    """Measure the lists on both databases."""
    with databases() as kinds:
        found = {kind: measure_lists(*where, plan) for kind, where in kinds.items()}
    lines = [f"first pages with {plan.payments:,} payments in one sandbox, and {plan.sandboxes:,} sandboxes"]
    lines.append(f"  {'median ms':<24}" + "".join(f"{kind:>12}" for kind in found))
    for name in LISTS:
        lines.append(f"  {name:<24}" + "".join(f"{of[name]:>12.1f}" for of in found.values()))
    checks = [
        Check(f"{name}, {kind}", milliseconds, MILLISECONDS_AT_MOST, False, " ms")
        for kind, of in found.items()
        for name, milliseconds in of.items()
    ]
    return Report(lines, checks, {"lists": found})


@click.command()
@quick_option
@json_option
def main(quick: bool, json_file: Path | None) -> None:
    """Measure the first page of each list where a million payments are stored."""
    plan = QUICK if quick else Plan()
    run("lists", lambda: measure(plan), is_whole=not quick, json_file=json_file)


if __name__ == "__main__":
    main(prog_name="python -m benchmarks.lists")
