"""docs/control.md and docs/faults.md: every operation and effect is there, and every line works."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from payments_mock.api.catalogue import STATUS_OF_STATE
from payments_mock.api.operation import Operation
from payments_mock.contracts.kiosk.contract import STATUS_OF_STATE as STATUS_ON_KIOSK
from payments_mock.control.api import CONTROL
from payments_mock.http.effects import EFFECTS
from testkit.processes import running_server

DOCS = Path(__file__).parents[2] / "docs"
CONTROL_PAGE, FAULTS_PAGE = (
    (DOCS / name).read_text(encoding="utf-8") for name in ("control.md", "faults.md")
)
SHOWN_SERVER = "http://127.0.0.1:9090"
WIRE_NAMES = {"payment_key": "paymentKey"}
DOCUMENTED = [operation for operation in CONTROL.operations if "webhook" not in operation.path]


@pytest.mark.parametrize("operation", DOCUMENTED, ids=lambda operation: operation.name)
def test_each_operation_has_its_row(operation: Operation) -> None:
    path = re.sub(r"<(?:\w+:)?(\w+)>", lambda name: f"{{{WIRE_NAMES.get(name[1], name[1])}}}", operation.path)

    assert f"| `{operation.method} {path}` |" in CONTROL_PAGE


def test_each_state_has_its_row_with_the_words_of_both_contracts() -> None:
    rows = re.findall(r"^\| `(\w+)` \| `(\w+)` \| `(\w+)` \|$", CONTROL_PAGE, re.MULTILINE)

    assert set(rows) == {
        (state.value, STATUS_OF_STATE[state], kiosk) for state, kiosk in STATUS_ON_KIOSK.items()
    }


@pytest.mark.parametrize("kind", EFFECTS)
def test_each_effect_has_its_row_with_its_fields(kind: str) -> None:
    [row] = [line for line in FAULTS_PAGE.splitlines() if line.startswith(f"| `{kind}` |")]

    fields = row.split("|")[2]
    assert set(re.findall(r"`(\w+)`", fields)) == set(EFFECTS[kind].takes)


@pytest.mark.parametrize("page", [CONTROL_PAGE, FAULTS_PAGE], ids=["control.md", "faults.md"])
def test_every_line_is_answered_as_a_good_call(page: str, tmp_path: Path) -> None:
    blocks = re.findall(r"```sh\n(.*?)```", page, re.DOTALL)
    shell = 'set -e\ncurl() { command curl -sS --fail-with-body "$@"; echo; }\n'
    serve = [sys.executable, "-m", "payments_mock", "serve", "--port", "0"]

    with running_server(serve, tmp_path) as server:
        script = shell + "\n".join(blocks).replace(SHOWN_SERVER, server.url)
        environment = os.environ | {"NO_PROXY": "*"}
        done = subprocess.run(["bash", "-c", script], env=environment, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout + done.stderr
    assert len(done.stdout.splitlines()) == len(re.findall(r"^(?:curl|arm) ", "\n".join(blocks), re.M))
