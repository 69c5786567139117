"""The listening side: a shell that takes HTTP off the wire and asks the Flask application."""

from payments_mock.server.serve import serve

__all__ = ["serve"]
