"""The command `payments-mock`, run as its users run it."""

import gc
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner

from payments_mock import __version__
from payments_mock.cli import main
from payments_mock.settings import SETTINGS
from testkit.depth import waits_for_ci
from testkit.forked import run
from testkit.postgresql import Postgresql
from tests.server.conftest import lines_to_try

pytestmark = pytest.mark.a_few(12)

COMMAND = [sys.executable, "-m", "payments_mock"]


def run_here(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command that ends before it starts anything, without the cost of a process."""
    try:
        done = CliRunner().invoke(main, arguments, "payments-mock", env=environment)
    finally:
        gc.enable()
    return subprocess.CompletedProcess(arguments, done.exit_code, done.stdout, done.stderr)


def refusal(*arguments: str) -> str:
    """Run a command that must be refused, and return its one line."""
    return line_of(run([*COMMAND, *arguments]))


def line_of(done: subprocess.CompletedProcess[str]) -> str:
    """Return the one line with which a command was refused."""
    assert done.returncode == 2, done
    assert done.stdout == ""
    [line] = done.stderr.splitlines()
    assert line.startswith("payments-mock: ")
    return line


def test_the_version_is_told_at_once():
    done = subprocess.run([*COMMAND, "--version"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, f"payments-mock {__version__}\n")


@pytest.mark.parametrize("arguments", [["--version"], ["serve", "--help"]])
def test_telling_the_version_or_the_options_imports_no_framework(arguments: list[str]) -> None:
    code = (
        "import sys\n"
        "from click.testing import CliRunner\n"
        "from payments_mock.cli import main\n"
        f"assert CliRunner().invoke(main, {arguments}).exit_code == 0\n"
        "print({'flask', 'marshmallow', 'sqlalchemy', 'uvicorn', 'requests'} & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_a_start_imports_nothing_that_some_calls_or_databases_alone_need():
    code = (
        "import sys, payments_mock.app, payments_mock.server\n"
        "late = ('requests', 'apispec', 'swagger_ui_bundle', 'pytest', 'sqlalchemy.dialects.postgresql',"
        " 'payments_mock.kiosk', 'payments_mock.testing')\n"
        "print([name for name in late if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_the_command_that_is_installed_is_the_same():
    command = Path(sys.executable).with_name("payments-mock")
    done = subprocess.run([command, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"payments-mock {__version__}\n"


def test_help_lists_both_commands_and_shows_how_to_begin():
    text = run_here("--help").stdout
    assert "payments-mock serve" in text
    assert re.search(r"^  kiosk +Run the sample kiosk", text, re.M)
    assert re.search(r"^  serve +Start the provider", text, re.M)


@pytest.mark.parametrize("command", [[], ["serve"]])
def test_help_keeps_its_examples_on_lines_of_their_own(command: list[str]) -> None:
    text = run_here(*command, "--help").stdout
    assert "\\b" not in text
    assert re.search(r"^ +payments-mock (serve|kiosk)[^\n]*$", text, re.M)


def test_help_explains_every_setting():
    text = " ".join(run_here("serve", "--help", COLUMNS="200").stdout.split())
    for setting in SETTINGS:
        assert f"{setting.usage} {setting.help}" in text
    assert "[default: 9090; 0<=x<=65535]" in text
    assert "payments-mock serve --port 8000 --data payments.db" in text


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--port", "70000"], "port must be a whole number from 0 to 65535, not 70000 (--port)"),
        (["--workers", "0"], "workers must be a whole number from 1 to 64, not 0 (--workers)"),
        (["--settings", "/no/such.toml"], "settings: can't read /no/such.toml: No such file or directory"),
        (["--database-url", "nonsense"], "database_url must be a SQLAlchemy URL such as"),
        (["--data", "/dev/null"], "data must be a file in a folder that exists"),
        (["--data", "x" * 300], "data must be a file in a folder that exists"),
        (["--database-url", "postgresql+psycopg://host:x/name"], "database_url must be a SQLAlchemy URL"),
        (["--database-url", "sqlite://"], "database_url must be a SQLAlchemy URL"),
        (["--secret-key", "a:b"], "secret_keys: a key must be 1 to 200 printable ASCII characters"),
    ],
)
def test_a_setting_that_can_not_be_is_one_line_and_exit_code_2(arguments: list[str], line: str):
    assert line in line_of(run_here("serve", *arguments))


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--host", "192.0.2.1"], "host: 192.0.2.1 is not an address of this machine"),
        (
            ["--port", "0", "--database-url", "postgresql+psycopg://127.0.0.1:1/name"],
            "database_url: connection",
        ),
        (
            ["--port", "0", "--database-url", "sqlite:////no/such/folder/pay.db"],
            "database_url: unable to open",
        ),
        (
            ["--port", "0", "--database-url", "mysql://host/name"],
            "database_url: sqlite:/// and postgresql+psycopg:// are supported, not mysql://",
        ),
        (["--port", "0", "--data", __file__], "data: file is not a database"),
        (["--port", "0", "--database-url", "sqlite:////dev/full"], "database_url: database or disk is full"),
        pytest.param(
            ["--port", "0", "--database-url", "nosuch://host/name"],
            "postgresql+psycopg:// are supported, not",
            marks=waits_for_ci,
        ),
    ],
)
def test_a_setting_that_will_not_do_is_one_line_and_exit_code_2(arguments: list[str], line: str):
    assert line in refusal("serve", *arguments)


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "EUC_KR"])
def test_a_database_that_keeps_text_otherwise_is_one_line_and_exit_code_2(
    encoding: str, postgresql: Postgresql
) -> None:
    name = f"kept_as_{encoding.lower()}"
    postgresql.run(
        f"CREATE DATABASE {name} TEMPLATE template0 ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C'"
    )

    line = refusal("serve", "--port", "0", "--database-url", postgresql.url(name))

    told = f"database_url: the encoding of the database is {encoding}, not UTF8: "
    assert told + "CREATE DATABASE name ENCODING 'UTF8' TEMPLATE template0" in line


def test_a_settings_file_that_is_nested_too_deep_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    file = tmp_path / "deep.toml"
    file.write_text("a = " + "[" * 5000)

    assert "deep.toml is nested too deep" in line_of(run_here("serve", "--settings", str(file)))


def test_a_bad_variable_is_refused_like_a_bad_flag():
    assert "(PAYMENTS_MOCK_PORT)" in line_of(run_here("serve", PAYMENTS_MOCK_PORT="x"))


def test_a_variable_that_is_no_setting_is_one_line_and_exit_code_2():
    line = line_of(run_here("serve", PAYMENTS_MOCK_PROT="1"))
    assert line == "payments-mock: PAYMENTS_MOCK_PROT is not a setting; did you mean PAYMENTS_MOCK_PORT?"


def test_a_live_key_is_one_line_and_exit_code_2():
    line = line_of(run_here("serve", "--secret-key", "live_sk_0123456789abcdef"))
    assert line.startswith("payments-mock: secret_keys: live_sk_… is a live key; give a test key")


def test_a_taken_port_is_one_line_and_exit_code_2():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        command = [*COMMAND, "serve", "--port", str(port)]
        # Not a fork: a start that fails is seen once as users see it.
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)

    assert f"port {port} on 127.0.0.1 is taken" in line_of(done)


def test_several_workers_serve_one_database(launch):
    server = launch("-m", "payments_mock", "serve", "--port", "0", "--workers", "3", "--log-format", "none")
    url = server.printed("Base URL")
    subprocess.run(["sh", "-c", lines_to_try(server)], capture_output=True, check=True)
    for _ in range(12):
        found = requests.get(f"{url}/v1/payments/pay_123", auth=("test_sk_dummy", ""), timeout=5)
        assert found.json()["orderId"] == "order_123"
    assert server.stop() < 3


def test_a_machine_that_gives_the_server_too_few_files_is_one_line_and_exit_code_2() -> None:
    short = ["sh", "-c", 'ulimit -n 7; exec "$@"', "sh", *COMMAND, "serve", "--port", "0"]

    done = subprocess.run(short, capture_output=True, text=True, timeout=60)

    assert "Too many open files" in line_of(done)
