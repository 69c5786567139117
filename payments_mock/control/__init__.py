"""The control API: what a test decides about the world around the merchant."""

from payments_mock.control.routes import control_api

__all__ = ["control_api"]
