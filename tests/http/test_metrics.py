"""With `--metrics`, Prometheus is told what was called and what came of it, and no secret."""

import os
import platform
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
import requests
from flask import Flask

from payments_mock import __version__
from payments_mock.app import create_app
from payments_mock.settings import Settings
from testkit.inside.database import drop_tables
from testkit.inside.toss_sales import pay
from testkit.processes import ServerProcess, running_server
from testkit.receiver import Receiver
from tests.control.desk import Desk
from tests.webhooks.shopping import attempted

pytestmark = pytest.mark.a_few(8)

SAMPLE = re.compile(r"^([a-z_]+)(?:\{(.*)\})? ([0-9.e+-]+)$", re.MULTILINE)
Figures = dict[tuple[str, ...], float]
"""What was told, by the name and the values of the labels, which stand in the order of their names."""


@pytest.fixture
def app(settings: Settings) -> Flask:
    return create_app(replace(settings, metrics=True))


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


@pytest.fixture
def receive() -> Iterator[Callable[..., Receiver]]:
    """Start a server that answers with these statuses in turn."""
    started: list[Receiver] = []

    def start(*statuses: int) -> Receiver:
        started.append(Receiver(*statuses))
        return started[-1]

    yield start
    for receiver in started:
        receiver.stop()


def read(text: str) -> Figures:
    found = SAMPLE.findall(text)
    return {
        (name, *re.findall(r'="([^"]*)"', labels)): float(value)
        for name, labels, value in found
        if not name.endswith(("_created", "_bucket"))
    }


def figures(app: Flask) -> Figures:
    answer = app.test_client().get("/metrics")
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/plain; version=")
    return read(answer.text)


def counted(app: Flask, name: str) -> dict[tuple[str, ...], float]:
    """Return the figures of one name, by their labels."""
    return {
        labels: value
        for (of, *labels_), value in figures(app).items()
        if of == name and (labels := tuple(labels_))
    }


def test_calls_are_counted_by_contract_operation_and_outcome(app: Flask, desk: Desk) -> None:
    shop = desk.sandbox().shop()
    shop.pay()
    shop.call(
        "POST", "/v1/payments/confirm", json={"paymentKey": "pay_none", "orderId": "order_1", "amount": 1}
    )
    app.test_client().get("/v1/payments/pay_1")
    app.test_client().get("/no/such/path")

    assert counted(app, "payments_mock_requests_total") == {
        ("kiosk", "confirm", "NOT_FOUND"): 1,
        ("kiosk", "confirm", "OK"): 1,
        ("kiosk", "create", "OK"): 1,
        ("control", "create-sandbox", "OK"): 1,
        ("unknown", "unknown", "UNAUTHORIZED_KEY"): 1,
        ("unknown", "unknown", "NOT_FOUND"): 1,
    }


def test_pages_and_the_figures_themselves_are_not_counted(app: Flask) -> None:
    for path in ("/health", "/docs", "/metrics"):
        assert app.test_client().get(path).status_code == 200

    assert counted(app, "payments_mock_requests_total") == {}


def test_their_length_is_told(app: Flask, desk: Desk) -> None:
    desk.sandbox().shop().pay()

    told = figures(app)

    assert told["payments_mock_request_seconds_count", "kiosk", "confirm"] == 1
    assert 0 < told["payments_mock_request_seconds_sum", "kiosk", "confirm"] < 10


def test_faults_that_struck_are_counted_by_kind(app: Flask, desk: Desk) -> None:
    sandbox = desk.sandbox()
    sandbox.arm("error", code="NOT_FOUND", match={"operation": "create"})
    sandbox.arm("error", code="test_sk_made_up", status=400, match={"operation": "create"})
    for _ in range(3):
        sandbox.shop().create()

    assert counted(app, "payments_mock_faults_struck_total") == {("kiosk", "error", "create"): 2}


def test_a_code_that_a_test_made_up_is_no_label(app: Flask, desk: Desk) -> None:
    sandbox = desk.sandbox()
    sandbox.arm("error", code="test_sk_made_up", status=400, match={"operation": "create"})
    sandbox.shop().create()

    assert counted(app, "payments_mock_requests_total")["kiosk", "create", "FAULT"] == 1


@pytest.mark.parametrize(("status", "outcome"), [(200, "delivered"), (201, "refused")])
def test_attempts_at_webhooks_are_counted_by_what_came_of_them(
    app: Flask, desk: Desk, receive: Callable[..., Receiver], status: int, outcome: str
) -> None:
    sandbox = desk.sandbox(contract="toss")
    sandbox.done("POST", "webhooks", url=receive(status).url)
    pay(sandbox.merchant())
    attempted(sandbox)

    assert counted(app, "payments_mock_webhook_attempts_total") == {("PAYMENT_STATUS_CHANGED", outcome): 1}


