"""Which text the kiosk takes in: what every database and every JSON parser can hold."""


def is_storable(text: str) -> bool:
    """Tell whether ``text`` has neither control characters, such as NUL, nor half a surrogate pair."""
    return not any(character < " " or "\ud800" <= character <= "\udfff" for character in text)


def storable(text: str, longest: int) -> str:
    """Return ``text`` cut to ``longest`` characters, with a question mark for each unstorable one."""
    return "".join(character if is_storable(character) else "?" for character in text[:longest])
