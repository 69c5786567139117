"""The answers that the reference shows as examples: a server gives each, whose clock and chance stand still.

`python -m tests.reference.recording` writes them anew.
"""

import random
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import orjson
from werkzeug.test import Client

import payments_mock.reference
from payments_mock.app import create_app
from payments_mock.ids import Ids
from payments_mock.reference.words import REFUSALS
from payments_mock.settings import Settings
from testkit.inside.clock import MovableClock
from testkit.inside.shop import PAYMENT, basic

FILE = Path(payments_mock.reference.__file__).with_name("answers.json")
DAY = {"startDate": "2024-01-01", "endDate": "2024-01-31"}
ORDER = {"orderId": "order_0001", "orderName": "Popcorn", "amount": 15000}
CARD = {
    "cardNumber": "5365101234121234",
    "cardExpirationYear": "39",
    "cardExpirationMonth": "12",
    "customerIdentityNumber": "881212",
}
# Nobody listens there, as the example of a webhook says nothing of who does.
NOBODY = "http://localhost:9/webhooks"


class Recorder:
    """Calls one API of a server, and keeps what it answered by operation."""

    def __init__(self, client: Client, key: str = "") -> None:
        self._client = client
        self._key = key
        self.answers: dict[str, Any] = {}

    def ask(self, operation: str, method: str, path: str, /, **body: Any) -> Any:
        """Make a call that goes well, and keep its answer."""
        headers = {"User-Agent": "curl/8.5.0"} | (
            {"Authorization": basic(f"{self._key}:")} if self._key else {}
        )
        answer = self._client.open(path, method=method, json=body or None, headers=headers)
        assert answer.status_code == 200, f"{operation}: {answer.text}"
        self.answers[operation] = _as_always(answer.get_json())
        return answer.get_json()

    def refuse(self, method: str, path: str, key: str | None = None, **sent: Any) -> None:
        """Make a call that is refused, and keep the answer by its code."""
        headers = {"Authorization": basic(f"{self._key if key is None else key}:")}
        answer = self._client.open(path, method=method, headers=headers, **sent).get_json()
        self.answers.setdefault(REFUSALS, {})[answer["code"]] = _as_always(answer)


def _as_always(part: Any) -> Any:
    """Take out how long things took and which entry of the journal they became, which differ each time."""
    if isinstance(part, list):
        return [_as_always(inner) for inner in part]
    if isinstance(part, str):
        return re.sub(r"^journal \d+$", "journal 1", part)
    if not isinstance(part, dict):
        return part
    chance = {"milliseconds": 3} | ({"id": 1} if "operation" in part or "seq" in part else {})
    chance |= {"replayOf": 1} if part.get("replayOf") else {}
    chance |= {"time": 3} if "startedDateTime" in part else {"wait": 3} if "receive" in part else {}
    chance |= {"seq": "6144-1-1704198896789000-1-1704198896789000-0-0-0-0-0-0"}
    return {name: chance.get(name, _as_always(inner)) for name, inner in part.items()}


def record() -> dict[str, dict[str, Any]]:
    """Ask a new server for an answer of every operation."""
    clock = MovableClock()
    settings = Settings(log_format="none", public_url="http://localhost:9090")
    chance = random.Random(20240101)
    app = create_app(settings, clock, Ids(chance.randbytes))
    client = app.test_client()
    return {
        "kiosk": _kiosk(Recorder(client, "test_sk_dummy")),
        "toss": _toss(Recorder(client, "test_sk_toss_dummy"), Recorder(client), clock),
        "control": _control(client),
    }


