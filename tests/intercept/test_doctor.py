"""The doctor tells which of the variables a program heeded, and which it ignored."""

import subprocess
import sys

import pytest

from testkit.depth import waits_for_ci
from tests.intercept.conftest import API, CLIENTS, COMMAND, before, measuring
from tests.intercept.test_other_clients import program

pytestmark = pytest.mark.a_few(4)

PYTHON = sys.executable
GET = f"import urllib.request as u; u.urlopen('{API}/health', timeout=10)"


def examined(provider: str, *words: str) -> tuple[int, str]:
    """Run a program below the doctor, and give its exit code with what it printed."""
    done = subprocess.run(
        [*COMMAND, "doctor", "--provider-url", provider, "--", *words],
        capture_output=True,
        text=True,
        timeout=60,
        env=measuring(before()),
    )
    return done.returncode, done.stdout


def row(report: str, name: str) -> str:
    """Return what the report says of a variable."""
    return next(line for line in report.splitlines() if name in line).partition("  " + name)[2].strip()


def test_a_program_that_ignores_everything_is_told_so(provider: str) -> None:
    code, report = examined(provider, PYTHON, "-I", "-c", "print('no call at all')")

    assert code == 1
    for name in ("HTTPS_PROXY", "http_proxy", "JAVA_TOOL_OPTIONS", "NODE_OPTIONS", "PYTHONPATH"):
        assert row(report, name).startswith("ignored")
    assert "The command ignored all of it: no connection for api.tosspayments.com" in report
    assert provider in report
    assert [line for line in report.splitlines() if line != line.rstrip()] == []


def test_a_python_program_is_told_what_it_heeded(provider: str) -> None:
    code, report = examined(provider, PYTHON, "-c", GET)

    assert code == 0
    assert row(report, "PYTHONPATH").startswith("heeded: 1 connection")
    assert row(report, "NODE_OPTIONS") == "ignored: no process has read it (Node)"
    assert "CURL_CA_BUNDLE, PHP_INI_SCAN_DIR    heeded: our certificate was trusted 1 time" in report
    assert f"1 connection reached the mock at {provider}." in report


def test_a_program_of_the_shell_is_told_what_it_heeded(provider: str) -> None:
    code, report = examined(provider, "curl", "-s", f"{API}/health")

    assert code == 0
    assert row(report, "HTTPS_PROXY").startswith("heeded: 1 connection")


@pytest.mark.parametrize(
    "words",
    [
        ["curl", "-s", "--cacert", "/dev/null", f"{API}/health"],
        [PYTHON, "-c", f"import os; del os.environ['SSL_CERT_FILE']\n{GET}"],
    ],
    ids=["curl", "Python"],
)
def test_a_program_with_authorities_of_its_own_is_told_so(words: list[str], provider: str) -> None:
    code, report = examined(provider, *words)

    assert code == 1
    assert "CURL_CA_BUNDLE, PHP_INI_SCAN_DIR    ignored: our certificate was refused 1 time" in report
    assert "1 connection came, and did not trust our certificate" in report


def test_node_is_told_what_it_heeded(provider: str) -> None:
    fetch = f"fetch('{API}/health').then(() => process.exit())"

    code, report = examined(provider, program("node"), "-e", fetch)

    assert code == 0
    assert row(report, "NODE_OPTIONS").startswith("heeded: 1 connection")
    assert row(report, "NODE_EXTRA_CA_CERTS") == "heeded: our certificate was trusted 1 time"


@waits_for_ci
def test_java_is_told_what_it_heeded(provider: str) -> None:
    body = "{}"

    _, report = examined(
        provider, program("java"), str(CLIENTS / "Confirm.java"), API, "test_sk_toss_dummy", body, body
    )

    assert row(report, "JAVA_TOOL_OPTIONS").startswith("heeded: ")
    assert row(report, "the trust store of Java").startswith("heeded: our certificate was trusted")
