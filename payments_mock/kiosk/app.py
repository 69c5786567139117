"""Put a kiosk together: its database, its services and its pages."""

import shutil
import sqlite3
import tempfile
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

from flask import Flask, Response
from flask.json.provider import DefaultJSONProvider
from sqlalchemy import URL, event, func, make_url, select
from sqlalchemy.exc import NoSuchModuleError, SQLAlchemyError

from payments_mock.kiosk.catalog import SEAT_PRICE, SEATS, MenuEntry
from payments_mock.kiosk.services import install_services
from payments_mock.kiosk.settings import Clock, KioskSettings, ProviderContract, SettingError, utc_now
from payments_mock.kiosk.tables import Base, MenuItem, Seat, db, transaction
from payments_mock.kiosk.web.api import api, install_problems
from payments_mock.kiosk.web.pages import pages, shop_api

NOTHING = "'none'"
LARGEST_BODY = 64 * 1024
LOCK_WAIT_SECONDS = 15


def create_kiosk(settings: KioskSettings, clock: Clock = utc_now) -> Flask:
    """Return a kiosk with its database open.

    Raises:
        SettingError: the database can't be opened.
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


def open_database(app: Flask, settings: KioskSettings) -> None:
    """Connect `app` to its database, create the tables, and fill an empty menu.

    Raises:
        SettingError: the database can't be opened.
    """
    app.config["SQLALCHEMY_DATABASE_URI"] = _database_url(app, settings)
    named = "data" if settings.data is not None else "database-url"
    try:
        db.init_app(app)
        with app.app_context():
            _prepare(settings.menu)
    except (SQLAlchemyError, NoSuchModuleError, ImportError) as error:
        why = str(error).splitlines()[0]
        raise SettingError(named, f"the database cannot be opened: {why}") from error


def _database_url(app: Flask, settings: KioskSettings) -> URL:
    if settings.database_url is not None:
        return _from_here(make_url(settings.database_url))
    path = settings.data if settings.data is not None else _temporary_folder(app) / "kiosk.db"
    return URL.create("sqlite", database=str(path.absolute()))


def _from_here(url: URL) -> URL:
    """Find an SQLite file from where the kiosk was started; Flask-SQLAlchemy looks in the installation."""
    if url.get_backend_name() != "sqlite" or url.database is None or url.database.startswith("file:"):
        return url
    return url.set(database=str(Path(url.database).absolute()))


def _temporary_folder(app: Flask) -> Path:
    folder = tempfile.mkdtemp(prefix="kiosk-")
    weakref.finalize(app, shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def _prepare(menu: Sequence[MenuEntry]) -> None:
    if db.engine.dialect.name == "sqlite":
        event.listen(db.engine, "connect", _set_up_sqlite)
    Base.metadata.create_all(db.engine)
    with transaction() as session:
        if not session.scalar(select(func.count()).select_from(MenuItem)):
            session.add_all(
                MenuItem(
                    id=entry.id,
                    position=position,
                    name=entry.name,
                    korean_name=entry.korean_name,
                    seller=entry.seller,
                    price=entry.price,
                    stock=entry.stock,
                )
                for position, entry in enumerate(menu)
            )
            session.add_all(
                Seat(id=seat, position=position, price=SEAT_PRICE) for position, seat in enumerate(SEATS)
            )


def _set_up_sqlite(connection: sqlite3.Connection, record: object) -> None:
    # Readers and the writer do not block each other in WAL mode, and what was committed survives
    # a killed process; writers wait for each other instead of failing.
    connection.execute("PRAGMA journal_mode = WAL").close()
    connection.execute("PRAGMA synchronous = NORMAL").close()
    connection.execute("PRAGMA foreign_keys = ON").close()
    connection.execute(f"PRAGMA busy_timeout = {LOCK_WAIT_SECONDS * 1000}").close()


def install_pages(app: Flask, settings: KioskSettings) -> None:
    """Serve the pages, and give every answer of `app` its headers."""
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
