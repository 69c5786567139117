"""The parts of the application that are loaded when somebody first asks for one of their pages.

A server must be up at once, and most of its users never see most of these.
"""

from typing import Final

from payments_mock.http.application import Application, Part


def _control(app: Application) -> None:
    from payments_mock.control.routes import control_api

    app.register_blueprint(control_api)


def _receipts(app: Application) -> None:
    from payments_mock.receipts.pages import receipts

    app.register_blueprint(receipts)


def _reference(app: Application) -> None:
    from payments_mock.reference.pages import reference_pages

    app.register_blueprint(reference_pages)


def _checkout(app: Application) -> None:
    from payments_mock.checkout.routes import checkout_pages
    from payments_mock.checkout.sdk import sdk_scripts
    from payments_mock.checkout.widgets import widget_pages

    for pages in (sdk_scripts, checkout_pages, widget_pages):
        app.register_blueprint(pages)


PARTS: Final = (
    Part(("/control",), _control),
    Part(("/receipts",), _receipts),
    Part(("/openapi.json", "/docs", "/favicon.ico"), _reference),
    # The scripts are where pages expect them, among the contracts' own paths.
    Part(("/checkout", "/v1", "/v2"), _checkout),
)
