"""The compose files start what they say, and their balancer lets faults through to who called."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
import yaml

from payments_mock.cli import kiosk_command
from payments_mock.settings import SETTINGS
from payments_mock.testing import RemoteServer
from testkit.processes import ServerProcess, free_port, running_server
from tests.docs.pages import BLOCK

ROOT = Path(__file__).parents[2]
TOKEN = "token-for-tests"
FILES = ("compose.yaml", "compose.laptop.yaml")


def services(name: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))["services"]
    return found


def providers(name: str) -> list[dict[str, Any]]:
    """Return the services that run the provider."""
    ours = [service for service in services(name).values() if service["image"] == "payments-mock"]
    return [service for service in ours if "command" not in service]


@pytest.mark.parametrize("name", FILES)
def test_every_provider_has_the_control_token(name: str) -> None:
    tokens = [one["environment"]["PAYMENTS_MOCK_CONTROL_TOKEN"] for one in providers(name)]

    assert tokens
    assert set(tokens) == {f"${{PAYMENTS_MOCK_CONTROL_TOKEN:-{TOKEN}}}"}


@pytest.mark.parametrize("name", FILES)
def test_providers_are_told_settings_that_there_are(name: str) -> None:
    known = {setting.environment for setting in SETTINGS}

    for provider in providers(name):
        assert provider["environment"].keys() <= known
        assert not {"PAYMENTS_MOCK_DATA", "PAYMENTS_MOCK_DATABASE_URL"} <= provider["environment"].keys()


@pytest.mark.parametrize("name", FILES)
def test_only_this_machine_reaches_what_listens(name: str) -> None:
    published = [port for service in services(name).values() for port in service.get("ports", ())]

    assert published
    assert [port for port in published if not port.startswith("127.0.0.1:")] == []


def test_the_kiosk_is_started_by_a_command_that_there_is() -> None:
    name, *arguments = services("compose.yaml")["kiosk"]["command"]

    with kiosk_command().make_context(name, arguments) as context:
        assert context.params["provider_url"] == "http://balancer:9090"


@pytest.mark.parametrize("name", FILES)
def test_compose_itself_reads_the_file(name: str) -> None:
    compose = ["docker", "compose", "version"]
    if shutil.which("docker") is None or subprocess.run(compose, capture_output=True).returncode != 0:
        pytest.skip("needs docker compose, which is not on this machine")

    done = subprocess.run(
        ["docker", "compose", "--file", name, "config", "--quiet"], cwd=ROOT, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stderr


@pytest.fixture
def replicas(tmp_path: Path) -> Iterator[list[ServerProcess]]:
    """Run two providers on one database."""
    command = [sys.executable, "-m", "payments_mock", "serve", "--port", "0", "--control-token", TOKEN]
    with ExitStack() as running:
        servers = []
        for name in ("one", "two"):
            (tmp_path / name).mkdir()
            shared = [*command, "--data", str(tmp_path / "payments.db")]
            servers.append(running.enter_context(running_server(shared, tmp_path / name)))
        yield servers


@pytest.fixture
def balanced(replicas: list[ServerProcess], tmp_path: Path) -> Iterator[str]:
    """Run the balancer of compose.yaml before both, and give its base URL."""
    if shutil.which("haproxy") is None:
        assert not os.environ.get("CI"), "CI needs haproxy"
        pytest.skip("needs haproxy, which is not on this machine")
    port = free_port()
    text = (ROOT / "container" / "haproxy.cfg").read_text(encoding="utf-8")
    text = text.replace("bind :9090", f"bind 127.0.0.1:{port}")
    for number, replica in enumerate(replicas, 1):
        text = text.replace(f"mock-{number}:9090", urlsplit(replica.url).netloc)
    assert not re.search(r"mock-\d:", text)
    (tmp_path / "haproxy.cfg").write_text(text, encoding="utf-8")
    with subprocess.Popen(["haproxy", "-db", "-q", "-f", tmp_path / "haproxy.cfg"]) as balancer:
        url = f"http://127.0.0.1:{port}"
        command = [sys.executable, "-m", "payments_mock", "health", url, "--wait", "20"]
        try:
            subprocess.run(command, check=True, capture_output=True)
            yield url
        finally:
            balancer.terminate()


def test_the_balancer_asks_both_and_a_lost_answer_is_lost(
    balanced: str, replicas: list[ServerProcess]
) -> None:
    with RemoteServer(balanced, TOKEN) as server, server.sandbox() as sandbox:
        order = {"paymentKey": "pay_1", "orderId": "order_1", "amount": 100}
        auth = (sandbox.secret_key, "")
        requests.post(f"{balanced}/v1/payments", json=order, auth=auth, timeout=10)
        sandbox.faults.lose_answer("confirm")

        with pytest.raises(requests.ConnectionError):
            requests.post(f"{balanced}/v1/payments/confirm", json=order, auth=auth, timeout=10)
        found = requests.get(f"{balanced}/v1/payments/pay_1", auth=auth, timeout=10).json()

        assert found["status"] == "APPROVED"
        sandbox.journal.assert_called("confirm", count=1)
        for _ in range(4):
            requests.get(f"{balanced}/v1/payments/pay_1", auth=auth, timeout=10)
    assert all("operation=get" in replica.stderr for replica in replicas)


def test_what_a_replica_that_is_gone_would_have_answered_the_other_one_answers(
    balanced: str, replicas: list[ServerProcess]
) -> None:
    replicas[0].stop()

    # The balancer notices within two looks, one a second; each of these is a connection of its own.
    assert [requests.get(f"{balanced}/health", timeout=10).status_code for _ in range(20)] == [200] * 20


def test_every_image_from_a_registry_has_a_stand_in_where_none_answers() -> None:
    images = {service["image"] for name in FILES for service in services(name).values()}
    dockerfile = (ROOT / ".ci" / "stand-ins" / "Dockerfile").read_text(encoding="utf-8")

    named = {image.partition(":")[0] for image in images if ":" in image}
    assert set(re.findall(r" AS (\w+)$", dockerfile, re.MULTILINE)) - {"packages"} == named


SHOP = """
import urllib.request
for host in ("api", "js"):
    print(urllib.request.urlopen(f"https://{host}.tosspayments.com/health").status)
