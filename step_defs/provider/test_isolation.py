from dataclasses import replace

from pytest_bdd import scenarios, then, when

from step_defs.provider.operations import OPERATIONS
from step_defs.provider.record import Record
from step_defs.wording import sentence
from testkit.answer import Answer
from testkit.checks import granted
from testkit.provider_client import Provider

scenarios("provider/isolation.feature")


@when(
    sentence("another merchant creates a payment with the same key and order, of {amount:Number} won"),
    target_fixture="answer",
)
def _(records: dict[str, Record], other_provider: Provider, amount: int) -> Answer:
    records["its payment"] = Record(replace(records["the payment"].payment, amount=amount))
    return other_provider.create(records["its payment"].payment)


@when("the other merchant confirms its payment", target_fixture="answer")
def _(records: dict[str, Record], other_provider: Provider) -> Answer:
    records["its payment"].approval = other_provider.confirm(records["its payment"].payment)
    return records["its payment"].approval


@when("the other merchant cancels its payment", target_fixture="answer")
def _(records: dict[str, Record], other_provider: Provider) -> Answer:
    return other_provider.cancel(records["its payment"].payment)


@when(sentence('another merchant tries to "{operation}"'), target_fixture="answer")
def _(records: dict[str, Record], other_provider: Provider, operation: str) -> Answer:
    return OPERATIONS[operation](other_provider, records["the payment"].payment)


@then("each merchant's receipt shows its own total")
def _(records: dict[str, Record], provider: Provider) -> None:
    totals = {name: f"{record.payment.amount:,}" for name, record in records.items()}
    for name, record in records.items():
        page = granted(provider.open_page(record.receipt_url, "en")).text
        assert [other for other, total in totals.items() if total in page] == [name]