def _kiosk(shop: Recorder) -> dict[str, Any]:
    shop.ask("health", "GET", "/health")
    shop.ask("create", "POST", "/v1/payments", **PAYMENT | {"paymentKey": "pay_124"})
    shop.ask("create", "POST", "/v1/payments", **PAYMENT)
    shop.ask("confirm", "POST", "/v1/payments/confirm", **PAYMENT)
    shop.ask("get", "GET", "/v1/payments/pay_123")
    shop.ask("get-by-order", "GET", "/v1/payments/orders/order_123")
    create, confirm = "/v1/payments", "/v1/payments/confirm"
    shop.refuse("POST", create, json={"orderId": "order_123"})
    shop.refuse("POST", create, "test_sk_none", json=PAYMENT)
    shop.refuse("POST", create, data="amount=10000", content_type="text/plain")
    shop.refuse("POST", create, json={"orderId": "x" * 2_000_000})
    shop.refuse("GET", "/v1/payments/pay_none")
    shop.refuse("POST", confirm, json=PAYMENT | {"paymentKey": "pay_124", "amount": 9000})
    shop.refuse("POST", confirm, json=PAYMENT | {"paymentKey": "pay_124"})
    part = {"cancelReason": "USER_REQUEST", "cancelAmount": 1000}
    shop.refuse("POST", "/v1/payments/pay_123/cancel", json=part)
    shop.ask("cancel", "POST", "/v1/payments/pay_123/cancel", cancelReason="USER_REQUEST")
    shop.refuse("POST", confirm, json=PAYMENT)
    shop.refuse("POST", "/v1/payments/pay_123/cancel", json={"cancelReason": "USER_REQUEST"})
    return shop.answers


def _toss(shop: Recorder, shopper: Recorder, clock: MovableClock) -> dict[str, Any]:
    shop.ask("health", "GET", "/health")
    _toss_window(shop, shopper)
    shop.ask("key-in", "POST", "/v1/payments/key-in", **CARD, **ORDER | {"orderId": "order_0003"})
    wanted = {"customerName": "김토스", "bank": "우리", "validHours": 24}
    shop.ask("virtual-account", "POST", "/v1/virtual-accounts", **wanted, **ORDER | {"orderId": "order_0004"})
    _toss_billing(shop, shopper)
    _toss_cash_receipts(shop)
    clock.advance(days=1)
    shop.ask("transactions", "GET", f"/v1/transactions?{urlencode(DAY | {'limit': 2})}")
    shop.ask("settlements", "GET", f"/v1/settlements?{urlencode(DAY | {'size': 2})}")
    shop.ask("card-promotions", "GET", "/v1/promotions/card")
    shop.ask("promotions", "GET", "/v1/promotions")
    pages = {"successUrl": "http://localhost:8080/success", "failUrl": "http://localhost:8080/fail"}
    shop.ask("start", "POST", "/v1/payments", method="CARD", **pages, **ORDER | {"orderId": "order_0007"})
    return shop.answers


def _toss_window(shop: Recorder, shopper: Recorder) -> None:
    made = _check_out(shopper, "order_0001")
    shop.ask("confirm", "POST", "/v1/payments/confirm", **made)
    key = made["paymentKey"]
    shop.ask("get", "GET", f"/v1/payments/{key}")
    shop.ask("get-by-order", "GET", "/v1/payments/orders/order_0001")
    shop.ask("request-settlement", "POST", "/v1/settlements", paymentKey=key)
    made = _check_out(shopper, "order_0002")
    key = made.pop("paymentKey")
    shop.ask("old-confirm", "POST", f"/v1/payments/{key}", **made)
    refund = {"cancelReason": "One cup too many", "cancelAmount": 5000}
    shop.ask("cancel", "POST", f"/v1/payments/{key}/cancel", **refund)


def _check_out(shopper: Recorder, order: str, **more: Any) -> dict[str, Any]:
    """Let the shopper act in the window; returns what a confirm takes."""
    wanted = ORDER | {"orderId": order, "clientKey": "test_ck_toss_dummy", "method": "CARD"} | more
    made = shopper.ask("check-out", "POST", "/control/checkouts", **wanted)
    return {name: made[name] for name in ("paymentKey", "orderId", "amount")}


def _toss_billing(shop: Recorder, shopper: Recorder) -> None:
    customer = {"customerKey": "customer-1"}
    shop.ask("billing-card", "POST", "/v1/billing/authorizations/card", **CARD, **customer)
    agreed = shopper.ask(
        "authorize-billing",
        "POST",
        "/control/billing-authorizations",
        clientKey="test_ck_toss_dummy",
        **customer,
    )
    proof = {"authKey": agreed["authKey"], **customer}
    issued = shop.ask("billing-issue", "POST", "/v1/billing/authorizations/issue", **proof)
    path = f"/v1/billing/{issued['billingKey']}"
    shop.ask("billing-pay", "POST", path, **customer, **ORDER | {"orderId": "order_0005"})
    shop.ask("billing-delete", "DELETE", path)


