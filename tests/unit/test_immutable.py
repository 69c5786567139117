"""Immutable classes compare, hash and show themselves as dataclasses do, by methods that they share."""

from dataclasses import dataclass, replace
from operator import attrgetter

from payments_mock.domain.values import Reader, Split, immutable


@immutable
class Point:
    """A place."""

    x: int
    y: int = 0


@immutable
class Named(Point):
    """A place with a name."""

    name: str = ""


@immutable
class Lonely:
    """A class with one field."""

    x: int


@dataclass(frozen=True)
class Usual:
    """What Python itself makes of such a class."""

    x: int
    y: int = 0


def test_equal_fields_make_equal_objects() -> None:
    assert Point(1, 2) == Point(1, 2)
    assert Point(1, 2) != Point(1, 3)
    assert Lonely(1) == Lonely(1)


def test_objects_of_two_classes_are_never_equal() -> None:
    assert Point(1) != Usual(1)
    assert Point(1) != Named(1)
    assert Lonely(1) != 1


def test_all_fields_of_a_subclass_count() -> None:
    assert Named(1, 2, "here") == Named(1, 2, "here")
    assert Named(1, 2, "here") != Named(1, 2, "there")


def test_equal_objects_are_one_key() -> None:
    assert {Point(1, 2): "old"} | {Point(1, 2): "new"} == {Point(1, 2): "new"}
    assert len({Lonely(1), Lonely(1), Lonely(2)}) == 2


def test_an_object_shows_its_fields_as_a_dataclass_does() -> None:
    assert repr(Point(1, 2)) == repr(Usual(1, 2)).replace("Usual", "Point")
    assert repr(Named(1, name="here")) == "Named(x=1, y=0, name='here')"


def test_a_changed_copy_is_made_as_of_a_dataclass() -> None:
    assert replace(Point(1, 2), y=3) == Point(1, 3)


def test_the_classes_share_their_methods() -> None:
    """Methods of their own would be compiled at each start, for each class."""
    methods = attrgetter("__eq__", "__hash__", "__repr__")

    assert methods(Reader) == methods(Split)
