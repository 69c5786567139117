"""Steps for merchants' own feature files, in English and in Korean.

One line in the suite's `conftest.py` brings them in: `pytest_plugins = ["payments_mock.testing.steps"]`.
They act on the `sandbox` of the test; `docs/testing.md` lists every sentence.
"""

import json
from typing import Any, Final

from pytest_bdd import parsers, step

from payments_mock.testing.control_client import KitError
from payments_mock.testing.faults import CallUnderWay
from payments_mock.testing.sandbox import Sandbox

LONGEST_CALL_SECONDS: Final = 15.0
"""How long a call of the shop's stand-in waits for its answer."""


@step(parsers.parse("the answer to the next {operation} is lost"))
@step(parsers.parse("다음 {operation} 응답이 사라진다"))
def lose_answer(sandbox: Sandbox, operation: str) -> None:
    """Let the operation be done, and its answer never arrive."""
    sandbox.faults.lose_answer(operation)


@step(parsers.parse("the answer to the next {operation} comes {seconds:g} seconds late"))
@step(parsers.parse("다음 {operation} 응답이 {seconds:g}초 늦게 온다"))
def answer_slowly(sandbox: Sandbox, operation: str, seconds: float) -> None:
    """Let the operation be done, and its answer come late."""
    sandbox.faults.answer_slowly(operation, seconds)


@step(parsers.parse("the answer to the next {operation} is held"))
@step(parsers.parse("다음 {operation} 응답이 붙잡힌다"))
def hold_answer(sandbox: Sandbox, operation: str) -> None:
    """Let the operation be done, and its answer wait until it is let go or cut."""
    sandbox.faults.hold(operation, "after")


@step(parsers.parse("the next {operation} is refused with {code}"))
@step(parsers.parse("다음 {operation} 요청이 {code} 코드로 거절된다"))
def refuse(sandbox: Sandbox, operation: str, code: str) -> None:
    """Refuse the operation before anything happens."""
    sandbox.faults.refuse(operation, code)


@step(parsers.parse("the connection of the next {operation} breaks"))
@step(parsers.parse("다음 {operation} 요청의 연결이 끊긴다"))
def break_connection(sandbox: Sandbox, operation: str) -> None:
    """Break the connection before anything happens."""
    sandbox.faults.break_connection(operation)


@step(parsers.parse("{minutes:d} minutes pass at the provider"))
@step(parsers.parse("결제사에서 {minutes:d}분이 지난다"))
def let_time_pass(sandbox: Sandbox, minutes: int) -> None:
    """Move the sandbox's clock on."""
    sandbox.clock.advance(minutes=minutes)


@step("webhooks come before the answer")
@step("웹훅이 응답보다 먼저 온다")
def send_webhooks_first(sandbox: Sandbox) -> None:
    """Let the backend have each webhook before the answer to the call that caused it."""
    sandbox.webhooks.rule(order="before")


@step(parsers.parse("every webhook comes {copies:d} times"))
@step(parsers.parse("모든 웹훅이 {copies:d}번씩 온다"))
def send_webhooks_again(sandbox: Sandbox, copies: int) -> None:
    """Send each webhook so often, under one id."""
    sandbox.webhooks.rule(copies=copies)


@step(parsers.parse("the shopper deposits for the order {order_id}"))
@step(parsers.parse("구매자가 주문 {order_id}의 가상계좌에 입금한다"))
def deposit(sandbox: Sandbox, order_id: str) -> None:
    """Let the shopper pay the exact amount into the virtual account of an order's newest payment."""
    sandbox.shopper.deposits(_newest_payment(sandbox, order_id)["paymentKey"])


@step(parsers.parse("the shopper pays {amount} for the order {order_id}"), target_fixture="checkout")
@step(parsers.parse("구매자가 주문 {order_id}의 {amount}을 결제한다"), target_fixture="checkout")
def pay(sandbox: Sandbox, order_id: str, amount: str) -> dict[str, Any]:
    """Let the shopper agree to pay, "15,000 won" say; the steps after it find the result as `checkout`."""
    return sandbox.shopper.pays(order_id, amount)


@step(parsers.parse("the shopper chooses {method} and pays {amount} for the order {order_id}"))
@step(parsers.parse("구매자가 {method} 수단을 골라 주문 {order_id}의 {amount}을 결제한다"))
def pay_by(sandbox: Sandbox, order_id: str, amount: str, method: str, docstring: str | None = None) -> None:
    """Let the shopper agree to pay in a way of their own; the text below may say more, such as the card."""
    sandbox.shopper.pays(order_id, amount, method=method, **json.loads(docstring or "{}"))


