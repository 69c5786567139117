import re
from datetime import datetime

from pytest_bdd import parsers, scenarios, then, when

from step_defs.provider.record import Record
from step_defs.wording import sentence
from testkit.answer import Answer
from testkit.checks import granted
from testkit.provider_client import Provider

scenarios("provider/receipts.feature")

LANGUAGES = {"Korean": ("ko-KR,ko;q=0.9,en;q=0.5", "ko"), "English": ("en-US,en;q=0.9,ko;q=0.5", "en")}


def _with_token(words: str, records: dict[str, Record], provider: Provider) -> str:
    record = records["the payment"]
    address = f"{provider.url}/receipts/{record.payment.payment_key}"
    if words == "no token":
        return address
    if words == "the second payment's token":
        return f"{address}?token={records['the second payment'].receipt_url.rpartition('=')[2]}"
    if words == "the token cut short":
        return record.receipt_url[:-1]
    return address + {"an empty token": "?token=", "a wrong token": f"?token={'0' * 32}"}[words]


@when(sentence('the shopper opens the receipt, reading "{language:w}"'), target_fixture="answer")
def _(records: dict[str, Record], provider: Provider, language: str) -> Answer:
    return provider.open_page(records["the payment"].receipt_url, LANGUAGES[language][0])


@when(parsers.parse('somebody opens the receipt with "{words}"'), target_fixture="answer")
def _(records: dict[str, Record], provider: Provider, words: str) -> Answer:
    return provider.open_page(_with_token(words, records, provider), LANGUAGES["English"][0])


@then(sentence('a web page in "{language:w}" comes back'))
def _(answer: Answer, language: str) -> None:
    assert granted(answer).media_type == "text/html"
    assert re.search(rf'<html[^>]* lang="?{LANGUAGES[language][1]}\b', answer.text)


@then(sentence('the page is headed "{heading}"'))
def _(answer: Answer, heading: str) -> None:
    assert re.search(rf"<h1[^>]*>[^<]*{heading}", answer.text, re.IGNORECASE)


@then(sentence("the page shows the total of {total:Number} won and its VAT of {vat:Number} won"))
def _(answer: Answer, total: int, vat: int) -> None:
    for amount in (total, vat):
        assert re.search(rf"(?<![\d,]){amount:,}(?![\d,])", answer.text)


@then("the page shows the order and the time of the approval")
def _(answer: Answer, records: dict[str, Record]) -> None:
    record = records["the payment"]
    assert record.approval is not None
    approved_at = datetime.fromisoformat(record.approval.body["approvedAt"])
    assert record.payment.order_id in answer.text
    assert f":{approved_at:%M:%S}" in answer.text


@then(sentence('the page bears the stamp "{stamp}"'))
def _(answer: Answer, stamp: str) -> None:
    assert stamp in answer.text


@then(sentence('the page does not bear the stamp "{stamp}"'))
def _(answer: Answer, stamp: str) -> None:
    assert stamp not in answer.text


@then("a page says that there is no such receipt")
def _(answer: Answer, records: dict[str, Record]) -> None:
    assert (answer.status, answer.media_type) == (404, "text/html"), answer
    assert "<h1>There is no such receipt</h1>" in answer.text
    assert records["the payment"].payment.order_id not in answer.text


@then("the page holds no script of the merchant's")
def _(answer: Answer) -> None:
    assert "<script>alert" not in answer.text
