"""Sandboxes: a merchant of one's own, and nothing of it is another's."""

from typing import Any

import pytest

from payments_mock.control.sandboxes import SandboxRequest
from tests.control.desk import Desk

KEYS = ("secretKey", "clientKey", "widgetSecretKey", "widgetClientKey")


def test_a_sandbox_is_on_the_kiosk_contract_unless_said_otherwise(desk: Desk) -> None:
    made = desk.done("POST", "sandboxes")

    assert (made["contract"], made["version"]) == ("kiosk", "2022-11-16")


def test_its_secret_key_works_at_once(desk: Desk) -> None:
    assert desk.sandbox().shop().pay().status_code == 200


def test_on_the_toss_contract_it_has_widget_keys_too(desk: Desk) -> None:
    made = desk.done("POST", "sandboxes", contract="toss")

    assert [made[name].rpartition("_")[0] for name in KEYS] == ["test_sk", "test_ck", "test_gsk", "test_gck"]


def test_keys_and_id_can_be_chosen(desk: Desk) -> None:
    desk.done("POST", "sandboxes", id="cafe", secretKey="test_sk_cafe", clientKey="test_ck_cafe")

    assert desk.done("GET", "sandboxes/cafe")["id"] == "cafe"


@pytest.mark.parametrize(
    ("taken", "message"),
    [
        ({"id": "kiosk"}, "the id kiosk is in use already"),
        ({"secretKey": "test_sk_dummy"}, "the secretKey is in use already, by the sandbox kiosk"),
        ({"clientKey": "test_sk_dummy"}, "the clientKey is in use already, by the sandbox kiosk"),
        (
            {"contract": "toss", "widgetSecretKey": "test_gsk_toss_dummy"},
            "the widgetSecretKey is in use already, by the sandbox toss",
        ),
    ],
)
def test_what_is_anothers_is_refused_and_told_which_it_is_and_whose(
    desk: Desk, taken: dict[str, str], message: str
) -> None:
    answer = desk.call("POST", "sandboxes", json=taken)

    assert (answer.status_code, answer.get_json()["code"]) == (409, "SANDBOX_TAKEN")
    assert answer.get_json()["message"] == message


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"id": ""}, "id"),
        ({"id": "a b"}, "id"),
        ({"id": "x" * 15}, "id"),
        ({"contract": "paypal"}, "contract"),
        ({"version": "2020-01-01"}, "version"),
        ({"secretKey": "a:b"}, "secretKey"),
        ({"secretKey": None}, "secretKey"),
        ({"secretKey": "same", "clientKey": "same"}, "secretKey"),
        ({"widgetSecretKey": "test_gsk_1"}, "widgetSecretKey"),
        ({"contract": "toss", "widgetClientKey": "test_ck_1"}, "widgetClientKey"),
    ],
)
def test_what_will_not_do_is_refused_by_its_field(desk: Desk, fields: dict[str, Any], field: str) -> None:
    assert list(desk.refused("POST", "sandboxes", **fields)) == [field]


@pytest.mark.parametrize("field", KEYS)
def test_a_live_key_is_refused_in_one_line_that_names_its_field_and_not_the_key(
    desk: Desk, field: str
) -> None:
    answer = desk.call("POST", "sandboxes", json={"contract": "toss", field: "live_gsk_of_a_real_merchant"})

    assert (answer.status_code, answer.get_json()["message"]) == (
        400,
        f"{field}: This is a live key, which has no business here; give a test key.",
    )


def test_the_list_has_those_of_the_settings_too(desk: Desk) -> None:
    made = desk.sandbox()

    listed = [sandbox["id"] for sandbox in desk.done("GET", "sandboxes")["sandboxes"]]

    assert "kiosk" in listed
    assert listed[-1] == made.made["id"]


def test_keys_are_shown_only_when_they_are_made(desk: Desk) -> None:
    assert not set(KEYS) & set(desk.sandbox().done("GET", ""))


def test_a_fault_of_one_sandbox_strikes_nobody_in_another(desk: Desk) -> None:
    one, other = desk.sandbox(), desk.sandbox()
    one.arm("error", code="NOT_FOUND", times="always")

    assert other.shop().pay().status_code == 200


def test_a_fault_that_a_reset_removed_strikes_nobody(desk: Desk) -> None:
    sandbox = desk.sandbox()
    sandbox.arm("error", code="NOT_FOUND", times="always")

    sandbox.done("POST", "reset")

    assert sandbox.shop().pay().status_code == 200


def test_a_reset_leaves_other_sandboxes_alone(desk: Desk) -> None:
    one, other = desk.sandbox(), desk.sandbox()
    other.shop().pay()

    one.done("POST", "reset")

    assert other.shop().get().status_code == 200


def test_a_reset_by_the_wrong_verb_says_which_is_right(desk: Desk) -> None:
    answer = desk.sandbox().call("DELETE", "reset")

    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert "POST" in answer.get_json()["message"]


def test_the_keys_of_a_deleted_sandbox_are_nobodys(desk: Desk) -> None:
    sandbox = desk.sandbox()
    sandbox.shop().pay()

    assert sandbox.done("DELETE", "") == {"deleted": sandbox.made["id"]}

    assert sandbox.shop().get().status_code == 401
    assert sandbox.call("GET", "").status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", ""), ("DELETE", ""), ("POST", "reset"), ("GET", "clock"), ("GET", "faults")],
)
def test_a_sandbox_that_is_not_there_is_said_not_to_be(desk: Desk, method: str, path: str) -> None:
    answer = desk.call(method, f"sandboxes/nobody/{path}".rstrip("/"))

    assert (answer.status_code, answer.get_json()["code"]) == (404, "NOT_FOUND_SANDBOX")


def test_the_next_sandbox_inherits_no_late_entry_of_a_deleted_ones_journal(
    desk: Desk,
) -> None:
    gone = desk.sandbox()
    gone.shop().create()
    gone.done("DELETE", "")

    assert desk.sandbox().done("GET", "journal") == {"entries": []}


def test_every_example_of_the_reference_makes_a_sandbox(desk: Desk) -> None:
    examples = {name: SandboxRequest().fields[name].metadata["example"] for name in KEYS}

    made = desk.done("POST", "sandboxes", contract="toss", **examples)

    assert {name: made[name] for name in KEYS} == examples
    assert [examples[name].rpartition("_")[0] for name in KEYS] == [
        "test_sk",
        "test_ck",
        "test_gsk",
        "test_gck",
    ]
