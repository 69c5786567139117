from pytest_bdd import given, scenarios

from step_defs.kiosk.wording import sentence
from testkit.kiosk.line import Line
from testkit.kiosk.troubles import trouble_before

scenarios("kiosk/provider_down.feature")


@given(sentence('the provider, asked to create the payment, "{trouble}"'))
def _(line: Line, trouble: str) -> None:
    line.next("create", trouble_before(trouble, line))