@step(parsers.parse("the shopper opens the window to pay {amount} for the order {order_id}"))
@step(parsers.parse("구매자가 주문 {order_id}의 {amount} 결제창을 연다"))
def open_window(sandbox: Sandbox, order_id: str, amount: str) -> None:
    """Let the shopper open the window, and decide nothing yet."""
    sandbox.shopper.pays(order_id, amount, outcome={"result": "wait"})


@step(parsers.parse("the shopper fails with {code} to pay {amount} for the order {order_id}"))
@step(parsers.parse("구매자가 주문 {order_id}의 {amount} 결제에 {code} 코드로 실패한다"))
def fail_to_pay(sandbox: Sandbox, order_id: str, amount: str, code: str) -> None:
    """Let the shopper fail in the window."""
    sandbox.shopper.fails(order_id, amount, code)


@step(parsers.parse("the shopper picks a card that fails with {code}, {amount} for the order {order_id}"))
@step(parsers.parse("구매자가 승인할 때 {code} 코드로 거절될 카드로 주문 {order_id}의 {amount}을 결제한다"))
def pay_by_declined_card(sandbox: Sandbox, order_id: str, amount: str, code: str) -> None:
    """Let the shopper pay; the card company refuses when the backend confirms."""
    sandbox.shopper.is_declined_at_confirm(order_id, amount, code)


@step(parsers.parse("the shopper pays in the window of the order {order_id}"))
@step(parsers.parse("구매자가 열려 있는 주문 {order_id}의 결제창에서 결제한다"))
def pay_in_window(sandbox: Sandbox, order_id: str, docstring: str | None = None) -> None:
    """Let the shopper pay in a window that the shop's server has begun; the text below may say how."""
    sandbox.shopper.pays_in_window(order_id, **json.loads(docstring or "{}"))


@step(parsers.parse("the shopper fails with {code} in the window of the order {order_id}"))
@step(parsers.parse("구매자가 열려 있는 주문 {order_id}의 결제창에서 {code} 코드로 실패한다"))
def fail_in_window(sandbox: Sandbox, order_id: str, code: str) -> None:
    """Let the shopper fail in such a window."""
    sandbox.shopper.pays_in_window(order_id, outcome={"result": "fail", "code": code})


@step(parsers.parse("the bank takes the deposit for the order {order_id} back"))
@step(parsers.parse("은행이 주문 {order_id}의 입금을 취소한다"))
def reverse_deposit(sandbox: Sandbox, order_id: str) -> None:
    """Let the bank take back the deposit of an order's newest payment."""
    sandbox.shopper.has_deposit_reversed(_newest_payment(sandbox, order_id)["paymentKey"])


@step(parsers.parse("the provider pays the order {order_id} out to the shop"))
@step(parsers.parse("결제사가 주문 {order_id}의 대금을 정산한다"))
def settle(sandbox: Sandbox, order_id: str) -> None:
    """Pay an order's newest payment out to the merchant, after which it can't be canceled."""
    sandbox.settle(_newest_payment(sandbox, order_id)["paymentKey"])


@step(parsers.parse("{seconds:d} seconds pass at the provider"))
@step(parsers.parse("결제사에서 {seconds:d}초가 지난다"))
def let_seconds_pass(sandbox: Sandbox, seconds: int) -> None:
    """Move the sandbox's clock on."""
    sandbox.clock.advance(seconds=seconds)


@step(parsers.parse("the next {operation} suffers, {moment} it happens"))
@step(parsers.parse("다음 {operation} 요청이 처리 {moment}에 당한다"))
def suffer(sandbox: Sandbox, operation: str, moment: str, docstring: str) -> None:
    """Arm any fault; the text below says what it does, as the control API words it."""
    sandbox.faults.arm(operation, {"전": "before", "후": "after"}.get(moment, moment), json.loads(docstring))


@step(parsers.parse("the shop sends {method} {path}"), target_fixture="answer")
@step(parsers.parse("가맹점이 {method} {path} 요청을 보낸다"), target_fixture="answer")
def send(sandbox: Sandbox, method: str, path: str, docstring: str | None = None) -> Any:
    """Call the provider as the backend would, with the text below as the body, if there is one."""
    return sandbox.shop.sends(method, path, docstring, seconds=LONGEST_CALL_SECONDS)


@step(parsers.parse("under the key {key} the shop sends {method} {path}"), target_fixture="answer")
@step(parsers.parse("멱등키 {key}로 가맹점이 {method} {path} 요청을 보낸다"), target_fixture="answer")
def send_under_key(sandbox: Sandbox, method: str, path: str, key: str, docstring: str | None = None) -> Any:
    """Call the provider likewise, with an idempotency key."""
    return sandbox.shop.sends(method, path, docstring, key=key, seconds=LONGEST_CALL_SECONDS)


