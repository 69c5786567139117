from typing import Any

from pytest_bdd import scenarios, then

from step_defs.provider.record import Record
from step_defs.wording import sentence
from testkit.answer import Answer
from testkit.checks import granted
from testkit.provider_client import Provider

scenarios("provider/look_up.feature")


def approval_of(records: dict[str, Record]) -> dict[str, Any]:
    approval = records["the payment"].approval
    assert approval is not None
    return dict(approval.body)


@then(sentence('the answer leaves "{names:Names}" empty'))
def _(answer: Answer, names: list[str]) -> None:
    assert {name: answer.body[name] for name in names} == dict.fromkeys(names)


@then("the answer carries everything the approval said")
def _(answer: Answer, records: dict[str, Record]) -> None:
    assert answer.body == answer.body | approval_of(records)


@then("the answer carries everything the approval said but the status")
def _(answer: Answer, records: dict[str, Record]) -> None:
    assert answer.body == answer.body | approval_of(records) | {"status": answer.body["status"]}


@then("the answer carries the time and the reason of the cancellation")
def _(answer: Answer, records: dict[str, Record]) -> None:
    cancellation = records["the payment"].cancellation
    assert cancellation is not None
    assert answer.body["canceledAt"] == cancellation.body["canceledAt"]
    assert answer.body["cancelReason"] == "USER_REQUEST"


@then(sentence('the answer is "{which:Which}" as looked up by its key'))
def _(answer: Answer, records: dict[str, Record], provider: Provider, which: str) -> None:
    assert granted(answer).body == granted(provider.look_up(records[which].payment)).body
