from pytest_bdd import given, scenarios, when

from step_defs.toss.conftest import SECRET_KEY
from step_defs.toss.purchases import CLIENT_KEY, Purchase
from step_defs.wording import sentence
from testkit.answer import Answer
from testkit.checks import granted
from testkit.credentials import HEADERS, basic
from testkit.provider_client import Provider

scenarios("toss/authentication.feature")

DOCUMENTATION_CLIENT_KEY = "test_ck_D5GePWvyJnrK0W0k6q8gLzN97Eoq"


@given(sentence('the merchant sends the credentials "{credentials}"'))
def _(merchant: Provider, credentials: str) -> None:
    merchant.authorization = HEADERS[credentials](SECRET_KEY)


@given("the merchant uses its client key")
def _(merchant: Provider) -> None:
    merchant.authorization = basic(CLIENT_KEY)


@given(sentence("a shopper at the documentation's shop who agreed to pay {amount:Number} won"))
def _(purchase: Purchase, amount: int) -> None:
    purchase.amount = amount
    purchase.client_key = DOCUMENTATION_CLIENT_KEY
    granted(purchase.check_out())


@when("the merchant lists transactions", target_fixture="answer")
def _(merchant: Provider) -> Answer:
    return merchant.send("GET", "/v1/transactions?startDate=2024-01-01&endDate=2024-01-02")
