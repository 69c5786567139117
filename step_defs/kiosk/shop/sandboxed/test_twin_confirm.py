import json
import time
from concurrent.futures import Future, ThreadPoolExecutor

from pytest_bdd import given, scenarios, then

from step_defs.kiosk.wording import sentence
from testkit.kiosk.line import Exchange, Line, Reply
from testkit.kiosk.shop import Shop
from testkit.sandbox import Sandbox

scenarios("kiosk/twin_confirm.feature")

PATIENCE_SECONDS = 20


@given(sentence('the answer to the next "confirm" comes {seconds:d} seconds late'))
def _(sandbox: Sandbox, seconds: int) -> None:
    sandbox.arm("delay", "after", seconds=seconds)


@given("a proxy on the way that repeats a confirm which takes long", target_fixture="told")
def _(line: Line, sandbox: Sandbox) -> list[Reply]:
    told: list[Reply] = []

    def repeat(exchange: Exchange) -> None:
        with ThreadPoolExecutor(1) as pool:
            first = pool.submit(exchange.forward)
            wait_until_held(sandbox, first)
            told.append(exchange.forward())
            exchange.reply(told[0])
            exchange.connection.close()

    line.next("confirm", repeat)
    return told


def wait_until_held(sandbox: Sandbox, first: Future[Reply]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not sandbox.control("GET", "faults")["faults"][0]["fired"]:
        assert time.monotonic() < deadline
        assert not first.done()
        time.sleep(0.02)


@then(sentence('the shop was told {status:d} "{code:w}"'))
def _(told: list[Reply], status: int, code: str) -> None:
    [reply] = told
    assert (reply.status, json.loads(reply.body)["code"]) == (status, code)


@then("the provider charged the order once")
def _(shop: Shop, sandbox: Sandbox) -> None:
    history = sandbox.control("GET", f"payments/{shop.redirect['paymentKey']}")
    assert [step["what"] for step in history["timeline"]].count("APPROVAL") == 1
