"""A shopper without a browser, from a test."""

from typing import Any

from payments_mock.testing.control_client import ControlClient


class Shopper:
    """Pays in one sandbox on the Toss contract, as the payment window would let a person do."""

    def __init__(self, control: ControlClient, client_key: str) -> None:
        self._control = control
        self._client_key = client_key

    def pays(
        self, order_id: str, amount: int, *, order_name: str = "Test", method: str = "CARD", **more: Any
    ) -> dict[str, Any]:
        """Agree to pay `amount` KRW for an order; returns `paymentKey`, `orderId`, `amount`, `redirectUrl`.

        `more` goes into the checkout as the control API words it, such as `card` or `outcome`.
        """
        checkout = {
            "clientKey": self._client_key,
            "orderId": order_id,
            "orderName": order_name,
            "amount": amount,
            "method": method,
            **more,
        }
        return self._control.call("POST", "/checkouts", checkout)

    def fails(self, order_id: str, amount: int, code: str, **more: Any) -> dict[str, Any]:
        """Fail in the window with a code; `redirectUrl` is where the shop would be told."""
        return self.pays(order_id, amount, outcome={"result": "fail", "code": code}, **more)

    def closes(self, order_id: str, amount: int, **more: Any) -> dict[str, Any]:
        """Close the window."""
        return self.pays(order_id, amount, outcome={"result": "close"}, **more)

    def is_declined_at_confirm(self, order_id: str, amount: int, code: str, **more: Any) -> dict[str, Any]:
        """Agree to pay; the card company refuses when the merchant confirms."""
        return self.pays(order_id, amount, outcome={"decline": code}, **more)

    def deposits(self, payment_key: str, amount: int | None = None) -> dict[str, Any]:
        """Pay into the virtual account of a payment, the exact amount unless another is said."""
        body: dict[str, Any] = {"clientKey": self._client_key}
        if amount is not None:
            body["amount"] = amount
        return self._control.call("POST", f"/payments/{payment_key}/deposit", body)

    def has_deposit_reversed(self, payment_key: str) -> dict[str, Any]:
        """Let the bank take the deposit back."""
        body = {"clientKey": self._client_key}
        return self._control.call("POST", f"/payments/{payment_key}/reverse-deposit", body)