def test_an_attempt_that_nobody_answers_and_an_event_that_nobody_knows_are_told_as_such(
    app: Flask, desk: Desk, receive: Callable[..., Receiver]
) -> None:
    gone = receive()
    gone.stop()
    sandbox = desk.sandbox(contract="toss", switches={"unknownEvents": True})
    sandbox.done("POST", "webhooks", url=gone.url)
    pay(sandbox.merchant())
    attempted(sandbox, 2)

    assert counted(app, "payments_mock_webhook_attempts_total") == {
        ("PAYMENT_STATUS_CHANGED", "unanswered"): 1,
        ("OTHER", "unanswered"): 1,
    }


def test_the_sandboxes_that_there_are_are_told_and_which_release_it_is(app: Flask, desk: Desk) -> None:
    before = counted(app, "payments_mock_sandboxes")
    desk.sandbox()

    after = counted(app, "payments_mock_sandboxes")

    assert after == {**before, ("kiosk",): before["kiosk",] + 1}
    assert counted(app, "payments_mock_build_info") == {(platform.python_version(), __version__): 1}


def test_the_counts_are_told_while_the_database_is_away(settings: Settings, tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'payments.db'}"
    app = create_app(replace(settings, metrics=True, database_url=database))
    Desk(app).sandbox()
    drop_tables(app)

    assert counted(app, "payments_mock_sandboxes") == {}
    assert counted(app, "payments_mock_requests_total")["control", "create-sandbox", "OK"] == 1


def test_no_label_is_a_key_a_path_or_a_sandbox(app: Flask, desk: Desk) -> None:
    sandbox = desk.sandbox(id="of_labels", secretKey="test_sk_of_labels")
    shop = sandbox.shop()
    shop.pay()
    shop.call("GET", "/v1/payments/pay_of_labels")
    shop.call("GET", "/v1/nothing_of_labels")
    sandbox.done("GET", "journal")

    assert "of_labels" not in app.test_client().get("/metrics").text


def test_a_server_that_was_not_asked_for_figures_has_none_and_imports_nothing_for_them() -> None:
    code = (
        "import sys\n"
        "from payments_mock.app import create_app\n"
        "from payments_mock.settings import Settings\n"
        "app = create_app(Settings(log_format='none'))\n"
        "print(app.test_client().get('/metrics').status_code, 'prometheus_client' in sys.modules,"
        " len(app.after_request_funcs[None]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    # Only the webhooks of a call are sent after it.
    assert done.stdout == "404 False 1\n"


def test_where_the_library_is_not_installed_that_is_said_in_a_line(tmp_path: Path) -> None:
    (tmp_path / "prometheus_client.py").write_text("raise ImportError('not here')")
    command = [sys.executable, "-m", "payments_mock", "serve", "--metrics", "--port", "0"]
    environment = os.environ | {"PYTHONPATH": f"{tmp_path}:{os.environ.get('PYTHONPATH', '')}"}

    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30)

    assert (done.returncode, done.stderr) == (
        2,
        "payments-mock: metrics: this needs the extra of that name: pip install '.[metrics]'\n",
    )


@pytest.fixture
def workers(tmp_path: Path) -> Iterator[ServerProcess]:
    command = [sys.executable, "-m", "payments_mock", "serve", "--port", "0", "--workers", "3", "--metrics"]
    with running_server(command, tmp_path) as server:
        yield server


def look_up(url: str) -> int:
    """Ask for a payment by a connection of its own, which any worker may take; returns who answered."""
    return requests.get(f"{url}/v1/payments/pay_1", auth=("test_sk_dummy", ""), timeout=10).status_code


def looked_up(url: str) -> float:
    text = requests.get(f"{url}/metrics", timeout=10).text
    return read(text).get(("payments_mock_requests_total", "kiosk", "get", "NOT_FOUND"), 0)


def test_whichever_worker_is_asked_tells_the_sum_of_all(workers: ServerProcess) -> None:
    url = workers.url
    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(look_up, [url] * 100)) == {404}

    assert {looked_up(url) for _ in range(20)} == {100}


def test_what_a_worker_counted_that_died_still_counts(workers: ServerProcess) -> None:
    url = workers.url
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(look_up, [url] * 50))
    for worker in psutil.Process(workers.process.pid).children():
        worker.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 20
    while len(psutil.Process(workers.process.pid).children()) < 3:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    look_up(url)

    assert looked_up(url) == 51
