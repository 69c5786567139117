"""Which hosts are led to the mock, which are left alone, and which are refused."""

import socket

import pytest

from payments_mock.intercept.connecting import DeniedError, Redirection

API = "api.tosspayments.com"
PLACE = ("127.0.0.1", 4443)


@pytest.fixture
def strict() -> Redirection:
    return Redirection([API], PLACE, deny_others=True, allowed=[".example.test"])


@pytest.mark.parametrize("host", [API, API.upper(), f"{API}.", API.encode()])
def test_a_host_is_led_however_it_is_written(strict: Redirection, host: str | bytes) -> None:
    assert strict.place_of(host) == PLACE


@pytest.mark.parametrize(
    "host", ["localhost", "", "127.0.0.1", "::1", "fe.example.test", socket.gethostname()]
)
def test_this_machine_and_what_is_allowed_is_left_alone(strict: Redirection, host: str) -> None:
    assert strict.place_of(host) is None


@pytest.mark.parametrize("host", ["elsewhere.test", "192.0.2.1", "notexample.test"])
def test_other_hosts_are_refused(strict: Redirection, host: str) -> None:
    with pytest.raises(DeniedError, match="deny-others refuses"):
        strict.place_of(host)


def test_others_are_left_alone_unless_they_are_to_be_refused() -> None:
    lax = Redirection([API], PLACE)

    assert lax.addresses("elsewhere.test") is None


def test_a_host_that_is_led_has_one_address_of_the_fourth_version(strict: Redirection) -> None:
    [(family, kind, *_, (_, port))] = strict.addresses(API) or []

    assert (family, kind, port) == (socket.AF_INET, socket.SOCK_STREAM, 4443)
    with pytest.raises(socket.gaierror, match="IPv4 address alone"):
        strict.addresses(API, socket.AF_INET6)
