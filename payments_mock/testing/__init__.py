"""For merchants' own test suites: a provider to start or to reach, and sandboxes with verbs."""

from payments_mock.testing.remote_server import RemoteServer
from payments_mock.testing.sandbox import Sandbox

__all__ = ["MockServer", "RemoteServer", "Sandbox"]


def __getattr__(name: str) -> object:
    # A suite that uses a server elsewhere does not pay for the provider's imports.
    if name == "MockServer":
        from payments_mock.testing.mock_server import MockServer

        return MockServer
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