def _toss_cash_receipts(shop: Recorder) -> None:
    wanted = {"type": "소득공제", "customerIdentityNumber": "01012345678"}
    issued = shop.ask(
        "cash-receipt", "POST", "/v1/cash-receipts", **wanted, **ORDER | {"orderId": "order_0006"}
    )
    shop.ask("cash-receipts", "GET", "/v1/cash-receipts?requestDate=2024-01-01")
    path = f"/v1/cash-receipts/{issued['receiptKey']}/cancel"
    shop.ask("cancel-cash-receipt", "POST", path, amount=5000)


def _control(client: Client) -> dict[str, Any]:
    control = Recorder(client)
    place = "/control/sandboxes/bakery"
    control.ask("health", "GET", "/health")
    made = control.ask("create-sandbox", "POST", "/control/sandboxes", id="bakery", contract="toss")
    shop = Recorder(client, made["secretKey"])
    client.get("/v1/payments/pay_none", headers={"Authorization": basic("test_sk_unknown:")})
    [stray, *_] = control.ask("list-stray-calls", "GET", "/control/stray-calls?limit=1")["strayCalls"]
    control.ask("adopt-key", "POST", f"/control/stray-calls/{stray['id']}/sandbox", id="adopted")
    client.delete("/control/sandboxes/adopted")
    control.ask("list-sandboxes", "GET", "/control/sandboxes")
    control.ask("show-sandbox", "GET", place)
    control.ask("read-reports", "GET", f"{place}/reports")
    control.ask("read-switches", "GET", f"{place}/switches")
    _control_webhooks(control, f"{place}/webhooks")
    _control_faults(control, f"{place}/faults")
    _control_payments(control, shop, place, made["clientKey"])
    _control_journal(control, place)
    control.ask("read-clock", "GET", f"{place}/clock")
    control.ask("list-coming", "GET", f"{place}/clock/coming")
    control.ask("change-clock", "POST", f"{place}/clock", advance="P1D")
    control.ask("change-reports", "POST", f"{place}/reports", lag="PT10M")
    control.ask("change-switches", "POST", f"{place}/switches", unknownFields=True)
    control.ask("clear-journal", "DELETE", f"{place}/journal")
    control.ask("reset-sandbox", "POST", f"{place}/reset")
    control.refuse("POST", "/control/sandboxes", json={"id": "bakery"})
    control.refuse("POST", f"{place}/clock", json={})
    control.refuse("POST", f"{place}/clock", data="advance=P1D", content_type="text/plain")
    control.refuse("POST", f"{place}/clock", json={"advance": "x" * 2_000_000})
    control.refuse("GET", f"{place}/faults/none")
    control.refuse("GET", f"{place}/payments/none")
    control.refuse("GET", f"{place}/journal/99/curl")
    control.refuse("DELETE", f"{place}/webhooks/99")
    control.refuse("POST", f"{place}/journal/verify", json={"count": 1})
    control.ask("delete-sandbox", "DELETE", place)
    control.refuse("GET", place)
    return control.answers


def _control_webhooks(control: Recorder, place: str) -> None:
    hook = control.ask("register-webhook", "POST", place, url=NOBODY)["id"]
    control.ask("list-webhooks", "GET", place)
    rule = {"name": "twice", "match": {"event": "PAYMENT_STATUS_CHANGED"}, "copies": 2}
    control.ask("make-webhook-rule", "POST", f"{place}/rules", **rule)
    control.ask("list-webhook-rules", "GET", f"{place}/rules")
    control.ask("remove-webhook-rule", "DELETE", f"{place}/rules/twice")
    control.ask("remove-webhook-rules", "DELETE", f"{place}/rules")
    event = {"eventType": "PAYMENT_STATUS_CHANGED", "data": {"status": "DONE"}}
    control.ask("forge-webhook", "POST", f"{place}/forge", body=event)
    [sent] = control.ask("list-webhook-deliveries", "GET", f"{place}/deliveries")["deliveries"]
    control.ask("resend-webhook", "POST", f"{place}/deliveries/{sent['id']}/resend")
    control.ask("show-webhook-delivery", "GET", f"{place}/deliveries/{sent['id']}")
    control.ask("await-quiet-webhooks", "GET", f"{place}/quiet")
    control.ask("clear-webhook-deliveries", "DELETE", f"{place}/deliveries")
    control.ask("remove-webhook", "DELETE", f"{place}/{hook}")
    control.ask("remove-webhooks", "DELETE", place)


