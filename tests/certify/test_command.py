"""The command as a user meets it: exit codes, one line for what is wrong, nothing left behind."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from payments_mock.certify.processes import listens
from payments_mock.cli import main

COMMAND = (sys.executable, "-m", "payments_mock", "certify")
KIOSK = """\
[merchant]
name = "The sample kiosk"
base_url = "http://127.0.0.1:{port}"
contract = "kiosk"
settles_within = 8
timeout = 1
start = ["{python}", "-m", "payments_mock", "kiosk", "--port", "{port}", "--timeout", "1",
         "--provider", "{{provider_url}}", "--secret-key", "{{secret_key}}"]

[place_order]
request = "POST /orders"
json = {{ items = [{{ id = "popcorn", quantity = 1 }}] }}
order_id = "$.id"
amount = "$.amount"

[pay]
request = "POST /orders/{{orderId}}/pay"

[order]
request = "GET /orders/{{orderId}}"
status = "$.status"

[order.states]
open = ["OPEN"]
pending = ["PENDING", "REFUND_PENDING"]
paid = ["PAID"]
refunded = ["REFUNDED"]

[refund]
request = "POST /orders/{{orderId}}/refund"
json = {{ reason = "{{reason}}" }}
"""


PAGES = """\
[merchant]
name = "The sample kiosk"
base_url = "http://127.0.0.1:{port}"
settles_within = 8
timeout = 1
shopper = "browser"
secret_key = "test_sk_pages"
client_key = "test_ck_pages"
start = ["{python}", "-m", "payments_mock", "kiosk", "--contract", "toss", "--port", "{port}",
         "--timeout", "1", "--provider", "{{provider_url}}", "--secret-key", "{{secret_key}}",
         "--client-key", "{{client_key}}"]

[place_order]
request = "POST /api/v1/orders"
json = {{ buyer = "Kim", items = [{{ id = "popcorn", quantity = 1 }}] }}
order_id = "$.orderId"
amount = "$.amount"

[returned]
request = "POST /api/v1/payments/confirm"
json = {{ paymentKey = "{{paymentKey}}", orderId = "{{orderId}}", amount = "{{amount}}" }}

[order]
request = "GET /api/v1/orders/{{orderId}}"
status = "$.status"
states = {{ open = ["OPEN"], pending = ["PENDING", "REFUND_PENDING"], paid = ["PAID"] }}

[browser]
page = "/pay.html?order={{orderId}}"
pay = "[data-testid=pay]"
"""


def certify(*words: str | Path, answers: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command in this process, where its coverage is measured; what it starts are processes."""
    arguments = ["certify", *map(str, words)]
    done = CliRunner().invoke(main, arguments, input=answers, prog_name="payments-mock")
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return subprocess.CompletedProcess(arguments, done.exit_code, done.stdout, done.stderr)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def kiosk(tmp_path: Path, port: int) -> Path:
    file = tmp_path / "kiosk.toml"
    file.write_text(KIOSK.format(port=port, python=sys.executable), "utf-8")
    return file


def changed(file: Path, old: str, new: str) -> Path:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")
    return file


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


def test_a_merchant_that_never_answers_is_not_blamed(kiosk: Path) -> None:
    wrong = changed(kiosk, 'POST /orders"', 'POST http://127.0.0.1:1/orders"')

    run = certify(wrong, "--run", "confirm-reset")

    assert run.returncode == 3
    assert "inconclusive: " in run.stdout
    assert "the merchant does not answer: POST http://127.0.0.1:1/orders" in run.stdout


def test_a_merchant_that_does_not_start_is_an_error_of_the_suite(kiosk: Path) -> None:
    run = certify(changed(kiosk, '"kiosk", "--port"', '"no-such-command", "--port"'))

    assert run.returncode == 70
    assert run.stderr.startswith("payments-mock certify: suite error: the merchant ended with exit code 2")
    assert "Traceback" not in run.stderr


def test_a_merchant_that_runs_already_is_not_started_again(kiosk: Path, port: int) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", port))
        listener.listen()
        run = certify(kiosk, "--run", "1")

    assert run.returncode == 70
    assert "something listens at http://127.0.0.1:" in run.stderr


