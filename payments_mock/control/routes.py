"""All operations of the control API, and the blueprint that serves them."""

from payments_mock.control import clock, faults, journal, payments, sandboxes, shopper
from payments_mock.control.api import blueprint_for
from payments_mock.control.operation import ControlApi

CONTROL = ControlApi(
    (
        *sandboxes.OPERATIONS,
        *clock.OPERATIONS,
        *faults.OPERATIONS,
        *journal.OPERATIONS,
        *payments.OPERATIONS,
        *shopper.OPERATIONS,
    )
)

control_api = blueprint_for(CONTROL)
