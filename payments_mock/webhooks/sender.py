"""One attempt: post the body, and take down what came of it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from payments_mock.services.webhooks import WebhookError
from payments_mock.webhooks.targets import check_target

if TYPE_CHECKING:
    import requests

TIMEOUT_SECONDS = 10.0
"""How long the merchant has to answer; source: the public reference."""

KEPT_ANSWER_BYTES = 4096
"""How much of the merchant's answer is kept; the rest is not read."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a post: the merchant's answer, or why there was none in time."""

    headers: Mapping[str, str]
    milliseconds: int
    status: int | None = None
    answer_headers: Mapping[str, str] | None = None
    answer_body: str | None = None
    error: str | None = None

    @property
    def taken_status(self) -> int | None:
        """The status, if the merchant answered in time."""
        return None if self.error else self.status


class TooSlowError(Exception):
    """The merchant's answer began in time, and did not end in it."""


def post(
    url: str, body: str, headers: Mapping[str, str], allowed: str, seconds: float = TIMEOUT_SECONDS
) -> Outcome:
    """Post a body to where webhooks are allowed to go; no proxy is used and no redirect followed.

    An answer that is not complete after so many `seconds` is none.
    """
    # What this brings along takes a tenth of a second to import, which servers without webhooks are spared.
    import requests
    from urllib3.exceptions import HTTPError

    began = time.perf_counter()
    sent: Mapping[str, str] = headers
    answer: requests.Response | None = None
    with requests.Session() as session:
        session.trust_env = False
        session.headers.clear()
        try:
            prepared = session.prepare_request(
                requests.Request("POST", url, dict(headers), data=body.encode())
            )
            # What is really going to be called is judged, not what it was spelt as.
            check_target(prepared.url or url, allowed)
            prepared.headers["Host"] = urlsplit(prepared.url or url).netloc.rpartition("@")[2]
            sent = dict(prepared.headers)
            answer = session.send(prepared, timeout=seconds, allow_redirects=False, stream=True)
            content, error = _read(answer, began + seconds), None
        except (WebhookError, TooSlowError, requests.RequestException, HTTPError, ValueError) as failure:
            content, error = None, _reason(failure, seconds)
    milliseconds = round((time.perf_counter() - began) * 1000)
    if answer is None:
        return Outcome(sent, milliseconds, error=error)
    return Outcome(sent, milliseconds, answer.status_code, dict(answer.headers), content, error)


def _read(answer: requests.Response, deadline: float) -> str:
    content = b""
    for piece in answer.iter_content(1):
        content += piece
        if time.perf_counter() > deadline:
            raise TooSlowError
        if len(content) == KEPT_ANSWER_BYTES:
            break
    if time.perf_counter() > deadline:
        raise TooSlowError
    return content.decode(errors="replace").replace("\0", "")


def _reason(failure: Exception, seconds: float) -> str:
    """Return why there was no answer, in a few words that hold no address twice."""
    import requests

    root = _root(failure)
    if isinstance(failure, requests.Timeout) or isinstance(root, (TooSlowError, TimeoutError)):
        return f"no answer within {seconds:g} seconds"
    if isinstance(failure, requests.ConnectionError):
        return f"no connection: {str(root) or root.__class__.__name__}"[:200]
    return f"{failure.__class__.__name__}: {failure}"[:200]


def _root(failure: BaseException) -> BaseException:
    """Return what a chain of errors began with."""
    while failure.__context__ is not None:
        failure = failure.__context__
    return failure
