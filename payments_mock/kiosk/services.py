"""The parts of one kiosk, put together once."""

from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from flask import Flask, current_app

from payments_mock.kiosk.claims import Claims
from payments_mock.kiosk.clock import Clock
from payments_mock.kiosk.orders import OrderBook
from payments_mock.kiosk.payments import PaymentDesk
from payments_mock.kiosk.provider_client import ProviderClient
from payments_mock.kiosk.refunds import RefundDesk
from payments_mock.kiosk.resolution import Resolver
from payments_mock.kiosk.settings import KioskSettings

LEASE_MARGIN_SECONDS = 2.0


@dataclass(frozen=True)
class Services:
    """What the routes call."""

    book: OrderBook
    payments: PaymentDesk
    refunds: RefundDesk
    resolver: Resolver


def install_services(app: Flask, settings: KioskSettings, clock: Clock) -> None:
    """Put the kiosk's services into ``app``."""
    provider = ProviderClient(settings.provider_url, settings.secret_key, settings.timeout)
    claims = Claims(clock, timedelta(seconds=provider.longest_call + LEASE_MARGIN_SECONDS))
    book = OrderBook(clock)
    payments = PaymentDesk(book, claims, provider)
    refunds = RefundDesk(book, claims, provider)
    app.extensions["kiosk"] = Services(book, payments, refunds, Resolver(book, claims, payments, refunds))


def services() -> Services:
    """Return the services of the kiosk that serves this request."""
    return cast(Services, current_app.extensions["kiosk"])
