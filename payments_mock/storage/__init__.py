"""Flask-SQLAlchemy tables, and the few atomic statements that change them."""

from payments_mock.storage import tables, webhook_tables
from payments_mock.storage.database import db

__all__ = ["db", "tables", "webhook_tables"]
