"""The command line: what it teaches, and what it says to a bad option."""

import pytest
from click.testing import CliRunner

from payments_mock.kiosk.command import kiosk


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--provider", "nonsense"], "provider"),
        (["--timeout", "0"], "timeout"),
        (["--timeout", "soon"], "--timeout"),
        (["--port", "70000"], "--port"),
        (["--data", "/no/such/folder/kiosk.db"], "data"),
        (["--database-url", "nonsense"], "database-url"),
        (["--host", "256.0.0.1"], "256.0.0.1"),
    ],
)
def test_a_bad_option_is_one_clear_line(options: list[str], named: str) -> None:
    ended = CliRunner().invoke(kiosk, ["--port", "0", *options])
    assert ended.exit_code == 2
    assert named in ended.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    "words", ["--provider", "--secret-key", "--data", "default: http://127.0.0.1:9090", "curl"]
)
def test_help_teaches(words: str) -> None:
    ended = CliRunner().invoke(kiosk, ["--help"])
    assert ended.exit_code == 0
    assert words in " ".join(ended.stdout.split())
