"""All that Schemathesis is told beside its settings."""

from tests.bad_input import excuses, known_values, patience, wrong_methods

__all__ = ["excuses", "known_values", "patience", "wrong_methods"]
