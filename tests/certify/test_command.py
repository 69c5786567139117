"""The command as a user meets it: verdicts, exit codes, one line for what is wrong."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from payments_mock.certify.processes import listens
from payments_mock.certify.results import EXIT_CODES
from tests.certify.command_line import certify, changed

pytestmark = pytest.mark.a_few(9)


def test_a_merchant_that_survives_is_certified_and_stopped(kiosk: Path, tmp_path: Path, port: int) -> None:
    report = tmp_path / "report.json"

    run = certify(kiosk, "--run", "confirm-reset", "--run", "cancel-reset", "--report", f"json={report}")

    assert run.returncode == 0, run.stdout + run.stderr
    assert "2 survives" in run.stdout.splitlines()[-1]
    assert '"lost-answer/money-not-kept": "survives"' in report.read_text("utf-8")
    assert not listens(f"http://127.0.0.1:{port}")


def test_a_merchant_that_breaks_is_told_in_money_with_its_story(kiosk: Path) -> None:
    wrong = changed(kiosk, 'paid = ["PAID"]', 'failed = ["PAID"]\npaid = ["SOLD"]')
    wrong = changed(wrong, "settles_within = 8", "settles_within = 1")

    run = certify(wrong, "--run", "confirm-reset")

    assert run.returncode == 1
    assert "The shopper was charged 6,000 won; the order over 6,000 won says PAID." in run.stdout
    assert "fault     reset-after-confirm" in run.stdout
    assert f"payments-mock certify {wrong} --run confirm-reset" in run.stdout


def test_several_merchants_are_run_one_after_the_other(kiosk: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text(kiosk.read_text("utf-8").replace("orders/{orderId}/pay", "nowhere/{orderId}"), "utf-8")

    run = certify(kiosk, other, "--run", "press-when-paid")

    assert run.returncode == 3
    assert [line.split(" (")[0] for line in run.stdout.splitlines()[-2:]] == [
        "The sample kiosk: 1 survives",
        "The sample kiosk: 1 untested",
    ]


def test_a_known_failure_that_passes_now_fails_the_run(kiosk: Path, tmp_path: Path) -> None:
    known = tmp_path / "known.txt"
    known.write_text("confirm-reset  # mended since\n", "utf-8")

    run = certify(kiosk, "--run", "confirm-reset", "--baseline", known)

    assert run.returncode == 1
    assert "confirm-reset passes now; take it off the list" in run.stdout


def test_a_fault_that_never_strikes_certifies_nobody(kiosk: Path) -> None:
    run = certify(changed(kiosk, "orders/{orderId}/pay", "nowhere/{orderId}"), "--run", "confirm-reset")

    assert run.returncode == 3
    assert "the fault never struck: reset after confirm" in run.stdout


def test_a_merchant_that_can_not_be_reset_is_not_judged(kiosk: Path) -> None:
    kiosk.write_text(kiosk.read_text("utf-8") + '\n[reset]\nrequest = "POST /forget"\n', "utf-8")

    run = certify(kiosk, "--run", "confirm-reset")

    assert run.returncode == 3
    assert "[reset] does not work: POST /forget -> 404" in run.stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--run", "no-such"], "'no-such' is no scenario and no pitfall"),
        (["--report", "pdf=x"], "--report pdf=x: give KIND=FILE; the kinds are html"),
        (["--baseline", "no-such.txt"], "--baseline no-such.txt: "),
    ],
)
def test_wrong_use_is_one_line(kiosk: Path, words: Sequence[str], told: str) -> None:
    run = certify(kiosk, *words)

    assert run.returncode == 2
    assert told in run.stderr
    assert len(run.stderr.splitlines()) == 1


def test_a_wrong_file_is_one_line_that_names_key_and_line(kiosk: Path) -> None:
    run = certify(changed(kiosk, "timeout = 1", "timeout = 'soon'"))

    assert run.returncode == 2
    assert run.stderr == (
        f"payments-mock certify: {kiosk}:6: merchant.timeout must be seconds, more than 0 and at most 300\n"
    )


def test_a_file_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    run = certify(tmp_path / "none.toml")

    assert run.returncode == 2
    assert run.stderr.endswith("none.toml: No such file or directory\n")


@pytest.mark.parametrize("name", ["confirm-reset", "lost-answer", "1", "lost-answer/charged-once"])
def test_anything_that_has_a_name_is_explained(name: str) -> None:
    run = certify("explain", name)

    assert run.returncode == 0
    assert "1. The answer is lost after the approval  [lost-answer]" in run.stdout


def test_the_list_shows_every_scenario_under_its_pitfall() -> None:
    run = certify("list")

    assert "23 One idempotency key for an order  [declined-card]" in run.stdout
    assert "declined-then-good" in run.stdout


def test_help_teaches() -> None:
    run = certify("--help")

    assert "payments-mock certify smoke merchant.toml" in run.stdout


@pytest.mark.parametrize("command", ["run", "smoke"])
def test_help_says_that_a_provider_that_runs_already_is_reset(command: str) -> None:
    run = certify(command, "--help")

    assert "resets the sandbox of the file's key" in " ".join(run.stdout.split())


def test_help_and_the_page_tell_the_same_exit_codes() -> None:
    codes = f"Exit code: {', '.join(f'{code} {meaning}' for code, meaning in EXIT_CODES.items())}."
    page = (Path(__file__).parents[2] / "docs" / "certify.md").read_text("utf-8")

    assert codes in " ".join(certify("--help").stdout.split())
    assert codes in page
