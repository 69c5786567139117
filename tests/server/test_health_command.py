"""`payments-mock health`: scripts and containers learn whether a server is well, or wait until it is."""

import http.server
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from payments_mock import __version__
from payments_mock.cli import main as run_command
from payments_mock.health_command import default_url, main
from testkit.processes import ServerProcess, free_port, running_server

SERVE = [sys.executable, "-m", "payments_mock", "serve", "--port", "0"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with running_server(SERVE, tmp_path_factory.mktemp("provider")) as server:
        yield server


@pytest.fixture(autouse=True)
def _no_server_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("PAYMENTS_MOCK_URL", "PAYMENTS_MOCK_PORT"):
        monkeypatch.delenv(variable, raising=False)


@pytest.fixture
def stub() -> Iterator[type[http.server.BaseHTTPRequestHandler]]:
    """Run a server of another kind; its `answer` is what it says to everybody, its `url` where it is."""

    class Stub(http.server.BaseHTTPRequestHandler):
        answer = (200, b"Hello")
        url = ""

        def do_GET(self) -> None:
            status, body = self.answer
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Stub) as running:
        Stub.url = f"http://127.0.0.1:{running.server_port}"
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield Stub
        running.shutdown()


def test_a_server_that_is_well_gives_zero_and_its_version(
    server: ServerProcess, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([server.url]) == 0
    assert capsys.readouterr().out == f"{server.url} is up, version {__version__}\n"


def test_a_server_whose_database_is_away_gives_one(
    stub: type[http.server.BaseHTTPRequestHandler], capsys: pytest.CaptureFixture[str]
) -> None:
    stub.answer = (503, b'{"status": "DOWN", "database": "DOWN", "version": "1"}')

    assert main([stub.url]) == 1
    assert capsys.readouterr().err == (
        f"payments-mock: {stub.url} is down: its database is away, or takes no writes\n"
    )


@pytest.mark.parametrize(
    "body", [b"Hello", b'{"status": "UP"}', b"[]", b'{"status": "fine", "version": "1"}']
)
def test_another_server_gives_three(
    stub: type[http.server.BaseHTTPRequestHandler], capsys: pytest.CaptureFixture[str], body: bytes
) -> None:
    stub.answer = (200, body)

    assert main([stub.url]) == 3
    assert "another server than payments-mock" in capsys.readouterr().err


def test_where_nobody_listens_it_gives_three(capsys: pytest.CaptureFixture[str]) -> None:
    url = f"http://127.0.0.1:{free_port()}"

    assert main([url]) == 3
    assert (
        capsys.readouterr().err == f"payments-mock: no payments-mock answers at {url}: Connection refused\n"
    )


def test_it_waits_until_the_server_is_well(tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    codes: list[int] = []
    waiting = threading.Thread(target=lambda: codes.append(main([url, "--wait", "30"])))
    waiting.start()

    with running_server([*SERVE[:-1], url.rpartition(":")[2]], tmp_path):
        waiting.join(30)

    assert codes == [0]


def test_it_waits_no_longer_than_it_was_told(capsys: pytest.CaptureFixture[str]) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    began = time.monotonic()

    assert main([url, "--wait", "0.4"]) == 3
    assert 0.2 < time.monotonic() - began < 5
    assert capsys.readouterr().err.endswith(", after 0.4 seconds\n")


@pytest.mark.every_case
@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["localhost:9090"], '"localhost:9090" is no address of a server, such as http://localhost:9090'),
        (["http://"], '"http://" is no address of a server'),
        (["http://localhost:99999"], '"http://localhost:99999" is no address of a server'),
        (["--wait", "long"], "argument --wait: must be a number from 0 to 3600, not long"),
        (["--wait", "-1"], "argument --wait: must be a number from 0 to 3600, not -1"),
        (["--wait", "nan"], "argument --wait: must be a number from 0 to 3600, not nan"),
        (["--patience"], "unrecognized arguments: --patience"),
    ],
)
def test_an_argument_that_will_not_do_gives_two_and_a_line(
    capsys: pytest.CaptureFixture[str], arguments: list[str], line: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)

    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert line in told
    assert len(told.splitlines()) == 1


@pytest.mark.parametrize(
    ("environment", "url"),
    [
        ({}, "http://127.0.0.1:9090"),
        ({"PAYMENTS_MOCK_PORT": "8000"}, "http://127.0.0.1:8000"),
        ({"PAYMENTS_MOCK_PORT": "", "PAYMENTS_MOCK_URL": ""}, "http://127.0.0.1:9090"),
        ({"PAYMENTS_MOCK_PORT": "8000", "PAYMENTS_MOCK_URL": "http://mock:9090"}, "http://mock:9090"),
    ],
)
def test_the_environment_says_which_server_is_meant(environment: dict[str, str], url: str) -> None:
    assert default_url(environment) == url


def test_it_imports_the_standard_library_alone(server: ServerProcess) -> None:
    code = (
        "import sys\n"
        "before = {name.partition('.')[0] for name in sys.modules}\n"
        f"sys.argv = ['payments-mock', 'health', '{server.url}']\n"
        "from payments_mock.__main__ import main\n"
        "try:\n    main()\nexcept SystemExit as ended:\n    assert ended.code == 0, ended.code\n"
        "print({name.partition('.')[0] for name in sys.modules} - before - sys.stdlib_module_names)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "{'payments_mock'}"


def test_it_is_listed_with_the_other_commands_and_does_the_same_there(server: ServerProcess) -> None:
    assert "Tell whether a server is healthy" in CliRunner().invoke(run_command, ["--help"]).stdout
    done = CliRunner().invoke(run_command, ["health", server.url, "--wait", "5"])
    assert (done.exit_code, done.stdout) == (0, f"{server.url} is up, version {__version__}\n")
