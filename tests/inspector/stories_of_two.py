"""Stories with a second call, a second order, a second pair of keys, or a window of the shop's server."""

from tests.inspector.backend import ORDER, Backend


def meet_a_twin(shop: Backend) -> None:
    shop.begin()
    shop.sandbox.faults.answer_slowly("confirm", 3)
    shop.confirm_beside(lambda: shop.confirm(key="press-1"), key="press-1")
    shop.confirm(key="press-1")


def meet_two_twins_while_held(shop: Backend) -> None:
    def press_twice() -> None:
        shop.confirm(key="press-1")
        shop.confirm(key="press-1")
        shop.sandbox.faults.let_go()

    shop.begin()
    shop.sandbox.faults.hold("confirm", "after")
    shop.confirm_beside(press_twice, key="press-1")


def meet_a_twin_of_a_call_without_a_key(shop: Backend) -> None:
    shop.begin()
    shop.sandbox.faults.answer_slowly("confirm", 3)
    shop.confirm_beside(shop.confirm)


def meet_a_twin_of_a_call_that_hangs(shop: Backend) -> None:
    shop.begin()
    shop.seconds = 2
    shop.sandbox.faults.hang("confirm")
    shop.confirm_beside(lambda: shop.confirm(key="press-1"), key="press-1")


def repeat_the_key_of_another_order(shop: Backend) -> None:
    shop.order_id, shop.payment_key = "order_before", f"pay_before_{shop.sandbox.id}"
    shop.begin()
    shop.confirm(key="press-1")
    shop.look_up()
    shop.order_id, shop.payment_key = ORDER, f"pay_{shop.sandbox.id}"
    shop.begin()
    shop.confirm(key="press-1")


def repeat_the_refusal_of_another_order(shop: Backend) -> None:
    shop.order_id = "order_before"
    shop.begin()
    shop.confirm(amount=1000, key="press-1")
    shop.confirm()
    shop.order_id = ORDER
    shop.begin()
    shop.confirm(key="press-1")


def confirm_with_the_other_pairs_key(shop: Backend) -> None:
    shop.begin()
    shop.secret_key = shop.sandbox.widget_secret_key or ""
    shop.confirm()


def pay_in_the_widget(shop: Backend) -> None:
    shop.sandbox.use_keys("widget")
    shop.secret_key = shop.sandbox.widget_secret_key or ""
    shop.pay()


def pay_in_a_window_of_the_server(shop: Backend) -> None:
    shop.begin_at_the_server()
    shop.sandbox.shopper.pays_in_window(ORDER, card={"type": "CHECK"})
    shop.confirm()


def transfer_in_a_window_of_the_server(shop: Backend) -> None:
    shop.begin_at_the_server()
    shop.sandbox.shopper.pays_in_window(ORDER, method="TRANSFER")
    shop.confirm()


def be_declined_in_a_window_of_the_server(shop: Backend) -> None:
    shop.begin_at_the_server()
    shop.sandbox.shopper.pays_in_window(ORDER, outcome={"decline": "REJECT_CARD_COMPANY"})
    shop.confirm()


def give_up_in_a_window_of_the_server(shop: Backend) -> None:
    shop.begin_at_the_server()
    shop.sandbox.shopper.pays_in_window(ORDER, outcome={"result": "fail", "code": "REJECT_CARD_COMPANY"})
