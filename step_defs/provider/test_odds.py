import json
from collections.abc import Iterator

from pytest_bdd import scenarios, then, when

from step_defs.provider.record import Record
from step_defs.wording import sentence
from testkit.answer import Answer
from testkit.provider_client import Payment, Provider

scenarios("provider/odds.feature")


def padded(payment: Payment, size: int) -> bytes:
    """Return the creation of `payment` as exactly `size` bytes, filled up by an unknown field."""
    shortest = len(json.dumps(payment.fields | {"note": ""}))
    return json.dumps(payment.fields | {"note": "x" * (size - shortest)}).encode()


def in_chunks(body: bytes) -> Iterator[bytes]:
    """Yield `body` in pieces, so that it goes out without its length."""
    for start in range(0, len(body), 8192):
        yield body[start : start + 8192]


@when(sentence('the merchant calls "{method:w} {path:S}"'), target_fixture="answer")
def _(records: dict[str, Record], provider: Provider, method: str, path: str) -> Answer:
    payment = records["the payment"].payment
    target = path.format(paymentKey=payment.payment_key, orderId=payment.order_id)
    return provider.send(method, target, b"{}" if method != "GET" else None)


@when(
    sentence('the merchant creates the payment with a body marked as "{content_type}"'),
    target_fixture="answer",
)
def _(records: dict[str, Record], provider: Provider, content_type: str) -> Answer:
    body = json.dumps(records["the payment"].payment.fields).encode()
    return provider.send("POST", "/v1/payments", body, content_type)


@when(
    sentence("the merchant creates the payment with a body of {size:Number} bytes"), target_fixture="answer"
)
def _(records: dict[str, Record], provider: Provider, size: int) -> Answer:
    return provider.send("POST", "/v1/payments", padded(records["the payment"].payment, size))


@when(
    sentence("the merchant creates the payment with a body of {size:Number} bytes in chunks"),
    target_fixture="answer",
)
def _(records: dict[str, Record], provider: Provider, size: int) -> Answer:
    return provider.send("POST", "/v1/payments", in_chunks(padded(records["the payment"].payment, size)))


@then(sentence('the answer allows "{method:w}"'))
def _(answer: Answer, method: str) -> None:
    assert method in answer.headers["Allow"].replace(",", " ").split()
