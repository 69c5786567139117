"""docs/kiosk.md is true: its tables are compared with the code, and its curl lines are run."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from payments_mock.kiosk import lifecycle
from payments_mock.kiosk.command import kiosk
from payments_mock.kiosk.errors import FailureCode, KioskError
from payments_mock.kiosk.lifecycle import TRANSITIONS
from payments_mock.kiosk.web.api import CODE_OF_STATUS, api
from payments_mock.kiosk.web.pages import shop_api
from testkit.processes import running_server
from tests.kiosk.till import Till

TEXT = (Path(__file__).parents[2] / "docs" / "kiosk.md").read_text(encoding="utf-8")
SESSIONS = re.findall(r"```console\n(.*?)```", TEXT, re.DOTALL)
EXAMPLES = re.findall(r"^\$ (curl .*)\n(\{.*\})$", "".join(SESSIONS), re.MULTILINE)
ORDER_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
VARYING = re.compile(r"pay_[0-9a-f]+|token=[0-9a-f-]+|\d{4}-\d\d-\d\dT[\d:]+Z|127\.0\.0\.1:\d+")


def rows(*heading: str) -> list[list[str]]:
    """Return the rows of the table with that heading."""
    line = f"| {' | '.join(heading)} |\n"
    table = TEXT.partition(line)[2].partition("\n\n")[0]
    return [[cell.strip() for cell in row.strip("| ").split(" | ")] for row in table.splitlines()[1:]]


def test_the_table_of_an_orders_life_is_the_codes() -> None:
    names = {
        move: name.lower() for name, move in vars(lifecycle).items() if type(move) is lifecycle.StockMove
    }
    assert [
        [cell for cell in row if cell] for row in rows("event", "from", "to", "goods", "seats", "payment")
    ] == [
        [
            str(part)
            for part in (
                event,
                change.source,
                change.target,
                change.stock and names[change.stock],
                change.seats,
                change.payment,
            )
            if part
        ]
        for event, change in TRANSITIONS.items()
    ]


@pytest.mark.parametrize(
    ("blueprint", "heading"), [(api.name, "request"), (shop_api.name, "request of the pages")]
)
def test_every_operation_is_documented(till: Till, blueprint: str, heading: str) -> None:
    documented = {row[0].strip("`") for row in rows(heading, "what it does", "answers")}
    assert documented == {
        f"{method} {rule.rule.replace('<uuid:order_id>', '{id}')}"
        for rule in till.app.url_map.iter_rules()
        if rule.endpoint.startswith(f"{blueprint}.")
        for method in (rule.methods or set()) & {"GET", "POST"}
    }


def test_every_option_is_documented() -> None:
    documented = {row[0].strip("`").split()[0] for row in rows("option", "default", "what it does")}
    assert documented == {parameter.opts[0] for parameter in kiosk.params}


def test_every_error_code_is_documented() -> None:
    codes = {error.code for error in KioskError.__subclasses__()} | set(FailureCode)
    codes |= set(CODE_OF_STATUS.values()) | {"DATABASE_UNAVAILABLE"}
    assert {code for code in codes if code not in TEXT} == set()


@pytest.fixture
def url(provider_url: str, tmp_path: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "payments_mock.kiosk", "--port", "0", "--provider", provider_url]
    with running_server(command, tmp_path) as server:
        yield server.url


def test_the_curl_lines_give_the_answers_shown(url: str) -> None:
    order_id = "none yet"
    for command, shown in EXAMPLES:
        asked = ORDER_ID.sub(order_id, command.replace("http://127.0.0.1:8080", url))
        given = subprocess.run(["bash", "-c", asked], capture_output=True, text=True, check=True).stdout
        found = ORDER_ID.search(given)
        order_id = found.group() if found else order_id
        assert masked(given) == masked(shown), command


def masked(answer: str) -> Any:
    return json.loads(VARYING.sub("varies", ORDER_ID.sub("order", answer)))


def test_there_are_curl_lines() -> None:
    assert len(EXAMPLES) == 8
