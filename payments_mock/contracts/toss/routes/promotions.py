"""Promotions: what card companies and banks offer."""

from typing import Any

from payments_mock.contracts.toss import paths
from payments_mock.contracts.toss.present.promotions import present_card_promotions, present_promotions
from payments_mock.contracts.toss.schemas.promotions import CardPromotions, Promotion
from payments_mock.domain.periods import day_in_korea
from payments_mock.http.call import Call
from payments_mock.http.contract import Operation


def _card_promotions(call: Call) -> dict[str, Any]:
    return present_card_promotions(day_in_korea(call.context.now()))


def _promotions(call: Call) -> list[dict[str, Any]]:
    return present_promotions(day_in_korea(call.context.now()))


OPERATIONS = (
    Operation(
        *paths.CARD_PROMOTIONS,
        "List the discounts and interest-free months of cards",
        _card_promotions,
        answer=CardPromotions(),
    ),
    Operation(
        *paths.PROMOTIONS,
        "List every discount, interest-free month and point card",
        _promotions,
        answer=Promotion(many=True),
    ),
)
