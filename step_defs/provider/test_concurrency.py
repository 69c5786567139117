from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial

from pytest_bdd import scenarios, then, when

from step_defs.provider.record import Record
from step_defs.wording import sentence
from testkit.answer import Answer
from testkit.checks import assert_all_refused_but, assert_refused, granted
from testkit.provider_client import Payment, Provider
from testkit.races import at_once

scenarios("provider/concurrency.feature")

VERBS: dict[str, Callable[[Provider, Payment], Answer]] = {
    "create": lambda client, payment: client.create(payment),
    "confirm": lambda client, payment: client.confirm(payment),
    "cancel": lambda client, payment: client.cancel(payment),
}


@dataclass(frozen=True)
class ConfirmAgainstCancel:
    """A round of one payment: what the confirm and the cancel got, and the approval known before."""

    record: Record
    confirm: Answer
    cancel: Answer
    end: Answer


@dataclass(frozen=True)
class ConfirmAgainstConfirm:
    """A round of two payments of one order: their confirms' answers, in the payments' order."""

    payments: tuple[Payment, Payment]
    confirms: tuple[Answer, Answer]


@when(sentence("{count:d} clients {verb:w} the payment at once"), target_fixture="answers")
def _(records: dict[str, Record], provider: Provider, count: int, verb: str) -> list[Answer]:
    payment = records["the payment"].payment
    with ExitStack() as clients:
        own = [clients.enter_context(provider.another_client()) for _ in range(count)]
        return at_once([partial(VERBS[verb], client, payment) for client in own])


@when(
    sentence('a confirm and a cancel race for a payment that was "{state:State}", in {count:d} rounds'),
    target_fixture="rounds",
)
def _(provider: Provider, state: str, count: int) -> list[ConfirmAgainstCancel]:
    with provider.another_client() as till, provider.another_client() as office:
        return [_confirm_against_cancel(till, office, state) for _ in range(count)]


def _confirm_against_cancel(till: Provider, office: Provider, state: str) -> ConfirmAgainstCancel:
    record = Record(Payment(10_000))
    record.bring_to(state, till)
    office.look_up(record.payment)
    confirm, cancel = at_once([lambda: till.confirm(record.payment), lambda: office.cancel(record.payment)])
    return ConfirmAgainstCancel(record, confirm, cancel, granted(till.look_up(record.payment)))


@when(
    sentence("the confirms of two payments of one order race, in {count:d} rounds"), target_fixture="rounds"
)
def _(provider: Provider, count: int) -> list[ConfirmAgainstConfirm]:
    with provider.another_client() as till, provider.another_client() as phone:
        return [_confirm_against_confirm(till, phone) for _ in range(count)]


def _confirm_against_confirm(till: Provider, phone: Provider) -> ConfirmAgainstConfirm:
    first = Payment(10_000)
    second = Payment(10_000, order_id=first.order_id)
    granted(till.create(first))
    granted(phone.create(second))
    one, other = at_once([lambda: till.confirm(first), lambda: phone.confirm(second)])
    return ConfirmAgainstConfirm((first, second), (one, other))


@then("all of them get one and the same answer")
def _(answers: list[Answer]) -> None:
    assert Counter((answer.status, answer.text) for answer in answers) == {
        (200, answers[0].text): len(answers)
    }


@then("that answer is what the provider holds as the approval")
def _(answers: list[Answer], records: dict[str, Record], provider: Provider) -> None:
    held = granted(provider.look_up(records["the payment"].payment)).body
    assert held == held | answers[0].body


@then(sentence('{count:d} went through, and the others are refused with {status:d} "{code:w}"'))
def _(answers: list[Answer], count: int, status: int, code: str) -> None:
    assert_all_refused_but(count, answers, status, code)


@then("the provider holds that one cancellation")
def _(answers: list[Answer], records: dict[str, Record], provider: Provider) -> None:
    [cancellation] = [answer.body for answer in answers if answer.status == 200]
    held = granted(provider.look_up(records["the payment"].payment)).body
    assert held == held | cancellation


@then("in every round the payment was approved once")
def _(rounds: list[ConfirmAgainstCancel]) -> None:
    for race in rounds:
        assert race.end.body["approvedAt"] == granted(race.confirm).body["approvedAt"]


@then("in every round the payment ends as CANCELED where the cancel was granted, else as APPROVED")
def _(rounds: list[ConfirmAgainstCancel]) -> None:
    for race in rounds:
        if race.cancel.status == 200:
            assert race.end.body == race.end.body | race.cancel.body
        else:
            assert_refused(race.cancel, 422, "NOT_APPROVED")
            assert race.end.body["status"] == "APPROVED"


@then("in every round the cancel is granted and the payment ends as CANCELED")
def _(rounds: list[ConfirmAgainstCancel]) -> None:
    for race in rounds:
        assert race.end.body == race.end.body | granted(race.cancel).body
        assert race.end.body["status"] == "CANCELED"


@then(sentence('in every round the confirm got the approval or was refused with {status:d} "{code:w}"'))
def _(rounds: list[ConfirmAgainstCancel], status: int, code: str) -> None:
    for race in rounds:
        assert race.record.approval is not None
        if race.confirm.status == 200:
            assert race.confirm.body == race.record.approval.body
        else:
            assert_refused(race.confirm, status, code)


@then(sentence('in every round one payment is approved and the other refused with {status:d} "{code:w}"'))
def _(rounds: list[ConfirmAgainstConfirm], provider: Provider, status: int, code: str) -> None:
    for race in rounds:
        winner, loser = sorted(
            zip(race.confirms, race.payments, strict=True), key=lambda pair: pair[0].status
        )
        assert granted(winner[0]).body["status"] == "APPROVED"
        assert_refused(loser[0], status, code)
        assert provider.look_up(winner[1]).body["status"] == "APPROVED"
        assert provider.look_up(loser[1]).body["status"] == "INITIATED"


@then("in every round the order shows the approved one")
def _(rounds: list[ConfirmAgainstConfirm], provider: Provider) -> None:
    for race in rounds:
        [approved] = [answer.body["paymentKey"] for answer in race.confirms if answer.status == 200]
        assert provider.look_up_order(race.payments[0]).body["paymentKey"] == approved
