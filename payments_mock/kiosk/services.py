"""The parts of one kiosk, put together once."""

from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from flask import Flask, current_app

from payments_mock.kiosk.catalog import Seating
from payments_mock.kiosk.orders.book import OrderBook
from payments_mock.kiosk.orders.leases import Leases, OrderTransitions
from payments_mock.kiosk.orders.payments import PaymentDesk
from payments_mock.kiosk.orders.refunds import RefundDesk, Resolver, SaleDesk
from payments_mock.kiosk.provider.client import ProviderClient
from payments_mock.kiosk.provider.kiosk_contract import KioskClient
from payments_mock.kiosk.provider.toss_contract import TossClient
from payments_mock.kiosk.settings import Clock, KioskSettings, ProviderContract
from payments_mock.kiosk.settlement import SettlementDesk

LEASE_MARGIN_SECONDS = 2.0


@dataclass(frozen=True)
class Services:
    """What the routes call."""

    settings: KioskSettings
    clock: Clock
    provider: ProviderClient
    book: OrderBook
    leases: Leases
    payments: PaymentDesk
    refunds: RefundDesk
    resolver: Resolver
    settlement: SettlementDesk


def install_services(app: Flask, settings: KioskSettings, clock: Clock) -> None:
    """Put the kiosk's services into `app`."""
    provider = _provider(settings)
    seating = Seating(timedelta(seconds=settings.hold_seconds))
    settlement = SettlementDesk(clock, timedelta(days=settings.settlement_days))
    lease = timedelta(seconds=provider.longest_call + LEASE_MARGIN_SECONDS)
    leases = Leases(clock, lease, OrderTransitions(clock, seating, settlement))
    book = OrderBook(clock, seating)
    payments = PaymentDesk(book, leases, provider)
    refunds = RefundDesk(book, leases, provider)
    resolver = Resolver(book, leases, payments, refunds, SaleDesk(leases, provider, refunds))
    app.extensions["kiosk"] = Services(
        settings, clock, provider, book, leases, payments, refunds, resolver, settlement
    )


def services() -> Services:
    """Return the services of the kiosk that serves this request."""
    return cast(Services, current_app.extensions["kiosk"])


def _provider(settings: KioskSettings) -> ProviderClient:
    client = TossClient if settings.contract is ProviderContract.TOSS else KioskClient
    return client(settings.provider_url, settings.keys.secret, settings.timeout)
