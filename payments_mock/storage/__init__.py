"""Flask-SQLAlchemy tables, and the few atomic statements that change them."""

from payments_mock.storage import tables
from payments_mock.storage.engine.database import db
from payments_mock.storage.webhooks import endpoints as webhook_tables

__all__ = ["db", "tables", "webhook_tables"]
