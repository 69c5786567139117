"""Where webhooks may go: anywhere, this machine, or named hosts."""

from collections.abc import Callable

import pytest

from payments_mock.settings import Settings, SettingsError, load_settings
from payments_mock.webhooks.sender import TargetError, check_target
from testkit.inside.clock import MovableClock
from testkit.inside.toss_stage import staged_app
from tests.control.desk import Desk

LOCAL = (
    "http://localhost/",
    "http://shop.localhost:8080/x",
    "https://127.0.0.1",
    "http://127.8.8.8",
    "http://[::1]:80/",
)
ELSEWHERE = (
    "http://10.0.0.1/",
    "http://shop.example.com/",
    "http://127.0.0.1.example.com",
    "http://[2001:db8::1]/",
)


@pytest.mark.parametrize("url", [*LOCAL, *ELSEWHERE])
def test_any_host_will_do_unless_the_setting_says_otherwise(url: str) -> None:
    assert check_target(url, "any") is None


@pytest.mark.parametrize("url", LOCAL)
def test_loopback_is_this_machine(url: str) -> None:
    assert check_target(url, "loopback") is None


@pytest.mark.parametrize("url", ELSEWHERE)
def test_loopback_is_nothing_else(url: str) -> None:
    with pytest.raises(TargetError, match="webhook_targets"):
        check_target(url, "loopback")


@pytest.mark.parametrize("url", ["http://shop:1/", "http://SHOP/x", "https://till:8443/"])
def test_a_host_is_named_with_its_port_or_without(url: str) -> None:
    assert check_target(url, "shop,till:8443") is None


@pytest.mark.parametrize("url", ["http://till/", "http://shop.example.com/", "http://localhost/"])
def test_other_hosts_are_not_named(url: str) -> None:
    with pytest.raises(TargetError, match="lets no webhook go to"):
        check_target(url, "shop,till:8443")


@pytest.mark.parametrize(
    ("allowed", "url"),
    [
        pytest.param("till:80", "http://till/", id="the port of the scheme"),
        pytest.param("Till:443", "https://till/", id="the port of the scheme, encrypted"),
        pytest.param("[::1]:80", "http://[::1]:80/", id="IPv6 with a port"),
        pytest.param("2001:db8::1", "http://[2001:db8::1]/", id="IPv6 without brackets"),
        pytest.param("가게.kr", "http://가게.kr/", id="a name in Korean"),
        pytest.param("가게.kr", "http://xn--o39akk.kr/", id="a name in Korean, as it is called"),
        pytest.param("loopback,shop", "http://127.0.0.1/", id="this machine beside a host"),
        pytest.param("loopback,shop", "http://shop/", id="a host beside this machine"),
    ],
)
def test_whatever_the_setting_may_say_allows_something(allowed: str, url: str) -> None:
    assert check_target(url, allowed) is None


@pytest.mark.parametrize(
    "allowed",
    [
        "",
        ",",
        "shop,",
        "http://shop",
        "shop/path",
        "shop:99999",
        "shop:0",
        "shop:http",
        "a b",
        "*",
        "@",
        "[::1",
    ],
)
def test_a_setting_that_allows_nothing_is_refused(allowed: str) -> None:
    with pytest.raises(SettingsError, match="webhook_targets must be any, loopback or host names"):
        load_settings(["--webhook-targets", allowed])


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "gopher://x", "http://x\\@localhost/", "//x", "http:///x"]
)
def test_only_http_and_https_are_spoken(url: str) -> None:
    with pytest.raises(TargetError, match="url must"):
        check_target(url, "any")


def test_a_server_refuses_what_its_setting_forbids(new_database: Callable[[], str]) -> None:
    clock = MovableClock()
    with staged_app(new_database(), Settings().merchants, clock, webhook_targets="loopback") as app:
        sandbox = Desk(app).sandbox(contract="toss")

        refused = sandbox.call("POST", "webhooks", json={"url": "http://10.0.0.1/"})
        forged = sandbox.call("POST", "webhooks/forge", json={"url": "http://10.0.0.1/", "raw": "x"})

    assert {(one.status_code, one.get_json()["code"]) for one in (refused, forged)} == {(400, "INVALID_URL")}
