"""What the reference promises holds for whatever Schemathesis makes of it, with all of its checks."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from step_defs.support.processes import ServerProcess
from tests.bad_input.conftest import CONTROL_TOKEN
from tests.support.depth import waits_for_ci

pytestmark = waits_for_ci

HERE = Path(__file__).parent
PATIENCE_SECONDS = 600

HOOKS = {"SCHEMATHESIS_HOOKS": "tests.bad_input.patience"}
WHO_CALLS = {
    "kiosk": ["--auth", "test_sk_dummy:"],
    # At Toss a wrong method is 404 NOT_FOUND_HTTP_METHOD, which this check takes for a mistake.
    "toss": ["--auth", "test_sk_toss_dummy:", "--exclude-checks", "unsupported_method"],
    "control": ["--header", f"Authorization: Bearer {CONTROL_TOKEN}"],
}


@pytest.mark.parametrize("contract", WHO_CALLS)
def test_no_check_fails(server: ServerProcess, contract: str, tmp_path: Path) -> None:
    command = [
        *(sys.executable, "-c", "from schemathesis.cli import schemathesis; schemathesis()"),
        *("--config-file", str(HERE / "schemathesis.toml"), "run"),
        f"{server.url}/openapi.json?contract={contract}",
        *("--checks", "all", "--continue-on-failure", "--seed", "1", "--no-color"),
        *("--phases", "examples,coverage,fuzzing,stateful"),
        *("--max-examples", "40", *WHO_CALLS[contract]),
    ]

    ended = subprocess.run(
        command,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE.parents[1]), *sys.path]), **HOOKS},
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
    )

    assert ended.returncode == 0, ended.stdout[-8000:] + ended.stderr[-2000:]
    assert " 0 selected" not in ended.stdout
