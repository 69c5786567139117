import sys
from collections.abc import Iterator

import pytest
from pytest_bdd import given, parsers, scenarios, then, when

from step_defs.faults.conftest import Stage
from testkit.answer import Answer
from testkit.kiosk.kiosk_client import Kiosk
from testkit.kiosk.scene import Scene
from testkit.processes import running_server
from testkit.sandbox import Sandbox

scenarios("faults/kiosk.feature")

TIMEOUT_SECONDS = "1.5"
PRESSES = 5


@pytest.fixture(scope="module")
def kept_sandbox(provider_url: str) -> Iterator[Sandbox]:
    """Make the sandbox whose key the kiosk has."""
    sandbox = Sandbox.on(provider_url, "kiosk")
    yield sandbox
    sandbox.remove()


@pytest.fixture(scope="module")
def kept_kiosk(kept_sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run one kiosk for all scenarios: starting one takes longer than a scenario."""
    command = [sys.executable, "-m", "payments_mock.kiosk", "--port", "0", "--timeout", TIMEOUT_SECONDS]
    command += ["--provider", kept_sandbox.url, "--secret-key", kept_sandbox.made["secretKey"]]
    with running_server(command, tmp_path_factory.mktemp("kiosk")) as server:
        yield server.url


@given('a sandbox on the "kiosk" contract', target_fixture="stage")
def _(kept_sandbox: Sandbox) -> Stage:
    """Let the kiosk's own sandbox forget the scenario before."""
    kept_sandbox.control("POST", "reset")
    return Stage(kept_sandbox)


@given("a kiosk that has the sandbox's key", target_fixture="scene")
def _(kept_kiosk: str) -> Iterator[Scene]:
    scene = Scene(Kiosk(kept_kiosk))
    yield scene
    scene.tidy()


@given('an order of "1 Popcorn"')
def _(scene: Scene) -> None:
    scene.cart = {"Popcorn": 1}
    scene.order()


@given('a paid order of "1 Popcorn"')
def _(scene: Scene) -> None:
    scene.cart = {"Popcorn": 1}
    scene.order()
    assert scene.kiosk.pay(scene.order_id).status == 200


@when("the shopper presses Pay, and again until it is settled")
def _(scene: Scene) -> None:
    for _ in range(PRESSES):
        if is_settled(scene.kiosk.pay(scene.order_id), "PAID"):
            return


@when("the clerk refunds the order, and again until it is settled")
def _(scene: Scene) -> None:
    for _ in range(PRESSES):
        if is_settled(scene.kiosk.refund(scene.order_id), "REFUNDED"):
            return


def is_settled(answer: Answer, status: str) -> bool:
    return answer.status == 200 and bool(answer.body["status"] == status)


@then(parsers.parse('the order is "{status:w}"'))
def _(scene: Scene, status: str) -> None:
    assert scene.kiosk.look(scene.order_id).body["status"] == status


@then("the shopper of the kiosk is charged once")
def _(stage: Stage) -> None:
    assert [payment["state"] for payment in payments(stage) if payment["approvedAt"]] == ["APPROVED"]


@then("the shopper of the kiosk has the money back once")
def _(stage: Stage) -> None:
    [paid] = [payment for payment in payments(stage) if payment["approvedAt"]]
    assert (paid["state"], paid["balance"]) == ("CANCELED", 0)
    history = stage.sandbox.control("GET", f"payments/{paid['paymentKey']}")
    assert len([step for step in history["timeline"] if step["what"] == "CANCEL"]) == 1


def payments(stage: Stage) -> list[dict[str, str]]:
    return list(stage.sandbox.control("GET", "payments")["payments"])
