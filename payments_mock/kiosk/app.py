"""Put a kiosk together."""

from typing import cast

from flask import Flask
from flask.json.provider import DefaultJSONProvider

from payments_mock.kiosk.api import api
from payments_mock.kiosk.clock import Clock, utc_now
from payments_mock.kiosk.database import open_database
from payments_mock.kiosk.pages import install_pages
from payments_mock.kiosk.problems import install_problems
from payments_mock.kiosk.services import install_services
from payments_mock.kiosk.settings import KioskSettings
from payments_mock.kiosk.shop_api import shop_api

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
