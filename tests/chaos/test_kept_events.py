"""Workers are killed while events are read: what was answered is told, and nothing is told twice."""

import sys
import threading
from pathlib import Path
from typing import Any

import requests

from testkit.depth import waits_for_ci
from tests.chaos.mortal import MortalServer

PAYMENTS = 40
KILLED_AFTER = (9, 19, 29)
KEY = ("test_sk_dummy", "")


def pay(url: str, number: int, answered: list[str]) -> None:
    """Create a payment and confirm it; note the order if the confirm was answered."""
    body = {"paymentKey": f"pay_{number}", "orderId": f"order_{number}", "amount": 15000}
    try:
        for path in ("/v1/payments", "/v1/payments/confirm"):
            answer = requests.post(url + path, json=body, auth=KEY, timeout=10)
        if answer.status_code == 200:
            answered.append(f"order_{number}")
    except requests.RequestException:
        return


def read(url: str, seq: str) -> dict[str, Any]:
    """Read on after a position, from another worker if the first one is killed."""
    while True:
        try:
            query = {"after": seq, "wait": "0.2", "sandbox": "kiosk"}
            answer = requests.get(f"{url}/control/events", params=query, timeout=10)
        except requests.RequestException:
            continue
        if answer.status_code == 200:
            news: dict[str, Any] = answer.json()
            return news


@waits_for_ci
def test_a_killed_worker_takes_no_event_with_it(tmp_path: Path) -> None:
    options = ["--data", str(tmp_path / "payments.db"), "--workers", "3", "--log-format", "none"]
    serve = [sys.executable, "-m", "payments_mock", "serve", *options]
    with MortalServer(lambda port: [*serve, "--port", str(port)], tmp_path) as server:
        begun = requests.get(f"{server.url}/control/events", params={"sandbox": "kiosk"}, timeout=10)
        seq = begun.json()["seq"]
        answered: list[str] = []

        def shop(first: int) -> None:
            for number in range(first, PAYMENTS, 2):
                pay(server.url, number, answered)
                if number in KILLED_AFTER:
                    server.kill_worker()

        # One of them kills a worker between its own payments: the other is in the middle of one.
        shoppers = [threading.Thread(target=shop, args=(first,)) for first in (0, 1)]
        for shopper in shoppers:
            shopper.start()
        told: list[dict[str, Any]] = []
        while any(shopper.is_alive() for shopper in shoppers):
            news = read(server.url, seq)
            told, seq = told + news["events"], news["seq"]
        while (news := read(server.url, seq))["events"]:
            told, seq = told + news["events"], news["seq"]
        kills = len(server.recoveries)
        server.stop()

    moved = [one["orderId"] for one in told if one["kind"] == "movement"]
    assert kills == len(KILLED_AFTER)
    assert len(answered) > PAYMENTS // 2
    assert set(answered) - set(moved) == set()
    assert len(moved) == len(set(moved))
    places = [one["seq"] for one in told]
    assert len(places) == len(set(places))
