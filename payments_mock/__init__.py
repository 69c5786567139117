"""payments-mock: a stand-in for the Toss Payments API, for acceptance tests."""

from payments_mock._version import __version__

__all__ = ["__version__"]
