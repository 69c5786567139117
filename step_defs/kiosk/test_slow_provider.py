import pytest
from pytest_bdd import given, scenarios, when

from step_defs.kiosk.wording import sentence
from testkit.kiosk.line import HeldRequest, Line, lose_request
from testkit.kiosk.troubles import trouble_after

pytestmark = pytest.mark.a_few(7)

scenarios("kiosk/slow_provider.feature")

ARRIVAL_SECONDS = 10


@given("the request to charge the shopper is stuck on its way", target_fixture="stuck")
def _(line: Line) -> HeldRequest:
    stuck = HeldRequest(line)
    line.next("confirm", stuck)
    return stuck


@given('the next "cancel" is lost on its way')
def _(line: Line) -> None:
    line.next("cancel", lose_request)


@given(sentence('the provider charges the shopper and "{trouble}"'))
def _(line: Line, trouble: str) -> None:
    line.next("confirm", trouble_after(trouble, line))


@given(sentence('the provider refunds and "{trouble}"'))
def _(line: Line, trouble: str) -> None:
    line.next("cancel", trouble_after(trouble, line))


@when("the stuck request reaches the provider after all")
def _(line: Line, stuck: HeldRequest) -> None:
    line.mend()
    assert stuck.arrived.wait(ARRIVAL_SECONDS)
