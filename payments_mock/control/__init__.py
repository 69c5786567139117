"""The control API: what a test decides about the world around the merchant."""

from payments_mock.control.routes import CONTROL, control_api

__all__ = ["CONTROL", "control_api"]
