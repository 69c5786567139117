from urllib.parse import parse_qs, urlsplit

from pytest_bdd import scenarios, then, when

from step_defs.toss.purchases import Purchase
from step_defs.toss.requests import changes
from step_defs.wording import sentence
from testkit.answer import Answer
from testkit.checks import assert_refused, granted

scenarios("toss/checkouts.feature")


def shop_at(purchase: Purchase, address: str, amount: int, **outcome: str) -> Answer:
    purchase.amount = amount
    pages = {"successUrl": f"{address}/success", "failUrl": f"{address}/fail"}
    return purchase.check_out(**pages, outcome=outcome)


@when(sentence('a shopper at "{address:S}" agrees to pay {amount:Number} won'), target_fixture="answer")
def _(purchase: Purchase, address: str, amount: int) -> Answer:
    return shop_at(purchase, address, amount)


@when(
    sentence('a shopper at "{address:S}" fails to pay {amount:Number} won with "{code:w}"'),
    target_fixture="answer",
)
def _(purchase: Purchase, address: str, amount: int, code: str) -> Answer:
    return shop_at(purchase, address, amount, result="fail", code=code)


@when(
    sentence('a shopper at "{address:S}" closes the window of {amount:Number} won'), target_fixture="answer"
)
def _(purchase: Purchase, address: str, amount: int) -> Answer:
    return shop_at(purchase, address, amount, result="close")


@when(sentence('a shopper opens a window with "{what}"'), target_fixture="answer")
def _(purchase: Purchase, what: str) -> Answer:
    return purchase.check_out(**changes("window", what))


@when("a shopper opens another window for the order", target_fixture="answer")
def _(purchase: Purchase) -> Answer:
    return purchase.check_out()


@then(sentence('the browser goes to the {page:w} page with "{names:Names}"'))
def _(answer: Answer, page: str, names: list[str]) -> None:
    address = urlsplit(granted(answer).body["redirectUrl"])
    assert (address.netloc, address.path) == ("shop.example.com", f"/{page}")
    assert parse_qs(address.query, strict_parsing=True).keys() == set(names)


@then(sentence('it is refused with {status:d} "{code:w}"'))
def _(answer: Answer, status: int, code: str) -> None:
    """Let the answer name its fields too: the control API refuses windows, in its own shape."""
    assert_refused(answer, status, code)
