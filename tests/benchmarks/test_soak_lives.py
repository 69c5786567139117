"""The soak's client, against a server in this process."""

from collections.abc import Iterator

import pytest

from benchmarks.errors import LoadError
from benchmarks.operations import LIFECYCLE, KioskContract, Stock
from benchmarks.soak.lives import PATIENCE_SECONDS, Life, live_at_once, live_at_rate
from payments_mock.testing import MockServer
from testkit.depth import depth

pytestmark = pytest.mark.a_few(3)

Address = tuple[str, int]
LOADS = depth(20, 5)


@pytest.fixture(scope="module")
def address() -> Iterator[Address]:
    with MockServer() as server:
        host, _, port = server.url.removeprefix("http://").partition(":")
        yield host, int(port)


def lives(address: Address, count: int, seed: int, key: str = "test_sk_dummy") -> list[Life]:
    stock, contract = Stock(seed), KioskContract(key)
    authority = f"{address[0]}:{address[1]}"
    payments = [stock.new() for _ in range(count)]
    return [tuple(contract.request(each, payment, authority) for each in LIFECYCLE) for payment in payments]


def test_every_life_is_lived_from_its_beginning_to_its_end(address: Address) -> None:
    lived = live_at_rate(*address, lives(address, 5, seed=1), rate=100.0)

    assert lived.lives == 5
    assert [len(taken) for taken in lived.latencies] == [5, 5, 5, 5]
    assert len(lived.client_late) + lived.held_up == 5


def test_no_life_begins_before_it_is_due(address: Address) -> None:
    lived = live_at_rate(*address, lives(address, 3, seed=2), rate=20.0)

    assert lived.seconds >= 2 / 20
    assert min(lived.client_late) >= 0


def test_none_begins_once_the_time_is_up(address: Address) -> None:
    lived = live_at_once(*address, lives(address, 2_000, seed=3), connections=2, seconds=0.2)

    assert 0 < lived.lives < 2_000
    assert all(len(taken) == lived.lives for taken in lived.latencies)


def test_a_load_ends_with_its_last_life_when_the_time_is_up(address: Address) -> None:
    took = [
        live_at_once(*address, lives(address, 100, seed), connections=1, seconds=0.02).seconds
        for seed in range(100, 100 + LOADS)
    ]

    # Beside them, each load lets go of all garbage first, which takes a second where a process has much.
    assert sum(took) < PATIENCE_SECONDS


def test_an_answer_that_is_not_200_ends_the_load(address: Address) -> None:
    with pytest.raises(LoadError, match="answered 401"):
        live_at_rate(*address, lives(address, 1, seed=4, key="test_sk_nobody"), rate=10.0)


def test_a_server_that_is_not_there_ends_the_load() -> None:
    with pytest.raises(LoadError, match="connection lost"):
        live_at_rate("127.0.0.1", 1, [(b"GET / HTTP/1.1\r\n\r\n",)], rate=10.0)
