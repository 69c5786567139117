"""The kiosks that the scenarios stand at, and the sentences that most of them share."""

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager

import pytest
from pytest_bdd import given, then, when

from step_defs.kiosk.wording import sentence
from testkit.answer import Answer
from testkit.checks import assert_refused, granted
from testkit.kiosk.kiosk_client import Kiosk
from testkit.kiosk.line import HeldAnswer, Line
from testkit.kiosk.scene import Goods, Scene
from testkit.measuring import measured
from testkit.processes import running_server
from testkit.provider_client import Payment, Provider

IMPATIENT_SECONDS = 1.5
PATIENT_SECONDS = 20.0
ARRIVAL_SECONDS = 15.0

FirstPress = Future[Answer]


def kiosk_command(provider_url: str, secret_key: str, *options: str) -> list[str]:
    """Return the command that runs a kiosk on a free port."""
    command = [sys.executable, "-m", "payments_mock.kiosk", "--port", "0"]
    return [*command, "--provider", provider_url, "--secret-key", secret_key, *options]


@pytest.fixture(scope="session")
def kiosk_url(
    pytestconfig: pytest.Config,
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
    secret_key: str,
) -> Iterator[str]:
    """Return the base URL of the kiosk: this session's own process, unless --kiosk-url is given."""
    running = pytestconfig.getoption("--kiosk-url")
    if running:
        yield running.rstrip("/")
        return
    command = kiosk_command(request.getfixturevalue("provider_url"), secret_key)
    with running_server(command, tmp_path_factory.mktemp("kiosk"), measured()) as server:
        yield server.url


@pytest.fixture(scope="session")
def own_processes(pytestconfig: pytest.Config) -> None:
    """Skip scenarios that break the line to the provider where the kiosk is not ours to connect."""
    if pytestconfig.getoption("--kiosk-url"):
        pytest.skip("needs a kiosk behind a line that the scenario can break; not possible with --kiosk-url")


@pytest.fixture(scope="session")
def breakable_line(own_processes: None, provider_url: str) -> Iterator[Line]:
    """Return the line of `kiosk_on_the_line` to the provider."""
    with closing(Line(provider_url)) as line:
        yield line