@step(parsers.parse("with the headers {headers} the shop sends {method} {path}"), target_fixture="answer")
@step(parsers.parse("{headers} 헤더로 가맹점이 {method} {path} 요청을 보낸다"), target_fixture="answer")
def send_with_headers(
    sandbox: Sandbox, method: str, path: str, headers: str, docstring: str | None = None
) -> Any:
    """Do the same with headers that are written as JSON."""
    sent = json.loads(headers)
    return sandbox.shop.sends(method, path, docstring, headers=sent, seconds=LONGEST_CALL_SECONDS)


@step(parsers.parse("the shop uses the keys of the {pair}"))
@step(parsers.parse("가맹점이 {pair} 키를 쓴다"))
def use_keys(sandbox: Sandbox, pair: str) -> None:
    """Have the shop and its shopper use the keys of the API or of the widget from now on."""
    sandbox.use_keys({"위젯": "widget"}.get(pair, pair.lower()))


@step(parsers.parse("the shop begins {method} {path}"), target_fixture="first")
@step(parsers.parse("가맹점이 {method} {path} 요청을 보내기만 한다"), target_fixture="first")
def begin(sandbox: Sandbox, method: str, path: str, docstring: str | None = None) -> CallUnderWay:
    """Call the provider, and go on once it holds the call."""
    return sandbox.shop.begins(method, path, docstring)


@step(parsers.parse("under the key {key} the shop begins {method} {path}"), target_fixture="first")
@step(parsers.parse("멱등키 {key}로 가맹점이 {method} {path} 요청을 보내기만 한다"), target_fixture="first")
def begin_under_key(
    sandbox: Sandbox, method: str, path: str, key: str, docstring: str | None = None
) -> CallUnderWay:
    """Do the same with an idempotency key."""
    return sandbox.shop.begins(method, path, docstring, key=key)


@step(parsers.parse("with the headers {headers} the shop begins {method} {path}"), target_fixture="first")
@step(parsers.parse("{headers} 헤더로 가맹점이 {method} {path} 요청을 보내기만 한다"), target_fixture="first")
def begin_with_headers(
    sandbox: Sandbox, method: str, path: str, headers: str, docstring: str | None = None
) -> CallUnderWay:
    """Do the same with headers that are written as JSON."""
    return sandbox.shop.begins(method, path, docstring, headers=json.loads(headers))


@step("the held answer is let go", target_fixture="answer")
@step("붙잡힌 응답을 보낸다", target_fixture="answer")
def let_go(sandbox: Sandbox, first: CallUnderWay) -> Any:
    """Let what is held go on, and wait for the answer to the call that began."""
    sandbox.faults.let_go()
    return first.answer()


@step("the held answer is cut", target_fixture="answer")
@step("붙잡힌 응답을 끊는다", target_fixture="answer")
def cut(sandbox: Sandbox, first: CallUnderWay) -> Any:
    """Cut the connection of what is held: no answer arrives."""
    sandbox.faults.cut_held()
    return first.answer()


@step(parsers.parse("the shop is answered {status:d}"))
@step(parsers.parse("가맹점이 {status:d} 응답을 받는다"))
def check_answer(answer: Any, status: int) -> None:
    """Assert what the call before was answered."""
    if answer is None:
        raise KitError(f"no answer arrived; expected {status}")
    if answer.status_code != status:
        raise KitError(f"expected {status}; the answer was {answer.status_code}: {answer.text}")


@step("no whole answer arrives")
@step("온전한 응답이 오지 않는다")
def check_no_answer(answer: Any) -> None:
    """Assert that the call before got no answer that a shop could read."""
    if answer is not None:
        raise KitError(f"expected no answer; it was {answer.status_code}: {answer.text}")


@step(parsers.parse("the provider received {count:d} {operation} for the order {order_id}"))
@step(parsers.parse("결제사가 주문 {order_id}의 {operation} 요청을 {count:d}번 받았다"))
def check_calls(sandbox: Sandbox, count: int, operation: str, order_id: str) -> None:
    """Assert how often the backend called."""
    sandbox.journal.assert_called(operation, count=count, order_id=order_id)


@step(parsers.parse("the order {order_id} is {state} at the provider"))
@step(parsers.parse("결제사에서 주문 {order_id}의 상태는 {state}이다"))
def check_state(sandbox: Sandbox, order_id: str, state: str) -> None:
    """Assert what the provider holds of an order's newest payment, in its words or the contract's."""
    sandbox.assert_state(order_id, state)


def _newest_payment(sandbox: Sandbox, order_id: str) -> dict[str, Any]:
    found = sandbox.payments(order_id)
    if not found:
        raise KitError(f"the provider knows no payment of the order {order_id}")
    return found[-1]