def test_a_taken_port_is_an_error_of_the_suite(kiosk: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        wanted = f"provider_port = {taken.getsockname()[1]}\ntimeout = 1"
        run = certify(changed(kiosk, "timeout = 1", wanted))

    assert run.returncode == 70
    assert run.stderr.startswith("payments-mock certify: suite error: the provider did not start")


def test_a_provider_that_is_not_there_is_an_error_of_the_suite(kiosk: Path) -> None:
    run = certify(kiosk, "--provider-url", "http://127.0.0.1:1")

    assert run.returncode == 70
    assert "suite error" in run.stderr
    assert "Traceback" not in run.stderr


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


def test_a_provider_that_is_killed_in_the_middle_blames_nobody(kiosk: Path) -> None:
    provider_port = free_port()
    url = f"http://127.0.0.1:{provider_port}"
    provider = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "payments_mock",
            "serve",
            "--port",
            str(provider_port),
            "--log-format",
            "none",
        ],
        stdout=subprocess.DEVNULL,
    )
    while not listens(url):
        time.sleep(0.05)
    run = subprocess.Popen(
        [*COMMAND, str(kiosk), "--run", "1", "--jobs", "2", "--provider-url", url],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert run.stdout is not None
    while not run.stdout.readline().startswith("[  2/"):
        pass
    provider.kill()
    provider.wait()
    told, _ = run.communicate(timeout=120)

    assert run.returncode == 70
    assert "BREAKS" not in told
    assert "SUITE ERROR" in told


def test_a_merchant_that_is_killed_in_the_middle_is_not_blamed(kiosk: Path, port: int) -> None:
    provider_port = free_port()
    text = kiosk.read_text("utf-8")
    before, _, rest = text.partition("start = [")
    kiosk.write_text(f"{before}provider_port = {provider_port}\n{rest.partition(']')[2]}", "utf-8")
    serve = [
        "kiosk",
        "--port",
        str(port),
        "--timeout",
        "1",
        "--provider",
        f"http://127.0.0.1:{provider_port}",
    ]
    shop = subprocess.Popen([sys.executable, "-m", "payments_mock", *serve], stdout=subprocess.DEVNULL)
    while not listens(f"http://127.0.0.1:{port}"):
        time.sleep(0.05)
    run = subprocess.Popen(
        [*COMMAND, str(kiosk), "--run", "declined-card", "--run", "1", "--jobs", "1"],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert run.stdout is not None
    while not run.stdout.readline().startswith("[  2/"):
        pass
    shop.kill()
    shop.wait()
    told, _ = run.communicate(timeout=240)

    assert run.returncode == 3
    assert "BREAKS" not in told
    assert "the merchant has gone: nothing listens at" in told


def test_a_merchant_that_takes_calls_and_answers_none_is_asked_once(kiosk: Path, port: int) -> None:
    text = kiosk.read_text("utf-8")
    before, _, rest = text.partition("start = [")
    kiosk.write_text(f"{before}provider_port = {free_port()}\n{rest.partition(']')[2]}", "utf-8")
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", port))
        listener.listen(64)
        began = time.monotonic()
        run = certify(kiosk, "--run", "1")

    assert run.returncode == 3
    assert "the merchant does not answer: POST /orders: no answer in time" in run.stdout
    assert time.monotonic() - began < 25


@pytest.fixture
def heeds_ctrl_c() -> Iterator[None]:
    """Have programs that are started heed SIGINT, though a shell may have started the tests to ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heeds_ctrl_c")
def test_ctrl_c_leaves_nothing_running_and_writes_what_there_is(
    kiosk: Path, tmp_path: Path, port: int
) -> None:
    report = tmp_path / "report.json"
    run = subprocess.Popen(
        [*COMMAND, str(kiosk), "--run", "1", "--jobs", "1", "--report", f"json={report}"],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert run.stdout is not None
    while not run.stdout.readline().startswith("[  1/"):
        pass
    os.kill(run.pid, signal.SIGINT)
    began = time.monotonic()
    run.communicate(timeout=60)

    assert run.returncode == 130
    assert time.monotonic() - began < 20
    assert '"confirm-' in report.read_text("utf-8")
    assert not listens(f"http://127.0.0.1:{port}")


def test_smoke_says_which_recipe_does_not_work(kiosk: Path) -> None:
    run = certify("smoke", changed(kiosk, "/refund", "/give-back"))

    assert run.returncode == 1
    assert "ok     pay" in run.stdout
    assert "FAILS  refund           POST /orders/" in run.stdout
    assert "404" in run.stdout


def test_a_description_is_made_of_answers(tmp_path: Path) -> None:
    file = tmp_path / "merchant.toml"

    run = certify("init", file, answers="Corner shop\nhttp://127.0.0.1:7000\nkiosk\n")

    assert run.returncode == 0, run.stderr
    text = file.read_text("utf-8")
    assert 'name = "Corner shop"' in text
    assert 'request = "POST /orders/{orderId}/pay"' in text


def test_a_description_that_is_there_is_kept(kiosk: Path) -> None:
    run = certify("init", kiosk)

    assert run.returncode == 2
    assert run.stderr == f"payments-mock certify: {kiosk} is there; name another, or give --force\n"


def test_the_kiosks_own_document_makes_a_description_that_works(
    kiosk: Path, tmp_path: Path, port: int
) -> None:
    document = Path(__file__).parents[2] / "payments_mock/kiosk/web/static/openapi.json"
    file = tmp_path / "made.toml"
    base_url = f"http://127.0.0.1:{port}"

    made = certify("init", file, "--openapi", document, "--contract", "kiosk", "--base-url", base_url)
    start = next(line for line in kiosk.read_text("utf-8").split("\n[")[0].split("\nstart = ")[1:])
    changed(file, '# start = ["java", "Shop.java"]', f"start = {start.replace(chr(10), ' ').strip()}")

    assert made.returncode == 0, made.stderr
    assert certify("smoke", file).returncode == 0


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


@pytest.mark.skipif(shutil.which("chromium") is None, reason="no Chromium on this machine")
def test_a_shopper_in_chromium_pays_on_the_merchants_own_pages(tmp_path: Path, port: int) -> None:
    file = tmp_path / "pages.toml"
    file.write_text(PAGES.format(port=port, python=sys.executable), "utf-8")

    run = certify(file, "--run", "confirm-reset-again")

    assert run.returncode == 0, run.stdout + run.stderr
    assert "The shopper pays in Chromium, through the real pages" in run.stdout


@pytest.mark.skipif(shutil.which("chromium") is None, reason="no Chromium on this machine")
def test_pages_that_lead_to_no_payment_are_untested(tmp_path: Path, port: int) -> None:
    file = tmp_path / "pages.toml"
    file.write_text(PAGES.format(port=port, python=sys.executable), "utf-8")

    run = certify(changed(file, "[data-testid=pay]", "#no-such-button"), "--run", "confirm-reset-again")

    assert run.returncode == 3
    assert "the pages led to no payment" in run.stdout


DRIVER = """
import base64, json, os, sys, urllib.error, urllib.request

placed = []


def call(method, path, body=None):
    key = base64.b64encode(f"{os.environ['SECRET_KEY']}:".encode()).decode()
    headers = {"Authorization": f"Basic {key}", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(os.environ["PROVIDER_URL"] + path, data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=1) as answer:
            return json.load(answer)
    except (OSError, ValueError):
        return {}


def carry_out(verb, orderId="", **more):
    charge = {"paymentKey": f"pay_{orderId}", "orderId": orderId, "amount": 5000}
    if verb == "describe":
        return {"verbs": ["place_order", "pay", "order"]}
    if verb == "place_order":
        placed.append(orderId)
        return {"order_id": f"order_{os.getpid()}_{len(placed)}", "amount": 5000}
    if verb == "pay":
        call("POST", "/v1/payments", charge)
        call("POST", "/v1/payments/confirm", charge)
        return {}
    found = call("GET", f"/v1/payments/pay_{orderId}").get("status")
    return {"status": "paid" if found == "APPROVED" else "open"}


for line in sys.stdin:
    print(json.dumps({"ok": True, **carry_out(**json.loads(line))}), flush=True)
"""


def test_a_driver_program_stands_in_for_recipes(tmp_path: Path) -> None:
    program, file = tmp_path / "driver.py", tmp_path / "driven.toml"
    program.write_text(DRIVER, "utf-8")
    file.write_text(
        '[merchant]\nname = "Driven"\nbase_url = "http://127.0.0.1:1"\ncontract = "kiosk"\n'
        f'settles_within = 5\ntimeout = 1\ndriver = ["{sys.executable}", "{program}"]\n',
        "utf-8",
    )

    run = certify(file, "--run", "confirm-reset", "--run", "cancel-reset", "--run", "press-twice")

    assert run.returncode == 0, run.stdout + run.stderr
    assert "2 survives, 1 not applicable" in run.stdout.splitlines()[-1]


def test_a_driver_that_ends_is_not_blamed(tmp_path: Path) -> None:
    file = tmp_path / "driven.toml"
    file.write_text(
        '[merchant]\nname = "Driven"\nbase_url = "http://127.0.0.1:1"\ncontract = "kiosk"\n'
        f'driver = ["{sys.executable}", "-c", "pass"]\n',
        "utf-8",
    )

    run = certify(file, "--run", "confirm-reset")

    assert run.returncode == 70
    assert "the driver said no verbs" in run.stderr
