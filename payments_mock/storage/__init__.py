"""Flask-SQLAlchemy tables, and the few atomic statements that change them."""

from payments_mock.storage.database import db

__all__ = ["db"]
