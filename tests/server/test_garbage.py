"""What a server loads late is kept out of the garbage collector's sight."""

import gc

from payments_mock.server.serve import keeping_all


class Kept(list[object]):
    """Something that the collector would look at."""


def test_what_is_made_meanwhile_is_not_looked_at_again() -> None:
    with keeping_all():
        kept = Kept()

    assert not any(thing is kept for thing in gc.get_objects())


def test_what_is_made_afterwards_is_looked_at() -> None:
    with keeping_all():
        pass
    thing = Kept()

    assert gc.isenabled()
    assert any(each is thing for each in gc.get_objects())
