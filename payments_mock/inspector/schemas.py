"""What the operations that tell of orders take and show, and the scenario that an order is written as."""

import json
from collections.abc import Sequence
from dataclasses import field
from datetime import datetime

from marshmallow import Schema, fields, validate

from payments_mock.control.journal.schemas import EntrySchema
from payments_mock.control.payments import ShownPayment
from payments_mock.control.webhooks.schemas import WebhookDelivery
from payments_mock.domain.values import immutable
from payments_mock.inspector.verdicts import Tone
from payments_mock.story import Lane


class OrdersQuery(Schema):
    """How many orders are listed, and how many calls of no order."""

    limit = fields.Integer(validate=validate.Range(min=1, max=200), load_default=50)


class OrderCounts(Schema):
    """How often things happened to an order: `confirms` are calls that were to charge it.

    `statuses` and `faults` are those of its calls, each once. `attempts` are those at its webhooks, and
    `lastAttempt` is what the shop answered the last of them.
    """

    confirms = fields.Integer(required=True)
    charges = fields.Integer(required=True)
    calls = fields.Integer(required=True)
    statuses = fields.List(fields.Integer(), required=True)
    faults = fields.List(fields.String(), required=True)
    attempts = fields.Integer(required=True)
    lastAttempt = fields.Integer(required=True, allow_none=True)  # noqa: N815


class OrderVerdictSchema(Schema):
    """What became of an order; `evidence` names what proves it: `journal 12`, or `delivery 3`."""

    kind = fields.String(required=True, metadata={"example": "CHARGED_ONCE"})
    tone = fields.String(required=True, validate=validate.OneOf(list(Tone)))
    sentence = fields.String(required=True, metadata={"example": "Charged once."})
    code = fields.String(required=True, allow_none=True)
    evidence = fields.List(fields.String(), required=True)


class OrderSummary(Schema):
    """An order as it stands; what no payment tells is null. `at` is when it changed last, sandbox time."""

    orderId = fields.String(required=True)  # noqa: N815
    orderName = fields.String(required=True, allow_none=True)  # noqa: N815
    amount = fields.Integer(required=True, allow_none=True)
    state = fields.String(required=True, allow_none=True)
    method = fields.String(required=True, allow_none=True)
    paymentKey = fields.String(required=True, allow_none=True)  # noqa: N815
    expiresAt = fields.String(required=True, allow_none=True)  # noqa: N815
    at = fields.String(required=True, allow_none=True)
    counts = fields.Nested(OrderCounts, required=True)
    verdict = fields.Nested(OrderVerdictSchema, required=True)


class OrdersSchema(Schema):
    """The newest orders, and the newest calls and acts of browsers that named no order, the newest first."""

    orders = fields.List(fields.Nested(OrderSummary), required=True)
    calls = fields.List(fields.Nested(EntrySchema), required=True)
    acts = fields.List(fields.Nested(EntrySchema), required=True)


class StoryRowSchema(Schema):
    """Something that happened, `at` by the machine's clock; `times` is how often it did in a row."""

    at = fields.String(required=True)
    lane = fields.String(required=True, validate=validate.OneOf(list(Lane)))
    did = fields.String(required=True)
    outcome = fields.String(required=True)
    evidence = fields.String(required=True, allow_none=True)
    isTrouble = fields.Boolean(required=True)  # noqa: N815
    times = fields.Integer(required=True)


class OrderScenario(Schema):
    """The story as something that runs again: lines for a shell, a test, and a scenario."""

    curl = fields.String(required=True)
    pytest = fields.String(required=True)
    gherkin = fields.String(required=True)


class OrderStorySchema(OrderSummary):
    """An order with its story: its rows, the same as `text`, and what they tell of, the oldest first."""

    payments = fields.List(fields.Nested(ShownPayment), required=True)
    rows = fields.List(fields.Nested(StoryRowSchema), required=True)
    text = fields.String(required=True)
    scenario = fields.Nested(OrderScenario, required=True)
    calls = fields.List(fields.Nested(EntrySchema), required=True)
    acts = fields.List(fields.Nested(EntrySchema), required=True)
    deliveries = fields.List(fields.Nested(WebhookDelivery), required=True)


@immutable
class ScenarioStep:
    """One step of a scenario: a line of a test, and its sentence with a text below it, if any."""

    at: datetime
    python: str
    sentence: str
    below: str | None = None
    keyword: str = "When"

    @property
    def is_note(self) -> bool:
        """Whether it says something, and does nothing."""
        return self.sentence.startswith("#")


@immutable
class WrittenScenario:
    """What is to be done again, in its order, and what is to come of it."""

    order_id: str
    contract: str
    says: str
    steps: Sequence[ScenarioStep]
    ends: Sequence[tuple[str, str]] = field(default_factory=tuple)

    def as_pytest(self) -> str:
        """Write a test for the kit's pytest plugin."""
        lines = ["import pytest", "", "", f'@pytest.mark.payments_mock(contract="{self.contract}")']
        lines += ["def test_the_story(sandbox):", f"    {json.dumps(self.says, ensure_ascii=False)}"]
        lines += [f"    {step.python}" for step in self.steps]
        return "\n".join([*lines, *(f"    {python}" for python, _ in self.ends), ""])

    def as_gherkin(self) -> str:
        """Write a scenario in the steps of the kit."""
        lines = [f"Feature: {self.order_id}", "", f"  @payments_mock_{self.contract}"]
        lines.append(f"  Scenario: {self.says}")
        for step in self.steps:
            lines.append(f"    {step.sentence}" if step.is_note else f"    {step.keyword} {step.sentence}")
            if step.below is not None:
                lines += [f"      {line}" for line in ('"""', step.below, '"""')]
        return "\n".join([*lines, *(f"    Then {sentence}" for _, sentence in self.ends), ""])
