"""`docs/toss-fidelity.md` lists all that the code has, nothing else, and names tests that exist."""

import re
from collections.abc import Mapping

import pytest
from marshmallow import Schema, fields

from payments_mock.api.catalogue import catalogue, word
from payments_mock.contracts.toss.contract import TOSS_CONTRACT
from payments_mock.domain.cards import DECLINES
from payments_mock.domain.payments.instruments import AccountType, CardType, CashReceiptKind, OwnerType
from payments_mock.domain.payments.methods import Method
from payments_mock.domain.sandboxes import Switch
from tests.contracts.toss.fidelity import (
    answer_objects,
    kind_of,
    names_in,
    provoked_codes,
    request_objects,
    tables,
)

MARKS = {"exact", "simplified", "own", "absent"}
SOURCES = {"R", "G", "M", "P", "O"}
MARKED = ("Operations", "Fields of requests", "Fields of answers", "Rules")
NAMED_TEST = re.compile(r"`(tests/[\w/]+\.py|features/[\w/]+\.feature)::([^`]+)`")
"""A test by its file and name, or a scenario of a feature by its title."""


def plain(cell: str) -> str:
    return cell.strip("`")


def described(heading: str) -> dict[tuple[str, str], dict[str, str]]:
    """Return the rows of a table of fields by object and field."""
    rows = tables()[heading]
    found = {(plain(row["object"]), plain(row["field"])): row for row in rows}
    assert len(found) == len(rows), "a field is listed twice"
    return found


def all_fields(objects: Mapping[str, Schema]) -> dict[tuple[str, str], fields.Field]:
    return {(name, field): part for name, schema in objects.items() for field, part in schema.fields.items()}


def test_every_operation_is_listed_and_no_other() -> None:
    listed = [(plain(row["operation"]), plain(row["call"])) for row in tables()["Operations"]]

    assert listed == [(one.name, f"{one.method} {one.path}") for one in TOSS_CONTRACT.operations]


@pytest.mark.parametrize(
    ("heading", "objects"),
    [("Fields of requests", request_objects()), ("Fields of answers", answer_objects())],
    ids=["requests", "answers"],
)
def test_every_field_is_listed_and_no_other(heading: str, objects: Mapping[str, Schema]) -> None:
    listed = described(heading)
    absent = {name for name, row in listed.items() if row["mark"] == "absent"}

    assert listed.keys() - absent == all_fields(objects).keys()
    assert not absent & all_fields(objects).keys()


def test_the_fields_that_a_request_needs_are_those_that_are_said_to_be_needed() -> None:
    listed = {name: row["needed"] for name, row in described("Fields of requests").items()}

    for name, field in all_fields(request_objects()).items():
        assert (name, listed[name]) == (name, "yes" if field.required else "no")


def test_the_type_of_every_field_of_an_answer_is_the_one_that_is_said() -> None:
    listed = described("Fields of answers")

    for name, field in all_fields(answer_objects()).items():
        said = (listed[name]["type"], listed[name]["null"])
        assert (name, *said) == (name, kind_of(field), "yes" if field.allow_none else "no")


@pytest.mark.parametrize("heading", MARKED)
def test_every_row_has_a_mark_and_a_source(heading: str) -> None:
    for row in tables()[heading]:
        assert row["mark"] in MARKS, row
        assert set(row["source"].split(", ")) <= SOURCES, row


@pytest.mark.parametrize("heading", MARKED)
def test_what_is_not_exact_says_why(heading: str) -> None:
    for row in tables()[heading]:
        reason = row.get("what differs") or row.get("how it is here")
        assert row["mark"] == "exact" or reason, row


def test_every_rule_names_tests_and_each_exists() -> None:
    for row in tables()["Rules"]:
        named = NAMED_TEST.findall(row["tests"])
        assert named, row
        for file, test in named:
            assert test in names_in(file), f"{file} has no {test}"


def test_every_trigger_of_ours_is_listed_and_no_other() -> None:
    by_ending = {plain(row["end of the card number"]): row for row in tables()[TRIGGERS] if "code" in row}

    assert {end: plain(row["code"]) for end, row in by_ending.items()} == {
        end: refusal.code for end, refusal in DECLINES.items()
    }
    assert {end for end, row in by_ending.items() if row["from"] == "any amount"} == {
        end for end, refusal in DECLINES.items() if not refusal.limit
    }


def test_every_other_trigger_names_a_test_that_exists() -> None:
    for row in tables()[TRIGGERS]:
        for file, test in NAMED_TEST.findall(row.get("test", "")):
            assert test in names_in(file), f"{file} has no {test}"


TRIGGERS = "Triggers of our own"


def test_every_value_that_is_translated_is_listed_as_it_is() -> None:
    listed = {
        (plain(row["value"]), row["Korean"], plain(row["English"])) for row in tables()["English values"]
    }

    assert listed == {
        (kind.__name__, word(value, "ko"), word(value, "en"))
        for kind in (Method, CardType, OwnerType, AccountType, CashReceiptKind)
        for value in kind
    }


def test_every_code_is_listed_with_its_status_and_where_it_comes_from() -> None:
    listed = {plain(row["code"]): (int(row["status"]), row["arises"]) for row in tables()["Codes"]}

    assert listed == {
        code: (entry.status, "real" if code in provoked_codes() else "by the header")
        for code, entry in catalogue().items()
    }


OF_THE_LIST_OF = {"old-confirm": "confirm", "get-by-order": "get"}
"""The reference lists no codes for these operations; each has those of the operation beside it."""


def beyond_the_official_lists() -> set[tuple[str, str]]:
    """Return the codes that an operation can answer and its official list lacks, each with the operation."""
    promised = {
        (OF_THE_LIST_OF.get(operation.name, operation.name), TOSS_CONTRACT.answer_of(error)[1])
        for operation in TOSS_CONTRACT.operations
        for error in operation.errors
    }
    return {(name, code) for name, code in promised if not {name, "all"} & catalogue()[code].operations}


def test_every_code_beyond_an_operation_s_official_list_is_listed_with_a_reason_and_no_other() -> None:
    rows = tables()["Codes beyond the official lists"]

    assert {(plain(row["operation"]), plain(row["code"])) for row in rows} == beyond_the_official_lists()
    assert all(row["why"] and set(row["source"].split(", ")) <= SOURCES for row in rows)


RECORDED = "Recorded answers"


def test_every_recorded_answer_stands_there_by_its_number_and_once() -> None:
    numbers = [row["number"] for row in tables()[RECORDED]]

    assert [number for number in numbers if number.isdigit()] == [str(number) for number in range(1, 26)]


def test_the_scripts_and_every_switch_stand_among_the_recorded_answers() -> None:
    rows = tables()[RECORDED]

    assert [row for row in rows if row["number"] == "SDK"]
    assert {
        switch for switch in Switch if not any(f"`{switch}`" in row["subject"] + row["here"] for row in rows)
    } == set()


def test_every_recorded_answer_has_a_mark_a_source_and_a_test_that_exists() -> None:
    for row in tables()[RECORDED]:
        assert row["mark"] in MARKS, row
        assert set(row["source"].split(", ")) <= SOURCES, row
        [(file, test)] = NAMED_TEST.findall(row["tests"])
        assert test in names_in(file), f"{file} has no {test}"
