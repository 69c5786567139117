"""All operations of the control API, and the blueprint that serves them."""

from payments_mock.control import (
    clock,
    faults,
    journal,
    payments,
    reports,
    sandboxes,
    shopper,
    webhook_deliveries,
    webhook_rules,
    webhooks,
)
from payments_mock.control.api import blueprint_for
from payments_mock.control.operation import ControlApi

WEBHOOKS = (*webhooks.OPERATIONS, *webhook_rules.OPERATIONS, *webhook_deliveries.OPERATIONS)
CONTROL = ControlApi(
    (
        *sandboxes.OPERATIONS,
        *clock.OPERATIONS,
        *faults.OPERATIONS,
        *journal.OPERATIONS,
        *payments.OPERATIONS,
        *reports.OPERATIONS,
        *shopper.OPERATIONS,
        *WEBHOOKS,
    )
)

control_api = blueprint_for(CONTROL)
