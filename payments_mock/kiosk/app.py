"""Put a kiosk together."""

from typing import cast
from urllib.parse import urlsplit

from flask import Flask, Response
from flask.json.provider import DefaultJSONProvider

from payments_mock.kiosk.database import open_database
from payments_mock.kiosk.services import install_services
from payments_mock.kiosk.settings import Clock, KioskSettings, ProviderContract, utc_now
from payments_mock.kiosk.web.api import api, install_problems
from payments_mock.kiosk.web.pages import pages, shop_api

NOTHING = "'none'"
LARGEST_BODY = 64 * 1024


def create_kiosk(settings: KioskSettings, clock: Clock = utc_now) -> Flask:
    """Return a kiosk with its database open.

    Raises ``SettingError`` when the database cannot be opened.
    """
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.url_map.merge_slashes = False
    cast(DefaultJSONProvider, app.json).sort_keys = False
    install_problems(app)
    open_database(app, settings)
    install_services(app, settings, clock)
    app.register_blueprint(api)
    app.register_blueprint(shop_api)
    install_pages(app, settings)
    return app


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
    provider = f" {origin}" if settings.contract is ProviderContract.TOSS else ""
    return (
        f"default-src 'none'; script-src 'self'{provider}; connect-src 'self'{provider}; "
        f"frame-src {provider.strip() or NOTHING}; style-src 'self'; img-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
