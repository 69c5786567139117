"""The reference of the wire, made from the schemas: /openapi.json, and /docs to read and try it."""

from payments_mock.reference.pages import reference_pages

__all__ = ["reference_pages"]
