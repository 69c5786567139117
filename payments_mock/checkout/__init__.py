"""The shopper's side: the browser SDK scripts, the payment window and the widgets."""

from payments_mock.checkout.routes import checkout_pages
from payments_mock.checkout.sdk import sdk_scripts
from payments_mock.checkout.widgets import widget_pages

__all__ = ["checkout_pages", "sdk_scripts", "widget_pages"]
