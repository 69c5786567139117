"""`serve --tls` answers HTTPS under the real names, for containers and other clients."""

import json
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from payments_mock.intercept.certificates import make_certificates
from testkit.processes import running_server
from testkit.sandbox import Sandbox
from tests.intercept.conftest import before

SERVE = [sys.executable, "-m", "payments_mock", "serve", "--port", "0", "--log-format", "none"]
TLS = ["--tls", "--tls-port", "0"]


def shown(banner: str) -> tuple[str, str]:
    """Return the address for HTTPS and the authority's file, "" for none, as the banner has them."""
    found = re.search(r"HTTPS +(https://\S+:\d+)(?:  \(CA: (.+)\))?", banner)
    assert found is not None, banner
    return found[1], found[2] or ""


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str, str]]:
    """A server with a certificate of its own: its plain address, its secure one, and its authority."""
    folder = tmp_path_factory.mktemp("tls")
    with running_server([*SERVE, *TLS, "--tls-folder", str(folder), "--open"], folder) as server:
        yield server.url, *shown(server.stdout)


def curl_at_the_real_address(url: str, authority: str, *words: str) -> str:
    port = url.rpartition(":")[2]
    led = f"api.tosspayments.com:443:127.0.0.1:{port}"
    command = ["curl", "-sS", "--cacert", authority, "--connect-to", led, *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, env=before()).stdout


def test_it_answers_under_the_real_name_as_a_container_would_reach_it(secure: tuple[str, str, str]) -> None:
    plain, url, authority = secure
    sandbox = Sandbox.on(plain, "toss")
    login = ["-u", f"{sandbox.made['secretKey']}:", "-H", "Content-Type: application/json"]
    body = json.dumps(sandbox.begin())

    paid = json.loads(
        curl_at_the_real_address(
            url, authority, *login, "-d", body, "https://api.tosspayments.com/v1/payments/confirm"
        )
    )

    assert paid["status"] == "DONE"
    assert paid["receipt"]["url"].startswith(f"{plain}/receipts/")


def test_both_addresses_are_one_server(secure: tuple[str, str, str]) -> None:
    plain, url, authority = secure
    sandbox = Sandbox.on(plain, "toss")
    local = url.replace("127.0.0.1", "localhost")

    for address, verify in ((plain, True), (url, authority), (local, authority)):
        assert requests.get(f"{address}{sandbox.path}", verify=verify, timeout=5).status_code == 200


@pytest.mark.parametrize(
    ("kind", "error"),
    [("reset", "Remote end closed"), ("truncate", "IncompleteRead"), ("empty", "Remote end closed")],
)
def test_faults_strike_https_too(kind: str, error: str, secure: tuple[str, str, str]) -> None:
    plain, url, authority = secure
    sandbox = Sandbox.on(plain, "toss")
    payment = sandbox.begin()
    sandbox.arm(kind, "after", operation="get")

    with pytest.raises(requests.RequestException, match=error):
        requests.get(
            f"{url}/v1/payments/{payment['paymentKey']}",
            auth=(sandbox.made["secretKey"], ""),
            verify=authority,
            timeout=5,
        )


def test_a_client_that_leaves_a_held_call_leaves_no_trace_in_the_log(tmp_path: Path) -> None:
    with running_server([*SERVE, *TLS, "--tls-folder", str(tmp_path)], tmp_path) as server:
        url, authority = shown(server.stdout)
        sandbox = Sandbox.on(server.url, "toss")
        payment = sandbox.begin()
        sandbox.arm("hang", "after", operation="get")
        address = f"{url}/v1/payments/{payment['paymentKey']}"

        with pytest.raises(requests.ReadTimeout):
            requests.get(address, auth=(sandbox.made["secretKey"], ""), verify=authority, timeout=0.5)

        assert requests.get(f"{url}/health", verify=authority, timeout=5).ok
    assert server.stderr == ""


def test_a_certificate_that_is_given_is_used(tmp_path: Path) -> None:
    made = make_certificates(["shop.test"], addresses=["127.0.0.1"], days=2)
    (tmp_path / "tls.crt").write_bytes(made.certificate)
    (tmp_path / "tls.key").write_bytes(made.key)
    (tmp_path / "authority.pem").write_bytes(made.authority)

    with running_server([*SERVE, *TLS, "--tls-folder", str(tmp_path)], tmp_path) as server:
        url, authority = shown(server.stdout)

        assert authority == ""
        assert requests.get(f"{url}/health", verify=str(tmp_path / "authority.pem"), timeout=5).ok
    assert not (tmp_path / "ca.crt").exists()


def test_several_workers_answer_https_with_one_certificate(tmp_path: Path) -> None:
    with running_server([*SERVE, *TLS, "--workers", "2"], tmp_path) as server:
        url, authority = shown(server.stdout)

        for _ in range(6):
            assert requests.get(f"{url}/health", verify=authority, timeout=5).ok
    assert not Path(authority).exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--tls-folder", "."], "tls_folder goes with tls, which is off: add --tls"),
        (["--tls", "--tls-folder", "/no/such"], 'tls_folder must be a folder that exists, not "/no/such"'),
        ([*TLS, "--tls-folder", "{half}"], "has no usable tls.crt and tls.key"),
    ],
)
def test_what_will_not_do_is_told_in_a_line(words: list[str], told: str, tmp_path: Path) -> None:
    (tmp_path / "tls.crt").write_text("no certificate")
    command = [*SERVE, *(word.format(half=tmp_path) for word in words)]

    done = subprocess.run(command, capture_output=True, text=True, timeout=30)

    assert done.returncode == 2
    assert told in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_taken_port_names_the_option_that_chooses_another() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "payments_mock", "serve", "--port", "0", "--tls", "--tls-port", port]
        done = subprocess.run(command, capture_output=True, text=True, timeout=30)

    told = f"port {port} on 127.0.0.1 is taken; stop what listens there, or choose another with --tls-port"
    assert (done.returncode, done.stderr) == (2, f"payments-mock: {told}\n")
