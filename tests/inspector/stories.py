"""Stories that a shop's backend can get into, to be copied and run again."""

from collections.abc import Callable

from tests.inspector import stories_of_two as of_two
from tests.inspector.backend import ORDER, Backend


def lose_an_answer(shop: Backend) -> None:
    shop.begin()
    shop.sandbox.faults.lose_answer("confirm")
    shop.confirm()


def lose_an_answer_and_look(shop: Backend) -> None:
    lose_an_answer(shop)
    shop.look_up()


def repeat_under_a_key(shop: Backend) -> None:
    shop.begin()
    shop.sandbox.faults.lose_answer("confirm")
    shop.confirm(key="press-1")
    shop.confirm(key="press-1")


def break_the_connection(shop: Backend) -> None:
    shop.begin()
    shop.sandbox.faults.break_connection("confirm")
    shop.confirm()


def be_refused(shop: Backend) -> None:
    shop.begin()
    shop.sandbox.faults.refuse("confirm", "REJECT_CARD_COMPANY", status=403)
    shop.confirm()


def read_garbage(shop: Backend) -> None:
    shop.begin()
    shop.sandbox.faults.arm("confirm", "after", {"kind": "truncate"})
    shop.confirm()


def be_held(shop: Backend) -> None:
    shop.begin()
    shop.sandbox.faults.hold("confirm", "after", seconds=0.2)
    shop.confirm()


def wait_too_long(shop: Backend) -> None:
    shop.begin()
    shop.sandbox.clock.advance(minutes=31)
    shop.confirm()


def mistake_the_amount(shop: Backend) -> None:
    shop.begin()
    shop.confirm(amount=9000)


def pay_twice(shop: Backend) -> None:
    shop.pay()
    shop.confirm()


def refund(shop: Backend) -> None:
    shop.pay()
    shop.cancel()


def refund_in_vain(shop: Backend) -> None:
    refund(shop)
    shop.cancel()


def refund_a_part(shop: Backend) -> None:
    shop.pay()
    shop.cancel(cancelAmount=5000)


def refund_after_the_settlement(shop: Backend) -> None:
    shop.pay()
    shop.sandbox.settle(shop.payment_key)
    shop.cancel()


def await_a_deposit(shop: Backend) -> None:
    shop.begin(method="VIRTUAL_ACCOUNT")
    shop.confirm()


def deposit(shop: Backend) -> None:
    await_a_deposit(shop)
    shop.sandbox.shopper.deposits(shop.payment_key)


def take_a_deposit_back(shop: Backend) -> None:
    deposit(shop)
    shop.sandbox.shopper.has_deposit_reversed(shop.payment_key)


def pay_while_the_clock_stands(shop: Backend) -> None:
    shop.sandbox.clock.freeze()
    shop.pay()


def send_what_does_not_say_it_is_json(shop: Backend) -> None:
    shop.begin()
    shop.confirm(**{"Content-Type": "text/plain"})


def ask_for_an_error_under_a_key(shop: Backend) -> None:
    shop.begin()
    shop.confirm(key="press-1", **{"TossPayments-Test-Code": "REJECT_CARD_PAYMENT"})


def ask_for_more_instalments_than_there_are(shop: Backend) -> None:
    shop.begin(card={"installmentPlanMonths": 13})
    shop.confirm()


def pay_by_a_check_card(shop: Backend) -> None:
    shop.begin(card={"type": "CHECK"})
    shop.confirm()


def confirm_what_ran_out(shop: Backend) -> None:
    shop.begin(outcome={"result": "wait"})
    shop.sandbox.clock.advance(minutes=30)
    shop.confirm()


def confirm_when_ten_minutes_are_over(shop: Backend) -> None:
    shop.begin()
    shop.sandbox.clock.advance(minutes=10)
    shop.confirm()


def key_a_card_in(shop: Backend) -> None:
    card = {"cardNumber": "5365101234121234", "cardExpirationYear": "39", "cardExpirationMonth": "12"}
    order = {"amount": 15000, "orderId": ORDER, "orderName": "x", "customerIdentityNumber": "881212"}
    shop.ask("/v1/payments/key-in", order | card)
    shop.ask(f"/v1/payments/orders/{ORDER}", None, method="GET")


def give_up(shop: Backend) -> None:
    shop.sandbox.shopper.fails(ORDER, 15000, "PAY_PROCESS_CANCELED")


def leave_the_window_open(shop: Backend) -> None:
    shop.begin(outcome={"result": "wait"})


def be_declined(shop: Backend) -> None:
    shop.begin(outcome={"decline": "REJECT_CARD_COMPANY"})
    shop.confirm()


def try_a_second_card(shop: Backend) -> None:
    be_declined(shop)
    shop.pay()


Story = Callable[[Backend], None]
OF_BOTH: tuple[Story, ...] = (
    Backend.pay,
    Backend.begin,
    lose_an_answer,
    lose_an_answer_and_look,
    repeat_under_a_key,
    break_the_connection,
    be_refused,
    read_garbage,
    be_held,
    wait_too_long,
    mistake_the_amount,
    pay_twice,
    refund,
    refund_in_vain,
    refund_after_the_settlement,
    pay_while_the_clock_stands,
    send_what_does_not_say_it_is_json,
    of_two.meet_a_twin,
    of_two.meet_two_twins_while_held,
    of_two.repeat_the_key_of_another_order,
)
OF_TOSS: tuple[Story, ...] = (
    refund_a_part,
    await_a_deposit,
    deposit,
    take_a_deposit_back,
    give_up,
    leave_the_window_open,
    be_declined,
    try_a_second_card,
    ask_for_an_error_under_a_key,
    ask_for_more_instalments_than_there_are,
    pay_by_a_check_card,
    confirm_what_ran_out,
    confirm_when_ten_minutes_are_over,
    key_a_card_in,
    of_two.meet_a_twin_of_a_call_without_a_key,
    of_two.meet_a_twin_of_a_call_that_hangs,
    of_two.repeat_the_refusal_of_another_order,
    of_two.confirm_with_the_other_pairs_key,
    of_two.pay_in_the_widget,
    of_two.pay_in_a_window_of_the_server,
    of_two.transfer_in_a_window_of_the_server,
    of_two.be_declined_in_a_window_of_the_server,
    of_two.give_up_in_a_window_of_the_server,
)
STORIES = [("kiosk", story) for story in OF_BOTH] + [("toss", story) for story in OF_BOTH + OF_TOSS]
NAMES = [f"{contract}-{story.__name__}" for contract, story in STORIES]
