import re
from collections.abc import Iterator
from contextlib import contextmanager

from pytest_bdd import scenarios, then, when

from step_defs.provider.operations import OPERATIONS
from step_defs.provider.record import Record
from step_defs.wording import sentence
from testkit.answer import Answer
from testkit.credentials import HEADERS
from testkit.provider_client import Provider

scenarios("provider/authentication.feature")


@contextmanager
def somebody_with(credentials: str, provider_url: str, secret_key: str) -> Iterator[Provider]:
    with Provider(provider_url, HEADERS[credentials](secret_key)) as client:
        yield client


@when(sentence('somebody with "{credentials}" tries to "{operation}"'), target_fixture="answer")
def _(
    records: dict[str, Record], provider_url: str, secret_key: str, credentials: str, operation: str
) -> Answer:
    with somebody_with(credentials, provider_url, secret_key) as client:
        if operation == "send a broken body":
            return client.send("POST", "/v1/payments", b"{")
        return OPERATIONS[operation](client, records["the payment"].payment)


@then("the answer asks for Basic credentials")
def _(answer: Answer) -> None:
    assert re.match(r'Basic realm="[^"]+"', answer.headers["WWW-Authenticate"])
