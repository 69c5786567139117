from pytest_bdd import given, scenarios

from step_defs.kiosk.support.line import Line
from step_defs.kiosk.support.troubles import trouble_before
from step_defs.kiosk.support.wording import sentence

scenarios("kiosk/provider_down.feature")


@given(sentence("the provider, asked to create the payment, {trouble}"))
def _(line: Line, trouble: str) -> None:
    line.next("create", trouble_before(trouble, line))
