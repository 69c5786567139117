"""payments-mock: a stand-in for the Toss Payments API, for acceptance tests."""

from typing import TYPE_CHECKING, Any

from payments_mock._version import __version__

if TYPE_CHECKING:
    from payments_mock.app import create_app

__all__ = ["__version__", "create_app"]


def __getattr__(name: str) -> Any:
    # Importing the package costs nothing, so that `payments-mock --version` answers at once.
    if name == "create_app":
        from payments_mock.app import create_app

        return create_app
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
