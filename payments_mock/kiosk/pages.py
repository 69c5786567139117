"""The pages: static files, and headers that let a browser load nothing but them and the provider's script."""

from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, current_app, send_from_directory

from payments_mock.kiosk.contract import Contract
from payments_mock.kiosk.settings import KioskSettings

FOLDER = "static"
NOTHING = "'none'"

pages = Blueprint("pages", __name__, static_folder=FOLDER, static_url_path="/static")


@pages.get("/", defaults={"name": "index.html"})
@pages.get("/pay.html", defaults={"name": "pay.html"})
@pages.get("/orders.html", defaults={"name": "orders.html"})
@pages.get("/payments/success.html", defaults={"name": "payments/success.html"})
@pages.get("/payments/fail.html", defaults={"name": "payments/fail.html"})
def show_page(name: str) -> Response:
    """Show a page: menu, payment, order book, or where the provider's window sends the shopper back to."""
    return send_from_directory(f"{current_app.root_path}/{FOLDER}/pages", name)


@pages.get("/favicon.ico")
def show_icon() -> Response:
    """Show the icon that browsers ask for when they are shown an answer that is no page."""
    return pages.send_static_file("pictures/mark.svg")


def install_pages(app: Flask, settings: KioskSettings) -> None:
    """Serve the pages, and give every answer of ``app`` its headers."""
    policy = content_security_policy(settings)

    def protect(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = policy
        response.headers["X-Content-Type-Options"] = "nosniff"
        # The address of the success page holds the payment key, so nobody is told where a visitor comes from.
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    app.after_request(protect)
    app.register_blueprint(pages)


def content_security_policy(settings: KioskSettings) -> str:
    """Return the policy: the shop's own files and, where there is a window, the provider's origin only."""
    origin = urlsplit(settings.provider_url)._replace(path="").geturl()
    provider = f" {origin}" if settings.contract is Contract.TOSS else ""
    return (
        f"default-src 'none'; script-src 'self'{provider}; connect-src 'self'{provider}; "
        f"frame-src {provider.strip() or NOTHING}; style-src 'self'; img-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
