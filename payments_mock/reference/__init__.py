"""The reference of the wire, made from the schemas: /openapi.json, and /docs to read and try it."""
