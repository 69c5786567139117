"""The server in this process, and one elsewhere."""

import threading

import pytest
import requests

from payments_mock.testing import MockServer, RemoteServer
from payments_mock.testing.control_client import ControlError, KitError
from tests.testing.merchant import begin


def test_a_server_elsewhere_has_the_same_verbs(server: MockServer) -> None:
    with RemoteServer(server.url) as remote, remote.sandbox() as made:
        begin(made, "order_remote")

        assert [payment["orderId"] for payment in made.payments()] == ["order_remote"]


def test_a_server_with_a_control_token_is_controlled_with_it_alone() -> None:
    with MockServer(control_token="secret") as started:
        with started.sandbox() as made:
            assert made.payments() == []
        with RemoteServer(started.url) as stranger, pytest.raises(ControlError, match="TOKEN_MISSING"):
            stranger.sandbox()


def test_a_stopped_server_answers_no_more_and_leaves_no_thread() -> None:
    before = threading.active_count()
    with MockServer() as started:
        url = started.url

    with pytest.raises(requests.ConnectionError):
        requests.get(f"{url}/health", timeout=5)
    assert threading.active_count() <= before + 1


def test_a_server_that_is_not_there_is_told_in_one_line(deserted_url: str) -> None:
    with pytest.raises(KitError) as told:
        RemoteServer(deserted_url).sandbox()

    what, how = f"no payments-mock answers at {deserted_url}", "start one with `payments-mock serve`"
    assert str(told.value) == f"{what}; {how}"
    assert told.value.__suppress_context__


def test_a_call_with_a_key_that_nobody_has_is_told(server: MockServer) -> None:
    start, _ = server.events()
    requests.get(f"{server.url}/v1/payments/pay_1", auth=("test_sk_nobody_has_it", ""), timeout=10)

    _, told = server.events(start, wait=5)

    [call] = server.stray_calls(1)
    assert [one["id"] for one in told if one["kind"] == "stray-call"] == [call["id"]]
    assert (call["key"], call["status"]) == ("test_sk_no...", 401)
