"""The line to the provider: what was sent, and what came back or did not."""

import base64
import http.client
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from urllib.parse import quote, urlsplit

TIMEOUT_SECONDS: Final = 3.0


class Trouble(StrEnum):
    """Why there is no answer."""

    LATE = "late"
    RESET = "reset"
    EMPTY = "empty"
    HALF = "half"
    NOT_SENT = "not sent"


@dataclass(frozen=True)
class Reply:
    """What came back to a call: a status and a text, or trouble."""

    status: int = 0
    text: str = ""
    trouble: Trouble | None = None

    @property
    def content(self) -> dict[str, Any] | None:
        """The JSON object, if it is one."""
        try:
            content = json.loads(self.text)
        except ValueError:
            return None
        return content if isinstance(content, dict) else None

    @property
    def payment(self) -> dict[str, Any] | None:
        """The payment that a success shows, if there is one."""
        return self.content if self.status == 200 else None

    @property
    def code(self) -> str:
        """The code of a refusal, or an empty text."""
        content = self.content
        return str(content.get("code", "")) if content is not None and self.status != 200 else ""


class Provider:
    """Speaks to the provider; no call raises, as what went wrong decides what may be done next."""

    def __init__(self, url: str, secret_key: str) -> None:
        self._address = urlsplit(url).netloc
        self._authorization = "Basic " + base64.b64encode(f"{secret_key}:".encode()).decode()

    def create(self, payment_key: str, order_id: str, amount: int) -> Reply:
        """Make a payment known, on the kiosk contract; it charges nobody, and may be repeated."""
        body = {"paymentKey": payment_key, "orderId": order_id, "amount": amount}
        return self.call("POST", "/v1/payments", body)

    def confirm(self, payment_key: str, order_id: str, amount: int, key: str | None) -> Reply:
        """Charge the shopper; a repeat under the same idempotency key gets the first answer."""
        body = {"paymentKey": payment_key, "orderId": order_id, "amount": amount}
        return self.call("POST", "/v1/payments/confirm", body, key)

    def cancel(self, payment_key: str, amount: int | None, reason: str, key: str | None) -> Reply:
        """Give money back, all that is left if no amount is named."""
        body: dict[str, object] = {"cancelReason": reason}
        if amount is not None:
            body["cancelAmount"] = amount
        return self.call("POST", f"/v1/payments/{quote(payment_key, safe='')}/cancel", body, key)

    def find(self, payment_key: str) -> Reply:
        """Look a payment up."""
        return self.call("GET", f"/v1/payments/{quote(payment_key, safe='')}")

    def transactions(self, day: str) -> Reply:
        """List the transactions of a day."""
        path = f"/v1/transactions?startDate={day}T00:00:00&endDate={day}T23:59:59&limit=5000"
        return self.call("GET", path)

    def call(self, method: str, path: str, body: object = None, key: str | None = None) -> Reply:
        """Send one request on a connection of its own."""
        headers = {"Authorization": self._authorization, "Content-Type": "application/json"}
        if key is not None:
            headers["Idempotency-Key"] = key
        connection = http.client.HTTPConnection(self._address, timeout=TIMEOUT_SECONDS)
        try:
            connection.connect()
        except OSError:
            return Reply(trouble=Trouble.NOT_SENT)
        try:
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            return Reply(answer.status, answer.read().decode(errors="replace"))
        except http.client.IncompleteRead:
            return Reply(trouble=Trouble.HALF)
        except TimeoutError:
            return Reply(trouble=Trouble.LATE)
        except http.client.RemoteDisconnected:
            return Reply(trouble=Trouble.EMPTY)
        except (OSError, http.client.HTTPException):
            return Reply(trouble=Trouble.RESET)
        finally:
            connection.close()