"""


@pytest.fixture
def beside_a_shop(tmp_path: Path) -> Iterator[list[str]]:
    """Start what docs/intercept.md shows for containers, with a shop that has Python; gives the command."""
    command = os.environ.get("COMPOSE")
    if not command:
        pytest.skip("needs an engine with the image: .ci/compose runs it")
    page = (ROOT / "docs" / "intercept.md").read_text(encoding="utf-8")
    [shown] = [text for _, text in BLOCK.findall(page) if "aliases" in text]
    whole = yaml.safe_load(shown)
    whole["services"]["shop"] |= {
        "image": "payments-mock",
        "entrypoint": ["sleep", "60"],
        "healthcheck": {"disable": True},
        "depends_on": {"payments-mock": {"condition": "service_healthy"}},
    }
    (tmp_path / "compose.yaml").write_text(yaml.safe_dump(whole), encoding="utf-8")
    compose = [*command.split(), "--file", str(tmp_path / "compose.yaml")]
    subprocess.run([*compose, "up", "--detach"], check=True, timeout=60)
    yield compose
    subprocess.run([*compose, "down", "--volumes", "--timeout", "1"], check=True, timeout=60)


def test_a_shop_in_a_container_reaches_the_mock_at_the_real_names(beside_a_shop: list[str]) -> None:
    python = ["/opt/payments-mock/bin/python", "-c", SHOP]

    done = subprocess.run(
        [*beside_a_shop, "exec", "-T", "--env", "SSL_CERT_FILE=/ca/ca.crt", "shop", *python],
        capture_output=True,
        text=True,
        timeout=30,
    )

    assert done.stdout.split() == ["200", "200"], done.stderr
