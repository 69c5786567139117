"""The parts of one kiosk, put together once."""

from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from flask import Flask, current_app

from payments_mock.kiosk.claims import Claims
from payments_mock.kiosk.clock import Clock
from payments_mock.kiosk.contract import Contract
from payments_mock.kiosk.effects import Effects
from payments_mock.kiosk.orders import OrderBook
from payments_mock.kiosk.payments import PaymentDesk
from payments_mock.kiosk.provider_client import ProviderClient
from payments_mock.kiosk.refunds import RefundDesk
from payments_mock.kiosk.resolution import Resolver
from payments_mock.kiosk.sales import SaleDesk
from payments_mock.kiosk.seats import Seating
from payments_mock.kiosk.settings import KioskSettings
from payments_mock.kiosk.settlement import SettlementDesk
from payments_mock.kiosk.toss_client import TossClient

LEASE_MARGIN_SECONDS = 2.0


@dataclass(frozen=True)
class Services:
    """What the routes call."""

    settings: KioskSettings
    clock: Clock
    provider: ProviderClient
    book: OrderBook
    claims: Claims
    payments: PaymentDesk
    refunds: RefundDesk
    resolver: Resolver
    settlement: SettlementDesk


def install_services(app: Flask, settings: KioskSettings, clock: Clock) -> None:
    """Put the kiosk's services into ``app``."""
    provider = _provider(settings)
    seating = Seating(timedelta(seconds=settings.hold_seconds))
    settlement = SettlementDesk(clock, timedelta(days=settings.settlement_days))
    lease = timedelta(seconds=provider.longest_call + LEASE_MARGIN_SECONDS)
    claims = Claims(clock, lease, Effects(clock, seating, settlement))
    book = OrderBook(clock, seating)
    payments = PaymentDesk(book, claims, provider)
    refunds = RefundDesk(book, claims, provider)
    resolver = Resolver(book, claims, payments, refunds, SaleDesk(claims, provider, refunds))
    app.extensions["kiosk"] = Services(
        settings, clock, provider, book, claims, payments, refunds, resolver, settlement
    )


def services() -> Services:
    """Return the services of the kiosk that serves this request."""
    return cast(Services, current_app.extensions["kiosk"])


def _provider(settings: KioskSettings) -> ProviderClient:
    client = TossClient if settings.contract is Contract.TOSS else ProviderClient
    return client(settings.provider_url, settings.keys.secret, settings.timeout)
