"""Which codes real actions lead to, and the actions."""

from tests.contracts.toss.conditions.others import ACCOUNTS, CARDS, CHECKOUTS, LISTS
from tests.contracts.toss.conditions.payments import CALLS, CANCELS, CONFIRMS

__all__ = ["CHECKOUTS", "CONDITIONS"]

CONDITIONS = (*CALLS, *CONFIRMS, *CANCELS, *CARDS, *ACCOUNTS, *LISTS)
