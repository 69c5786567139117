from collections.abc import Iterator

from payments_mock.kiosk.lifecycle import TRANSITIONS, OrderEvent, OrderStatus, PaymentStatus, StockMove

NOTHING = StockMove(0, 0)


def walks(length: int) -> Iterator[list[OrderEvent]]:
    """Return every way through the table, from a new order on, of at most `length` events."""

    def go(status: OrderStatus, so_far: list[OrderEvent]) -> Iterator[list[OrderEvent]]:
        yield so_far
        if len(so_far) < length:
            for event, change in TRANSITIONS.items():
                if change.source is status:
                    yield from go(change.target, [*so_far, event])

    return go(OrderStatus.OPEN, [])


def end(walk: list[OrderEvent]) -> OrderStatus:
    return TRANSITIONS[walk[-1]].target if walk else OrderStatus.OPEN


def moved(walk: list[OrderEvent]) -> StockMove:
    moves = [TRANSITIONS[event].stock or NOTHING for event in walk]
    return StockMove(sum(move.on_shelf for move in moves), sum(move.held for move in moves))


def test_every_event_has_a_row() -> None:
    assert set(TRANSITIONS) == set(OrderEvent)


def test_every_status_can_be_reached() -> None:
    assert {end(walk) for walk in walks(4)} == set(OrderStatus)


def test_a_sale_is_final_only_after_an_approval() -> None:
    for walk in walks(9):
        if end(walk) is OrderStatus.PAID:
            assert OrderEvent.APPROVED in walk


def test_goods_are_held_exactly_while_a_payment_is_pending() -> None:
    for walk in walks(9):
        assert moved(walk).held == (1 if end(walk) is OrderStatus.PENDING else 0)


def test_goods_are_off_the_shelf_exactly_from_the_approval_to_the_cancel() -> None:
    sold = {OrderStatus.PAID, OrderStatus.REFUND_PENDING}
    for walk in walks(9):
        assert moved(walk).on_shelf == (-1 if end(walk) in sold else 0)


def test_a_refunded_order_never_moves_again() -> None:
    assert OrderStatus.REFUNDED not in {change.source for change in TRANSITIONS.values()}


def test_an_order_is_open_again_only_with_a_payment_that_charged_nobody() -> None:
    back = [change for change in TRANSITIONS.values() if change.target is OrderStatus.OPEN]
    assert {change.payment for change in back} == {PaymentStatus.REFUSED, PaymentStatus.READY}
