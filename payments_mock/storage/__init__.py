"""The tables, and the few atomic statements that change them."""

from payments_mock.storage import tables
from payments_mock.storage.columns import metadata
from payments_mock.storage.webhooks import endpoints as webhook_tables

__all__ = ["metadata", "tables", "webhook_tables"]
