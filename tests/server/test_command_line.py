"""The command `payments-mock`, run as its users run it."""

import gc
import json
import os
import re
import socket
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner

from payments_mock import __version__
from payments_mock.api.catalogue import KOREAN
from payments_mock.banner import banner
from payments_mock.cli import main
from payments_mock.settings import SETTINGS, MerchantSettings, Settings
from testkit.depth import waits_for_ci


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "payments_mock", *arguments]
    return subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, text=True, timeout=30, check=False
    )


def run_here(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command that ends before it starts anything, without the cost of a process."""
    try:
        done = CliRunner().invoke(main, arguments, "payments-mock", env=environment)
    finally:
        gc.enable()
    return subprocess.CompletedProcess(arguments, done.exit_code, done.stdout, done.stderr)


def refusal(*arguments: str, **environment: str) -> str:
    """Run a command that must be refused, and return its one line."""
    return line_of(run(*arguments, **environment))


def line_of(done: subprocess.CompletedProcess[str]) -> str:
    """Return the one line with which a command was refused."""
    assert done.returncode == 2, done
    assert done.stdout == ""
    [line] = done.stderr.splitlines()
    assert line.startswith("payments-mock: ")
    return line


def test_the_version_is_told_at_once():
    done = run("--version")
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
        assert f"port {port} on 127.0.0.1 is taken" in refusal("serve", "--port", str(port))


@pytest.fixture(scope="module")
def provider(launch):
    arguments = ["--secret-key", "private_0123456789abcdef=toss", "--log-format", "none"]
    return launch("-m", "payments_mock", "serve", "--port", "0", *arguments, measured=True)


def test_the_banner_says_where_it_is_and_which_keys_it_knows(provider):
    url = provider.printed("Base URL")
    banner = provider.stdout
    assert f"payments-mock {__version__}" in banner
    assert f"Docs      {url}/docs" in banner
    assert "Data      temporary, removed at exit" in banner
    assert "test_sk_dummy  (kiosk contract, merchant kiosk)" in banner
    assert "private_…  (toss contract, merchant key-" in banner
    assert "0123456789abcdef" not in banner
    assert "Stop with Ctrl-C" in banner


def test_the_banner_shows_the_page_to_open_and_the_client_key_of_each_pair(provider):
    url = provider.printed("Base URL")
    assert f"Page      {url}/  " in provider.stdout
    assert "test_sk_toss_dummy, client test_ck_toss_dummy  (toss contract" in provider.stdout
    assert "test_gsk_toss_dummy, client test_gck_toss_dummy  (toss contract" in provider.stdout
    assert requests.get(f"{url}/", headers={"Accept": "text/html"}, timeout=5).status_code == 200


def test_the_banner_shows_where_webhooks_go_without_the_password_in_it():
    text = banner(Settings(webhook_url="http://me:hidden@localhost:8080/webhooks?a=b"), "http://127.0.0.1:1")
    assert "  Webhooks  http://localhost:8080/webhooks?a=b\n" in text
    assert "Webhooks" not in banner(Settings(), "http://127.0.0.1:1")


def test_a_client_key_without_a_secret_key_of_its_kind_is_shown_too():
    merchant = MerchantSettings("book", "toss", secret_keys=("test_sk_a",), client_keys=("test_gck_b",))
    text = banner(Settings(merchants=(merchant,)), "http://127.0.0.1:1")
    assert "test_sk_a  (toss contract, merchant book)" in text
    assert "client test_gck_b  (toss contract, merchant book)" in text


def lines_to_try(provider) -> str:
    """Return the curl lines of the banner, as they are pasted into a shell."""
    provider.printed("Base URL")
    return "\n".join(line for line in provider.stdout.splitlines() if "curl " in line)


def test_the_banners_curl_lines_approve_a_payment_however_often_they_are_pasted(provider):
    pasted = lines_to_try(provider)
    for created in ("INITIATED", "APPROVED"):
        done = subprocess.run(["sh", "-c", pasted], capture_output=True, text=True, check=True)
        statuses = [json.loads(answer)["status"] for answer in done.stdout.splitlines()]
        assert statuses == [created, "APPROVED"]


def banner_of(launch, until, encoding: str, **environment: str) -> str:
    """Start a server in a terminal, and return what it prints there, decoded as the terminal does."""
    terminal = {name: value for name, value in os.environ.items() if name not in ("LC_ALL", "LC_MESSAGES")}
    server = launch(
        "-m",
        "payments_mock",
        "serve",
        "--port",
        "0",
        environment={**terminal, "PYTHONIOENCODING": encoding, **environment},
    )
    printed = server.folder / "stdout"
    until(lambda: b"Ctrl-C" in printed.read_bytes())
    return printed.read_bytes().decode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "euc_kr"])
def test_a_korean_terminal_is_greeted_in_korean_in_its_own_encoding(launch, until, encoding: str) -> None:
    text = banner_of(launch, until, encoding, LANG="ko_KR.UTF-8")

    assert "실제 돈은 오가지 않습니다" in text
    assert "클라이언트 키 test_ck_toss_dummy" in text
    assert re.search(r"^  Base URL  http://127\.0\.0\.1:\d+$", text, re.M)
    assert "stand-in" not in text


@pytest.mark.parametrize(
    ("encoding", "environment"),
    [
        ("utf-8", {"LANG": "en_US.UTF-8"}),
        ("utf-8", {"LANG": "ko_KR.UTF-8", "LC_ALL": "C.UTF-8"}),
        ("utf-8", {"LANG": ""}),
        ("ascii", {"LANG": "ko_KR.UTF-8"}),
    ],
    ids=["english", "overruled", "unsaid", "without-korean"],
)
def test_any_other_terminal_is_greeted_in_english_alone(
    launch, until, encoding: str, environment: dict[str, str]
) -> None:
    text = banner_of(launch, until, encoding, **environment)

    assert "no money moves" in text
    assert text.isascii()
    assert "?" not in text


def test_titles_in_korean_are_as_wide_as_in_english():
    text = banner(Settings(), "http://127.0.0.1:1", KOREAN)
    columns = {columns_before(line, "http") for line in text.splitlines() if " http" in line[:20]}
    assert columns == {12}


def columns_before(line: str, word: str) -> int:
    signs = line.partition(word)[0]
    return len(signs) + sum(unicodedata.east_asian_width(sign) == "W" for sign in signs)


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (["--data", "pay.db"], "kept in pay.db"),
        (["--database-url", "sqlite:///other.db?timeout=3"], "kept in sqlite:///other.db"),
    ],
)
def test_the_banner_says_where_the_data_is_kept(
    launch, tmp_path, monkeypatch, arguments: list[str], shown: str
):
    monkeypatch.chdir(tmp_path)
    server = launch("-m", "payments_mock", "serve", "--port", "0", *arguments)
    server.printed("Base URL")
    assert f"Data      {shown}\n" in server.stdout
    assert (tmp_path / arguments[1].removeprefix("sqlite:///").partition("?")[0]).exists()
    assert server.stop() < 3


def test_the_banner_masks_a_databases_password():
    url = "postgresql+psycopg://user:hidden@host/name?password=hidden"
    text = banner(Settings(database_url=url), "http://127.0.0.1:1")
    assert "kept in postgresql+psycopg://user:***@host/name\n" in text
    assert "hidden" not in text


def test_several_workers_serve_one_database(launch):
    server = launch("-m", "payments_mock", "serve", "--port", "0", "--workers", "3", "--log-format", "none")
    url = server.printed("Base URL")
    subprocess.run(["sh", "-c", lines_to_try(server)], capture_output=True, check=True)
    for _ in range(12):
        found = requests.get(f"{url}/v1/payments/pay_123", auth=("test_sk_dummy", ""), timeout=5)
        assert found.json()["orderId"] == "order_123"
    assert server.stop() < 3


def test_a_machine_that_gives_the_server_too_few_files_is_one_line_and_exit_code_2() -> None:
    command = [sys.executable, "-m", "payments_mock", "serve", "--port", "0"]
    short = ["sh", "-c", 'ulimit -n 7; exec "$@"', "sh", *command]

    done = subprocess.run(short, capture_output=True, text=True, timeout=60)

    assert "Too many open files" in line_of(done)
