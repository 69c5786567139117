"""What the reference promises holds for whatever Schemathesis makes of it, with all of its checks."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from payments_mock.contracts.toss.contract import TOSS_CONTRACT
from payments_mock.control.api import CONTROL
from testkit.depth import waits_for_ci
from testkit.processes import running_server
from tests.bad_input import excuses
from tests.bad_input.conftest import CONTROL_TOKEN

pytestmark = [waits_for_ci, pytest.mark.every_database]

HERE = Path(__file__).parent
PATIENCE_SECONDS = 600

HOOKS = {"SCHEMATHESIS_HOOKS": "tests.bad_input.hooks"}
WHO_CALLS = {
    "kiosk": ["--auth", "test_sk_dummy:"],
    "toss": ["--auth", "test_sk_toss_dummy:"],
    "control": ["--header", f"Authorization: Bearer {CONTROL_TOKEN}"],
}


@pytest.mark.parametrize("contract", WHO_CALLS)
def test_no_check_fails(contract: str, new_database: Callable[[], str], tmp_path: Path) -> None:
    """Have Schemathesis call a server of its own: it moves clocks, and deletes what others need."""
    server_command = [
        *(sys.executable, "-m", "payments_mock", "serve", "--port", "0", "--control-token", CONTROL_TOKEN),
        *("--webhook-targets", "loopback", "--database-url", new_database()),
    ]
    with running_server(server_command, tmp_path) as server:
        ended = _run_schemathesis(server.url, contract, tmp_path)

    assert ended.returncode == 0, ended.stdout[-8000:] + ended.stderr[-2000:]
    assert " 0 selected" not in ended.stdout


def test_every_excuse_is_for_an_operation_that_there_is() -> None:
    operations = {operation.name for operation in (*CONTROL.operations, *TOSS_CONTRACT.operations)}

    assert excuses.RULES.keys() <= operations
    assert all(isinstance(rules, tuple) for rules in excuses.RULES.values())


def _run_schemathesis(url: str, contract: str, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    command = [
        *(sys.executable, "-c", "from schemathesis.cli import schemathesis; schemathesis()"),
        *("--config-file", str(HERE / "schemathesis.toml"), "run"),
        f"{url}/openapi.json?contract={contract}",
        *("--checks", "all", "--continue-on-failure", "--seed", "1", "--no-color"),
        *("--phases", "examples,coverage,fuzzing,stateful"),
        *("--max-examples", "40", *WHO_CALLS[contract]),
    ]

    return subprocess.run(
        command,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE.parents[1]), *sys.path]), **HOOKS},
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
    )
