"""The merchant: whose payments they are, and which contract its key speaks."""

from dataclasses import dataclass
from enum import StrEnum


class ContractName(StrEnum):
    """The wire contracts that a merchant's keys can speak."""

    KIOSK = "kiosk"
    TOSS = "toss"


@dataclass(frozen=True, slots=True)
class Merchant:
    """One merchant, which is one sandbox: nothing of it is visible to another.

    `code` is the short public id (`mId` on the Toss contract).
    """

    id: int
    code: str
    contract: ContractName
    version: str
