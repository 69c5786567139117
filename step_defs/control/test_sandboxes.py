import pytest
from pytest_bdd import parsers, scenarios, then, when

from payments_mock.testing import RemoteServer, Sandbox
from payments_mock.testing.control_client import ControlError
from step_defs.control.merchant import Merchant
from testkit.checks import assert_refused

scenarios("control/sandboxes.feature")

IN_WORDS = {"how ten minutes are written": "PT10M"}


@when("the sandbox is reset")
def _(merchant: Merchant) -> None:
    merchant.sandbox.reset()


@when("the sandbox is deleted")
def _(merchant: Merchant) -> None:
    merchant.sandbox.delete()


@when(parsers.re(r"a test tries to (?P<what>.+)"), target_fixture="refusal")
def _(server: RemoteServer, merchant: Merchant, what: str) -> ControlError:
    with pytest.raises(ControlError) as refused:
        attempt(server, merchant.sandbox, what)
    return refused.value


def attempt(server: RemoteServer, sandbox: Sandbox, what: str) -> None:
    """Do what will not do."""
    path = f"/sandboxes/{sandbox.id}"
    match what:
        case "reset the sandbox by DELETE":
            server.control.call("DELETE", f"{path}/reset")
        case "lose the answer to a confrim":
            sandbox.faults.lose_answer("confrim")
        case 'advance the clock by "ten minutes"':
            server.control.call("POST", f"{path}/clock", {"advance": "ten minutes"})
        case 'make a sandbox of the contract "card"':
            server.sandbox("card")
        case "make a sandbox whose id is taken":
            server.sandbox(id=sandbox.id)
        case "make the lists late":
            sandbox.list_late(minutes=10)
        case _:
            raise LookupError(what)


@then("the sandbox has no payment, no fault and no call")
def _(merchant: Merchant) -> None:
    assert all_of(merchant.sandbox) == ([], [], [])


@then("the other sandbox has no payment, no fault and no call")
def _(other: Merchant) -> None:
    assert all_of(other.sandbox) == ([], [], [])


def all_of(sandbox: Sandbox) -> tuple[object, object, object]:
    return sandbox.payments(), sandbox.faults.armed(), sandbox.journal.calls()


@then("the merchant of the other sandbox finds no such payment")
def _(merchant: Merchant, other: Merchant) -> None:
    other.payment = merchant.payment
    other.look_up()
    assert other.answer is not None
    assert other.answer.status == 404


@then("the merchant's key is refused")
def _(merchant: Merchant) -> None:
    merchant.payment = {"paymentKey": "pay_1"}
    merchant.look_up()
    assert merchant.answer is not None
    assert_refused(merchant.answer, 401, "UNAUTHORIZED_KEY")


@then(parsers.parse('it is refused with {status:d}, and told "{right}"'))
def _(refusal: ControlError, status: int, right: str) -> None:
    assert refusal.status == status
    assert IN_WORDS.get(right, right) in f"{refusal.answer}"
