"""What a new kiosk sells: the menu that an empty database is filled with."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MenuEntry:
    """One thing for sale; ``price`` in KRW, ``stock`` in pieces."""

    id: str
    name: str
    price: int
    stock: int


DEFAULT_MENU = (
    MenuEntry("popcorn", "Popcorn", 6_000, 100),
    MenuEntry("caramel-popcorn", "Caramel popcorn", 7_000, 100),
    MenuEntry("nachos", "Nachos with cheese", 5_500, 60),
    MenuEntry("hot-dog", "Hot dog", 4_500, 40),
    MenuEntry("cola", "Cola", 2_500, 200),
    MenuEntry("keyring", "Collector's keyring", 12_000, 3),
)