@pytest.fixture(scope="session")
def impatient_kiosk_url(
    breakable_line: Line, secret_key: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Return the base URL of a kiosk on the line that soon stops waiting for its provider."""
    command = kiosk_command(breakable_line.url, secret_key, "--timeout", str(IMPATIENT_SECONDS))
    with running_server(command, tmp_path_factory.mktemp("impatient-kiosk"), measured()) as server:
        yield server.url


@pytest.fixture(scope="session")
def patient_kiosk_url(
    breakable_line: Line, secret_key: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Return the base URL of a kiosk on the line that waits longer than any scenario."""
    command = kiosk_command(breakable_line.url, secret_key, "--timeout", str(PATIENT_SECONDS))
    with running_server(command, tmp_path_factory.mktemp("patient-kiosk"), measured()) as server:
        yield server.url


@pytest.fixture
def line(breakable_line: Line) -> Iterator[Line]:
    """Return the line, whole at the beginning and at the end of the scenario."""
    yield breakable_line
    breakable_line.mend()


@contextmanager
def scene_at(url: str) -> Iterator[Scene]:
    """Set a scene at the kiosk at `url`, and clear up behind it."""
    scene = Scene(Kiosk(url))
    yield scene
    scene.tidy()


@pytest.fixture
def scene(kiosk_url: str) -> Iterator[Scene]:
    """Return a scene at the kiosk; a step may set it at another one instead."""
    with scene_at(kiosk_url) as scene:
        yield scene


@pytest.fixture
def charges(pytestconfig: pytest.Config, request: pytest.FixtureRequest) -> Provider:
    """Return the merchant's own access to the provider, to see there what was charged."""
    if pytestconfig.getoption("--kiosk-url") and not pytestconfig.getoption("--provider-url"):
        pytest.skip("only the provider knows what was charged: give the kiosk's provider by --provider-url")
    provider: Provider = request.getfixturevalue("provider")
    return provider


@given("a kiosk whose line to the provider can break", target_fixture="scene")
def _(impatient_kiosk_url: str, line: Line) -> Iterator[Scene]:
    with scene_at(impatient_kiosk_url) as scene:
        yield scene
        line.mend()


@given("a patient kiosk whose line to the provider can break", target_fixture="scene")
def _(patient_kiosk_url: str, line: Line) -> Iterator[Scene]:
    with scene_at(patient_kiosk_url) as scene:
        yield scene
        line.mend()


@given(sentence('a shopper with "{goods:Goods}" in the cart'))
def _(scene: Scene, goods: Goods) -> None:
    scene.cart = goods


@given(sentence('an order of "{goods:Goods}"'))
def _(scene: Scene, goods: Goods) -> None:
    scene.cart = goods
    scene.order()


@given(sentence('a paid order of "{goods:Goods}"'))
def _(scene: Scene, goods: Goods) -> None:
    scene.cart = goods
    scene.order()
    granted(scene.kiosk.pay(scene.order_id))


@given("the shopper presses Pay", target_fixture="answer")
@when("the shopper presses Pay", target_fixture="answer")
def _(scene: Scene) -> Answer:
    return scene.kiosk.pay(scene.order_id)


@given("the clerk refunds the order", target_fixture="answer")
@when("the clerk refunds the order", target_fixture="answer")
def _(scene: Scene) -> Answer:
    return scene.kiosk.refund(scene.order_id)


@when("the screen looks at the order", target_fixture="answer")
def _(scene: Scene) -> Answer:
    return scene.kiosk.look(scene.order_id)


@when("the clerk asks what became of the order", target_fixture="answer")
def _(scene: Scene) -> Answer:
    return scene.kiosk.resolve(scene.order_id)


@then(sentence('the answer shows the order as "{status:w}"'))
def _(scene: Scene, answer: Answer, status: str) -> None:
    assert answer.status in {200, 202}, answer
    assert answer.body["id"] == scene.order_id
    assert answer.body["status"] == status, answer


@then(sentence('the order is "{status:w}"'))
def _(scene: Scene, status: str) -> None:
    assert scene.stored()["status"] == status


@then(sentence('it is refused with {status:d} "{code:w}"'))
def _(answer: Answer, status: int, code: str) -> None:
    assert_refused(answer, status, code)


@then(sentence('it is refused with {status:d} "{code:w}", naming "{name}"'))
def _(answer: Answer, status: int, code: str, name: str) -> None:
    assert_refused(answer, status, code)
    assert list(answer.body["errors"]) == [name]


@then(sentence('"{goods:Goods}" left the stock'))
def _(scene: Scene, goods: Goods) -> None:
    assert scene.gone("stock") == goods


@then("nothing left the stock")
@then("everything is back in stock")
def _(scene: Scene) -> None:
    assert scene.gone("stock") == {}


@then(sentence('"{goods:Goods}" are kept for the shopper'))
def _(scene: Scene, goods: Goods) -> None:
    assert scene.gone("available") == goods


@then("nothing is kept for the shopper")
def _(scene: Scene) -> None:
    assert scene.gone("available") == {}


@then(sentence("the provider has charged {amount:Number} won for the order"))
def _(scene: Scene, charges: Provider, amount: int) -> None:
    found = granted(charges.look_up_order(Payment(amount, order_id=scene.order_id))).body
    assert (found["status"], found["totalAmount"]) == ("APPROVED", amount)
    assert found["paymentKey"] == scene.kiosk.look(scene.order_id).body["payment"]["paymentKey"]


@then("the provider has charged nothing for the order")
def _(scene: Scene, charges: Provider) -> None:
    found = charges.look_up_order(Payment(1, order_id=scene.order_id))
    assert found.status == 404 or found.body["approvedAt"] is None, found


@then("the provider has given the money back")
def _(scene: Scene, charges: Provider) -> None:
    found = granted(charges.look_up_order(Payment(1, order_id=scene.order_id))).body
    assert found["status"] == "CANCELED"
    assert found["canceledAt"] is not None


@then(sentence("the shopper is charged once, whatever the provider was asked"))
def _(scene: Scene, charges: Provider, line: Line) -> None:
    keys = {exchange.fields["paymentKey"] for exchange in line.sent("create", scene.order_id)}
    found = [granted(charges.look_up(Payment(1, key))).body for key in keys]
    assert [payment["status"] for payment in found if payment["approvedAt"] is not None] == ["APPROVED"]


@then(sentence('the provider was sent {count:d} "{operation:w}"'))
def _(scene: Scene, line: Line, count: int, operation: str) -> None:
    assert len(line.sent(operation, scene.order_id)) == count


@then("the order carries the provider's receipt")
def _(scene: Scene, charges: Provider) -> None:
    found = granted(charges.look_up_order(Payment(1, order_id=scene.order_id))).body
    assert scene.stored()["payment"]["receiptUrl"] == found["receipt"]["url"]


@given("the provider is down")
def _(line: Line) -> None:
    line.cut()


@when("the provider is back")
@when("the provider answers")
def _(line: Line) -> None:
    line.mend()


@given("the first press is waiting for the provider", target_fixture="first_press")
@given("the first press is waiting for the provider, which has approved", target_fixture="first_press")
def _(scene: Scene, line: Line) -> Iterator[FirstPress]:
    yield from _held_press(line, "confirm", lambda: scene.kiosk.pay(scene.order_id))


@given("the first press is waiting for the provider to create the payment", target_fixture="first_press")
def _(scene: Scene, line: Line) -> Iterator[FirstPress]:
    yield from _held_press(line, "create", lambda: scene.kiosk.pay(scene.order_id))


@given("the first press of Refund is waiting for the provider", target_fixture="first_press")
def _(scene: Scene, line: Line) -> Iterator[FirstPress]:
    yield from _held_press(line, "cancel", lambda: scene.kiosk.refund(scene.order_id))


def _held_press(line: Line, operation: str, press: Callable[[], Answer]) -> Iterator[FirstPress]:
    held = HeldAnswer(line)
    line.next(operation, held)
    with ThreadPoolExecutor(1) as pool:
        first_press = pool.submit(press)
        assert held.reached.wait(ARRIVAL_SECONDS)
        yield first_press
        line.mend()


@then(sentence('the first press shows the order as "{status:w}"'))
def _(first_press: FirstPress, status: str) -> None:
    answer = granted(first_press.result(ARRIVAL_SECONDS))
    assert answer.body["status"] == status
