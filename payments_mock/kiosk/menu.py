"""What a new kiosk sells: menu and seats that an empty database is filled with."""

from dataclasses import dataclass

CINEMA = "cinema"
"""The seller of what the cinema sells itself, tickets included."""


@dataclass(frozen=True)
class MenuEntry:
    """One thing for sale; ``price`` in KRW, ``stock`` in pieces, ``seller`` is who gets the money."""

    id: str
    name: str
    price: int
    stock: int
    korean_name: str = ""
    seller: str = CINEMA


DEFAULT_MENU = (
    MenuEntry("popcorn", "Popcorn", 6_000, 100, "팝콘"),
    MenuEntry("caramel-popcorn", "Caramel popcorn", 7_000, 100, "카라멜 팝콘"),
    MenuEntry("nachos", "Nachos with cheese", 5_500, 60, "치즈 나초", "nacho-stand"),
    MenuEntry("hot-dog", "Hot dog", 4_500, 40, "핫도그"),
    MenuEntry("cola", "Cola", 2_500, 200, "콜라"),
    MenuEntry("keyring", "Collector's keyring", 12_000, 3, "한정판 키링", "goods-studio"),
)

SEAT_PRICE = 14_000
SEATS = tuple(f"{row}{number}" for row in "ABCDE" for number in range(1, 9))
"""The seats of the one screen, row by row from the front; each costs ``SEAT_PRICE`` KRW."""
