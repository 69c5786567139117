"""`payments-mock kiosk --with-provider`: two servers, one command."""

import os
import signal
import socket
from urllib.parse import urlsplit

import psutil
import pytest
import requests

from testkit.depth import depth, waits_for_ci

pytestmark = pytest.mark.a_few(5)


@pytest.fixture
def both(launch):
    arguments = ("--with-provider", "--provider-port", "0", "--port", "0")
    return launch("-m", "payments_mock", "kiosk", *arguments, measured=True)


def is_listening(url: str) -> bool:
    parts = urlsplit(url)
    with socket.socket() as probe:
        return probe.connect_ex((parts.hostname, parts.port)) == 0


def test_both_run_and_the_kiosk_pays_at_its_provider(both):
    kiosk, provider = both.printed("Kiosk"), both.printed("Base URL")
    assert both.printed("Provider") == provider
    assert requests.get(f"{provider}/health", timeout=5).status_code == 200
    order = requests.post(
        f"{kiosk}/orders", json={"items": [{"id": "popcorn", "quantity": 1}]}, timeout=5
    ).json()
    paid = requests.post(f"{kiosk}/orders/{order['id']}/pay", timeout=5)
    assert paid.status_code == 200
    assert is_listening(provider)


def test_both_run_in_a_korean_terminal(launch) -> None:
    korean = {**os.environ, "LC_ALL": "ko_KR.UTF-8", "PYTHONIOENCODING": "utf-8"}
    arguments = ("--with-provider", "--provider-port", "0", "--port", "0")
    both = launch("-m", "payments_mock", "kiosk", *arguments, environment=korean)

    assert both.printed("Provider") == both.printed("Base URL")
    assert "실제 돈은 오가지 않습니다" in both.stdout


@pytest.mark.parametrize("number", depth([signal.SIGINT, signal.SIGTERM], [signal.SIGINT]))
def test_both_stop_together(both, number: int):
    kiosk, provider = both.printed("Kiosk"), both.printed("Base URL")
    assert both.stop(number) < 3
    assert not is_listening(kiosk)
    assert not is_listening(provider)


@waits_for_ci
def test_the_kiosk_stops_when_its_provider_has_died(both):
    both.printed("Kiosk")
    [provider] = psutil.Process(both.process.pid).children()
    provider.kill()
    assert both.process.wait(5) == 0


@waits_for_ci
def test_the_provider_stops_when_its_kiosk_was_killed(both):
    both.printed("Kiosk")
    [provider] = psutil.Process(both.process.pid).children()
    both.process.kill()
    _, alive = psutil.wait_procs([provider], 5)
    assert alive == []


def test_a_taken_provider_port_is_told_in_one_line(launch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        both = launch(
            "-m", "payments_mock", "kiosk", "--with-provider", "--provider-port", port, "--port", "0"
        )
        assert both.process.wait(10) == 2
    assert both.stderr == (
        f"payments-mock: port {port} on 127.0.0.1 is taken; "
        "stop what listens there, or choose another with --port\n"
    )


def test_help_tells_of_the_provider_beside_the_kiosks_own_options(launch):
    shown = launch("-m", "payments_mock", "kiosk", "--help")
    assert shown.process.wait(10) == 0
    assert "--with-provider" in shown.stdout
    assert "--provider-port PORT" in shown.stdout
    assert "--provider URL" in shown.stdout
