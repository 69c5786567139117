"""For merchants' own test suites: a provider to start or to reach, and sandboxes with verbs."""

from payments_mock.testing.control_client import KitError
from payments_mock.testing.sandbox import Sandbox
from payments_mock.testing.servers import RemoteServer

__all__ = ["KitError", "MockServer", "RemoteServer", "Sandbox"]


def __getattr__(name: str) -> object:
    # Imported late, so that a suite with a server elsewhere does not import the provider.
    if name == "MockServer":
        from payments_mock.testing.servers import MockServer

        return MockServer
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
