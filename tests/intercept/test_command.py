"""The command runs another one as if it were not there."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from payments_mock.cli import main
from testkit.processes import answers
from testkit.sandbox import Sandbox
from tests.intercept.conftest import API, COMMAND, before, client, intercepted, measuring

pytestmark = pytest.mark.a_few(15)

PYTHON = sys.executable
GET = f"import urllib.request as u; print(u.urlopen('{API}/health', timeout=10).status)"


def run(*words: str, **more: object) -> subprocess.CompletedProcess[str]:
    """Run the command with these words to its end."""
    options: dict[str, object] = {
        "capture_output": True,
        "text": True,
        "timeout": 60,
        "env": measuring(before()),
    }
    return subprocess.run([*COMMAND, *words], **options | more)  # type: ignore[call-overload,no-any-return]


def test_the_exit_code_and_the_input_are_those_of_the_program(provider: str) -> None:
    program = "import sys; print(sys.stdin.read().upper()); sys.exit(7)"

    done = run("--provider-url", provider, "--", PYTHON, "-c", program, input="popcorn")

    assert (done.returncode, done.stdout) == (7, "POPCORN\n")


def test_a_program_that_a_signal_ends_has_the_exit_code_of_a_shell(provider: str) -> None:
    program = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"

    assert run("--provider-url", provider, "--", PYTHON, "-c", program).returncode == 128 + signal.SIGKILL


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1])
def test_signals_reach_the_program(number: signal.Signals, provider: str) -> None:
    program = (
        "import signal, sys, time\n"
        f"signal.signal({int(number)}, lambda *_: (print('heard', flush=True), sys.exit(5)))\n"
        "print('ready', flush=True)\n"
        "time.sleep(30)"
    )
    command = [*COMMAND, "--provider-url", provider, "--", PYTHON, "-c", program]

    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=before(),
        start_new_session=True,
        # Whoever runs the tests may ignore it, as nohup does.
        preexec_fn=lambda: signal.signal(number, signal.SIG_DFL),
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "ready\n"
        running.send_signal(number)

        assert running.stdout.read() == "heard\n"
        assert running.wait(10) == 5


def test_a_press_of_ctrl_c_reaches_the_program_once(provider: str) -> None:
    program = (
        "import signal, time\n"
        "count = 0\n"
        "def heard(*_):\n"
        "    global count\n"
        "    count += 1\n"
        "signal.signal(signal.SIGINT, heard)\n"
        "print('ready', flush=True)\n"
        "deadline = time.monotonic() + 1\n"
        "while time.monotonic() < deadline: time.sleep(0.1)\n"
        "print('heard', count, flush=True)"
    )
    command = [*COMMAND, "--quiet", "--provider-url", provider, "--", PYTHON, "-c", program]

    in_a_terminal = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))"
    with subprocess.Popen(
        [PYTHON, "-c", in_a_terminal, *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=before(),
        start_new_session=True,
    ) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        assert running.stdout.readline() == b"ready\r\n"
        running.stdin.write(b"\x03")
        running.stdin.flush()

        assert running.stdout.read().endswith(b"heard 1\r\n")
        assert running.wait(10) == 0


def test_a_mock_is_started_that_takes_any_test_key_and_goes_with_the_run() -> None:
    with intercepted("--new") as environment:
        url = environment["PAYMENTS_MOCK_URL"]
        looked_up = (
            "import requests; r = requests.get('https://api.tosspayments.com/v1/payments/none', "
            "auth=('test_sk_of_a_shop', '')); print(r.status_code, r.json()['code'])"
        )

        assert answers(f"{url}/health")
        assert client([PYTHON, "-c", looked_up], environment) == "404 NOT_FOUND_PAYMENT"
    assert not answers(f"{url}/health")


def test_a_mock_that_is_away_is_answered_502() -> None:
    with subprocess.Popen(
        [PYTHON, "-m", "payments_mock", "serve", "--port", "0", "--log-format", "none"],
        stdout=subprocess.PIPE,
        text=True,
    ) as mock:
        assert mock.stdout is not None
        url = next(line.split()[-1] for line in mock.stdout if "Base URL" in line)
        with intercepted("--provider-url", url) as environment:
            mock.terminate()
            mock.wait(10)
            call = (
                "import requests; r = requests.post('https://api.tosspayments.com/v1/payments/confirm'); "
                "print(r.status_code, r.json()['code'], r.json()['message'])"
            )
            told = f"502 PROVIDER_AWAY payments-mock is away: nothing answers at {url}"

            assert client([PYTHON, "-c", call], environment) == told
            assert client(["curl", "-s", "-o", os.devnull, "-w", "%{http_code}", API], environment) == "502"


def test_variables_that_are_set_already_are_kept(led: dict[str, str]) -> None:
    given = before()

    assert led["NODE_OPTIONS"].startswith(given["NODE_OPTIONS"])
    assert led["JAVA_TOOL_OPTIONS"].startswith(given["JAVA_TOOL_OPTIONS"])
    assert led["PYTHONPATH"].endswith(given["PYTHONPATH"])


def test_no_proxy_can_not_keep_the_hosts_from_the_mock(provider: str) -> None:
    given = before() | {"NO_PROXY": "*,.tosspayments.com,internal.test", "no_proxy": ""}

    with intercepted("--provider-url", provider, environment=given) as environment:
        assert environment["NO_PROXY"] == "internal.test,localhost,127.0.0.1,::1"
        assert client(["curl", "-s", f"{API}/health"], environment)


def test_the_control_api_can_not_be_called_at_the_real_address(led: dict[str, str]) -> None:
    call = ["curl", "-s", "-o", os.devnull, "-w", "%{http_code}", f"{API}/control/sandboxes"]

    assert client([*call], led) == "403"


def test_receipts_are_at_the_mock_itself(sandbox: Sandbox, led: dict[str, str]) -> None:
    paid = sandbox.begin()
    login = ["-u", f"{sandbox.made['secretKey']}:", "-H", "Content-Type: application/json"]

    said = client(["curl", "-s", *login, "-d", json.dumps(paid), f"{API}/v1/payments/confirm"], led)

    assert json.loads(said)["receipt"]["url"].startswith(f"{sandbox.url}/receipts/")


@pytest.mark.parametrize(
    ("words", "exit_code", "said"),
    [
        (["no-such-program"], 127, "no-such-program: there is no such command"),
        (["/"], 126, "/: Permission denied"),
    ],
)
def test_a_program_that_can_not_be_run_is_told_in_a_line(
    words: list[str], exit_code: int, said: str, provider: str
) -> None:
    done = run("--quiet", "--provider-url", provider, "--", *words)

    assert (done.returncode, done.stderr) == (exit_code, f"payments-mock intercept: {said}\n")


def test_a_mock_that_does_not_answer_at_the_start_is_told_in_a_line() -> None:
    done = run("--provider-url", "http://127.0.0.1:9", "--", "true")

    told = "no payments-mock answers at http://127.0.0.1:9; start one with `payments-mock serve`"
    assert (done.returncode, done.stderr) == (2, f"payments-mock intercept: {told}\n")


def test_a_missing_extra_is_told_in_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("payments_mock.intercept")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "cryptography", None)
    monkeypatch.setattr(main, "commands", {name: main.commands[name] for name in ("serve",)})

    done = CliRunner().invoke(main, ["intercept", "--", "true"], prog_name="payments-mock")

    assert done.exit_code == 2
    assert "cryptography is not installed: pip install cryptography" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.fixture
def shell(tmp_path: Path) -> Callable[[str], subprocess.CompletedProcess[str]]:
    """Run a script in a shell that finds `payments-mock`."""
    program = tmp_path / "payments-mock"
    program.write_text(f'#!/bin/sh\nexec {PYTHON} -m payments_mock "$@"\n')
    program.chmod(0o755)
    environment = measuring(before()) | {"PATH": f"{tmp_path}:{os.environ['PATH']}"}

    def run_in_shell(script: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sh", "-c", script], capture_output=True, text=True, timeout=60, env=environment
        )

    return run_in_shell


Shell = Callable[[str], subprocess.CompletedProcess[str]]


def test_a_shell_is_set_up_and_set_back(provider: str, shell: Shell) -> None:
    done = shell(
        f'eval "$(payments-mock intercept env --provider-url {provider})"\n'
        f'curl -s -o /dev/null -w "%{{http_code}}\\n" {API}/health\n'
        'dirname "$SSL_CERT_FILE"\n'
        "intercept_off\n"
        'echo "${HTTPS_PROXY-none} $NODE_OPTIONS"\n'
    )

    status, folder, after = done.stdout.splitlines()
    assert (status, after) == ("200", f"none {before()['NODE_OPTIONS']}")
    assert gone_within(5, Path(folder))


def test_what_a_shell_was_given_goes_with_the_shell(provider: str, shell: Shell) -> None:
    done = shell(f'eval "$(payments-mock intercept env --provider-url {provider})"\necho "$SSL_CERT_FILE"\n')

    assert gone_within(5, Path(done.stdout.strip()).parent)


def test_env_tells_in_a_line_what_is_wrong(shell: Shell) -> None:
    done = shell("payments-mock intercept env --provider-url http://127.0.0.1:9")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1


def gone_within(seconds: float, folder: Path) -> bool:
    deadline = time.monotonic() + seconds
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    return not folder.exists()
