"""The sample kiosk merchant: a small shop backend that knows its payment provider by URL and key alone."""

from payments_mock.kiosk.app import create_kiosk
from payments_mock.kiosk.settings import KioskSettings

__all__ = ["KioskSettings", "create_kiosk"]
