"""The Flask application: wiring only. No other module names both contracts."""

from collections.abc import Iterator

from flask import Blueprint

from payments_mock.api.bodies import BODY_LIMIT_BYTES
from payments_mock.api.links import ServerAddress
from payments_mock.api.wire import keep_records
from payments_mock.checkout.routes import CheckoutPages, sdk_scripts
from payments_mock.clock import Clock, system_clock
from payments_mock.contracts.kiosk.contract import KIOSK_CONTRACT
from payments_mock.contracts.toss.contract import TOSS_CONTRACT
from payments_mock.contracts.toss.payment_presentation import event_body
from payments_mock.control.api import control_api
from payments_mock.database import attach_database, temporary_database_url, temporary_folder
from payments_mock.domain.sandboxes import ContractName, KeyKind, Switch
from payments_mock.http.access_log import attach_access_log
from payments_mock.http.application import Application, StorableSegment
from payments_mock.http.dispatcher import Dispatcher
from payments_mock.http.health import Figures, health_check
from payments_mock.http.journal import CallJournal
from payments_mock.ids import Ids
from payments_mock.inspector.pages import InspectorPages
from payments_mock.receipts import receipts
from payments_mock.reference.pages import HomePages, ReferencePages
from payments_mock.services.sandboxes import RegisteredMerchant, register_merchants
from payments_mock.settings import MerchantSettings, Settings, SettingsError, load_settings
from payments_mock.storage.engine.database import Database, database_of
from payments_mock.webhooks.dispatcher import WebhookDispatcher
from payments_mock.webhooks.outbox_hooks import OutboxHooks

CONTRACTS = (KIOSK_CONTRACT, TOSS_CONTRACT)


def create_app(
    settings: Settings | None = None, clock: Clock = system_clock, ids: Ids | None = None
) -> Application:
    """Make the provider as a Flask application.

    Without `settings`, the environment and the settings file it names decide, as for the command line.
    `clock` tells the time that payments are judged by, and `ids` makes their keys.

    Raises:
        SettingsError: a setting will not do.
        DatabaseUnsupportedError: the database is of a kind that can't be used, or its driver is missing.
        sqlalchemy.exc.SQLAlchemyError: the database does not answer, or can't hold the tables.
        sqlite3.Error: a database that is not kept can't hold the tables.
    """
    settings, ids = settings or load_settings(), ids or Ids()
    app = Application("payments_mock", static_folder=None)
    _configure(app)
    address = ServerAddress(
        (settings.public_url or "").rstrip("/"), f"http://{settings.host}:{settings.port}"
    )
    keep_records(app, address)
    attach_access_log(app, settings.log_format)
    is_kept = bool(settings.sqlalchemy_url) and not settings.is_temporary
    attach_database(app, settings.sqlalchemy_url or temporary_database_url(), is_kept=is_kept)
    database = database_of(app)
    if settings.workers == 1 and settings.is_temporary:
        # No other process uses this database.
        database.remember_owners()
    registered = [_registered(merchant, settings.webhook_url) for merchant in settings.merchants]
    register_merchants(database, registered, clock())
    urls = {merchant.code: merchant.webhook_url for merchant in registered}
    journal = CallJournal(database, settings.journal_entries, clock)
    figures = _figures(app, database, settings) if settings.metrics else None
    count_attempt = None if figures is None else figures.count_attempt
    sender = WebhookDispatcher(database, clock, settings.webhook_targets, count_attempt)
    hooks = OutboxHooks(sender, event_body, urls, ids, address)
    hooks.attach(app)
    default = ContractName(settings.default_contract)
    dispatcher = Dispatcher(CONTRACTS, default, database, clock, ids, journal, hooks, is_open=settings.open)
    dispatcher.attach(app)
    for blueprint in _blueprints(dispatcher, settings):
        app.register_blueprint(blueprint)
    return app


def _blueprints(provider: Dispatcher, settings: Settings) -> Iterator[Blueprint]:
    """Make what is served beside the contracts, and give each what it needs of the provider."""
    has_inspector, token = not settings.no_inspector, settings.control_token
    yield health_check(provider.database)
    yield control_api(provider, token)
    yield receipts(provider.database)
    yield ReferencePages(provider.contracts).blueprint()
    yield HomePages(provider, has_inspector=has_inspector).blueprint()
    yield sdk_scripts
    yield from CheckoutPages(provider, has_inspector=has_inspector).blueprints()
    if has_inspector:
        yield InspectorPages(provider.contracts, token).blueprint()


def _configure(app: Application) -> None:
    app.config["MAX_CONTENT_LENGTH"] = BODY_LIMIT_BYTES
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.url_map.merge_slashes = False
    app.url_map.converters["default"] = StorableSegment


def _figures(app: Application, database: Database, settings: Settings) -> Figures:
    try:
        figures = Figures(database, temporary_folder() if settings.workers > 1 else None)
    except ImportError as error:
        raise SettingsError("metrics: this needs the extra of that name: pip install '.[metrics]'") from error
    figures.attach(app)
    return figures


def _registered(merchant: MerchantSettings, webhook_url: str | None) -> RegisteredMerchant:
    keys = [(key, KeyKind.SECRET) for key in merchant.secret_keys]
    keys += [(key, KeyKind.CLIENT) for key in merchant.client_keys]
    contract = ContractName(merchant.contract)
    listens_at = webhook_url if contract is ContractName.TOSS else None
    switches = frozenset(map(Switch, merchant.switches))
    return RegisteredMerchant(merchant.id, contract, merchant.version, keys, listens_at, switches)