def _control_faults(control: Recorder, place: str) -> None:
    fault = {"name": "lost", "match": {"operation": "cancel"}, "moment": "after", "effect": {"kind": "reset"}}
    control.ask("arm-fault", "POST", place, **fault)
    control.ask("list-faults", "GET", place)
    control.ask("show-fault", "GET", f"{place}/lost")
    control.ask("change-fault", "PATCH", f"{place}/lost", on=False)
    control.ask("remove-fault", "DELETE", f"{place}/lost")
    control.ask("remove-faults", "DELETE", place)
    control.ask("list-held-calls", "GET", place.replace("faults", "held-calls"))
    control.ask("end-held-calls", "POST", place.replace("faults", "held-calls/end"), do="let-go")


def _control_payments(control: Recorder, shop: Recorder, place: str, client_key: str) -> None:
    window = _check_out(control, "order_0002", clientKey=client_key, outcome={"result": "wait"})
    control.ask("close-checkout", "POST", f"{place}/payments/{window['paymentKey']}/close")
    control.ask("expire", "POST", f"{place}/payments/{window['paymentKey']}/expire")
    window = _check_out(control, "order_0008", clientKey=client_key, outcome={"result": "wait"})
    control.ask("pay-in-window", "POST", f"{place}/payments/{window['paymentKey']}/pay", method="CARD")
    declined = _check_out(control, "order_0004", clientKey=client_key)
    path = f"{place}/payments/{declined['paymentKey']}/decline"
    control.ask("decline", "POST", path, code="REJECT_CARD_COMPANY")
    account = _check_out(control, "order_0003", clientKey=client_key, method="VIRTUAL_ACCOUNT")
    shop.ask("confirm", "POST", "/v1/payments/confirm", **account)
    paid_in = {"clientKey": client_key, "depositorName": "김토스"}
    control.ask("deposit", "POST", f"/control/payments/{account['paymentKey']}/deposit", **paid_in)
    path = f"/control/payments/{account['paymentKey']}/reverse-deposit"
    control.ask("reverse-deposit", "POST", path, clientKey=client_key)
    path = f"{place}/payments/{account['paymentKey']}"
    control.ask("deposit-in-sandbox", "POST", f"{path}/deposit", depositorName="김토스")
    control.ask("reverse-deposit-in-sandbox", "POST", f"{path}/reverse-deposit")
    customer = {"clientKey": client_key, "customerKey": "customer-1"}
    control.ask("authorize-billing", "POST", "/control/billing-authorizations", **customer)
    control.ask("clear-journal", "DELETE", f"{place}/journal")
    card = _check_out(control, "order_0001", clientKey=client_key)
    shop.ask("confirm", "POST", "/v1/payments/confirm", **card)
    control.ask("show-payment", "GET", f"{place}/payments/{card['paymentKey']}")
    control.ask("list-orders", "GET", f"{place}/orders?limit=1")
    control.ask("show-order", "GET", f"{place}/orders/{card['orderId']}")
    control.ask("export-sandbox", "GET", f"{place}/export?orders=1")
    control.ask("settle", "POST", f"{place}/payments/{card['paymentKey']}/settle")
    control.ask("list-payments", "GET", f"{place}/payments?limit=2")


def _control_journal(control: Recorder, place: str) -> None:
    [entry] = control.ask("read-journal", "GET", f"{place}/journal")["entries"]
    control.ask("read-events", "GET", "/control/events?sandbox=bakery&after=0&limit=2")
    control.ask("count-journal", "GET", f"{place}/journal/count?operation=confirm")
    control.ask("show-entry", "GET", f"{place}/journal/{entry['id']}")
    control.ask("show-curl", "GET", f"{place}/journal/{entry['id']}/curl")
    wanted = {"match": {"operation": "confirm"}, "count": 1}
    control.ask("verify-journal", "POST", f"{place}/journal/verify", **wanted)
    control.ask("verify-journal-of", "POST", "/control/journal/verify", **wanted, sandbox="bakery")
    control.ask("replay-call", "POST", f"{place}/journal/{entry['id']}/replay")


def written(answers: dict[str, dict[str, Any]]) -> bytes:
    """Return the answers as the file has them, in an order that does not change."""
    return orjson.dumps(answers, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


if __name__ == "__main__":
    FILE.write_bytes(written(record()))
