"""The first steps: a description is made, and the happy ways are tried alone."""

import itertools
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from payments_mock.certify.runner import set_up, try_out
from testkit.processes import ServerProcess, start_server
from tests.certify.command_line import certify, changed
from tests.certify.merchant.charging import Redirect, RefusedError
from tests.certify.merchant.mutants import MERCHANTS
from tests.certify.merchant.orders import Order
from tests.certify.merchant.shop import Shop
from tests.certify.verdicts import Merchant, served

SERVE = (sys.executable, "-m", "payments_mock", "serve", "--port", "0", "--log-format", "none")


@pytest.fixture
def provider(tmp_path: Path) -> Iterator[ServerProcess]:
    """A provider that runs already."""
    server = start_server(SERVE, tmp_path)
    yield server
    server.kill()


def webhooks_tried(
    provider: ServerProcess, monkeypatch: pytest.MonkeyPatch, *answers: int
) -> tuple[bool, str]:
    """Try a sound merchant out that gives these answers to webhooks, and from then on the last of them."""
    numbers = itertools.chain(answers, itertools.repeat(answers[-1]))

    class Hearing(Shop):
        def hear(self, body: bytes, event: Mapping[str, Any], headers: Mapping[str, str]) -> int:
            return next(numbers)

    monkeypatch.setitem(MERCHANTS, "sound", Hearing)
    with (
        served(Merchant("sound", "toss"), provider.url) as described,
        set_up(described, provider.url) as bench,
    ):
        tried = {verb: (is_fine, told) for verb, is_fine, told in try_out(bench)}
    return tried["webhook_url"]


def test_smoke_sends_a_webhook_again_that_the_shop_asked_to_have_again(
    provider: ServerProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = webhooks_tried(provider, monkeypatch, 503, 200)

    assert told == (True, "PAYMENT_STATUS_CHANGED DONE answered 503, then 200")


def test_smoke_says_which_webhook_is_never_taken(
    provider: ServerProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_taken, told = webhooks_tried(provider, monkeypatch, 404)

    assert not is_taken
    assert told.startswith("PAYMENT_STATUS_CHANGED DONE answered 404, then 404")


def test_smoke_says_which_recipe_does_not_work(kiosk: Path) -> None:
    run = certify("smoke", changed(kiosk, "/refund", "/give-back"))

    assert run.returncode == 1
    assert "ok     pay" in run.stdout
    assert "FAILS  refund           POST /orders/" in run.stdout
    assert "404" in run.stdout


@pytest.mark.parametrize("is_refused", [True, False])
def test_smoke_says_that_no_call_reached_the_provider(
    provider: ServerProcess, monkeypatch: pytest.MonkeyPatch, is_refused: bool
) -> None:
    class Elsewhere(Shop):
        def returned(self, redirect: Redirect) -> Order:
            if is_refused:
                raise RefusedError(402, "the payment was refused")
            return self.find(redirect.order_id)

    monkeypatch.setitem(MERCHANTS, "sound", Elsewhere)
    with (
        served(Merchant("sound", "toss"), provider.url) as described,
        set_up(described, provider.url) as bench,
    ):
        *_, (verb, is_fine, told) = try_out(bench)

    assert (verb, is_fine) == ("returned" if is_refused else "order", False)
    assert told.endswith(
        f"; no call reached the provider at {provider.url} with the key {described.secret_key}"
    )


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
    assert run.stderr == f"payments-mock certify: {kiosk} exists already; name another, or give --force\n"


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
