"""No merchant is blamed for faults of the run, and a run leaves nothing behind."""

import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from payments_mock.certify.processes import listens
from testkit.depth import waits_for_ci
from testkit.processes import free_port, start_server
from tests.certify.command_line import certify, changed, under_way, without_start

pytestmark = pytest.mark.a_few(5)

PROGRAM = (sys.executable, "-m", "payments_mock")


def test_a_merchant_that_never_answers_is_not_blamed(kiosk: Path) -> None:
    wrong = changed(kiosk, 'POST /orders"', 'POST http://127.0.0.1:1/orders"')

    run = certify(wrong, "--run", "confirm-reset")

    assert run.returncode == 3
    assert "inconclusive: " in run.stdout
    assert "the merchant does not answer: POST http://127.0.0.1:1/orders" in run.stdout


def test_a_merchant_that_does_not_start_is_an_error_of_the_suite(kiosk: Path) -> None:
    run = certify(changed(kiosk, '"kiosk", "--port"', '"no-such-command", "--port"'))

    assert run.returncode == 70
    assert run.stderr.startswith("payments-mock certify: suite error: the merchant ended with exit code 2")
    assert "Traceback" not in run.stderr


def test_a_merchant_that_runs_already_is_not_started_again(kiosk: Path, port: int) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", port))
        listener.listen()
        run = certify(kiosk, "--run", "1")

    assert run.returncode == 70
    assert "something listens at http://127.0.0.1:" in run.stderr


def test_a_taken_port_is_an_error_of_the_suite(kiosk: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        wanted = f"provider_port = {taken.getsockname()[1]}\ntimeout = 1"
        run = certify(changed(kiosk, "timeout = 1", wanted))

    assert run.returncode == 70
    assert run.stderr.startswith("payments-mock certify: suite error: the provider did not start")


def test_a_provider_that_is_not_there_is_an_error_of_the_suite(kiosk: Path) -> None:
    run = certify(kiosk, "--provider-url", "http://127.0.0.1:1")

    assert run.returncode == 70
    assert "suite error" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_provider_that_is_killed_in_the_middle_blames_nobody(kiosk: Path, tmp_path: Path) -> None:
    provider = start_server([*PROGRAM, "serve", "--port", "0", "--log-format", "none"], tmp_path)
    try:
        with under_way(2, kiosk, "--run", "1", "--jobs", "2", "--provider-url", provider.url) as run:
            provider.kill()
            told, _ = run.communicate(timeout=120)
    finally:
        provider.kill()

    assert run.returncode == 70
    assert "BREAKS" not in told
    assert "SUITE ERROR" in told


def test_a_merchant_that_is_killed_in_the_middle_is_not_blamed(
    kiosk: Path, tmp_path: Path, port: int
) -> None:
    provider_port = free_port()
    provider = ["--provider", f"http://127.0.0.1:{provider_port}"]
    shop = start_server([*PROGRAM, "kiosk", "--port", str(port), "--timeout", "1", *provider], tmp_path)
    words = ["--run", "declined-card", "--run", "1", "--jobs", "1"]
    try:
        with under_way(2, without_start(kiosk, provider_port), *words) as run:
            shop.kill()
            told, _ = run.communicate(timeout=240)
    finally:
        shop.kill()

    assert run.returncode == 3
    assert "BREAKS" not in told
    assert "the merchant has gone: nothing listens at" in told


@waits_for_ci
def test_a_merchant_that_takes_calls_and_answers_none_is_asked_once(kiosk: Path, port: int) -> None:
    silent = without_start(kiosk, free_port())
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", port))
        listener.listen(64)
        began = time.monotonic()
        run = certify(silent, "--run", "1")

    assert run.returncode == 3
    assert "the merchant does not answer: POST /orders: no answer in time" in run.stdout
    assert time.monotonic() - began < 25


@pytest.fixture
def heeds_ctrl_c() -> Iterator[None]:
    """Have programs that are started heed SIGINT, though a shell may have started the tests to ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heeds_ctrl_c")
def test_ctrl_c_leaves_nothing_running_and_writes_what_there_is(
    kiosk: Path, tmp_path: Path, port: int
) -> None:
    report = tmp_path / "report.json"
    with under_way(1, kiosk, "--run", "1", "--jobs", "1", "--report", f"json={report}") as run:
        os.kill(run.pid, signal.SIGINT)
        began = time.monotonic()
        run.communicate(timeout=60)

    assert run.returncode == 130
    assert time.monotonic() - began < 20
    assert '"confirm-' in report.read_text("utf-8")
    assert not listens(f"http://127.0.0.1:{port}")
