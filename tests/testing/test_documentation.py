"""Every verb, fixture and option of the kit is in docs/testing.md."""

import inspect
import re
from pathlib import Path

import pytest

from payments_mock import testing as kit
from payments_mock.testing import Sandbox, plugin
from payments_mock.testing.control_client import Clock
from payments_mock.testing.faults import Faults
from payments_mock.testing.parties import Shopper, Webhooks
from payments_mock.testing.sandbox import Journal

PAGE = (Path(__file__).parents[2] / "docs" / "testing.md").read_text(encoding="utf-8")


def public(kind: type) -> set[str]:
    """Return the names of what a class of the kit offers."""
    return {name for name in dir(kind) if not name.startswith("_") and callable(getattr(kind, name))}


@pytest.mark.parametrize(
    ("kind", "prefix"),
    [
        (Sandbox, "sandbox"),
        (Faults, "sandbox.faults"),
        (Clock, "sandbox.clock"),
        (Journal, "sandbox.journal"),
        (Shopper, "sandbox.shopper"),
        (Webhooks, "sandbox.webhooks"),
    ],
)
def test_every_verb_is_in_the_documents(kind: type, prefix: str) -> None:
    rows = [row.split(" | ")[0] for row in PAGE.splitlines() if row.startswith(f"| `{prefix}.")]
    of_kind = [row for row in rows if re.match(rf"\| `{prefix}\.\w+\(", row)]

    assert {name for row in of_kind for name in re.findall(r"\.(\w+)\(", row)} == public(kind)


def test_every_attribute_fixture_option_and_class_is_in_the_documents(kiosk: Sandbox) -> None:
    attributes = [f"sandbox.{name}" for name in vars(kiosk) if not name.startswith("_")]
    options = re.findall(r'"(--payments-mock-\w+)"', inspect.getsource(plugin))
    fixtures = [name for name, value in vars(plugin).items() if "fixture" in type(value).__name__.lower()]

    assert sorted(fixtures) == ["payments_mock", "real_hosts", "sandbox"]
    for name in fixtures:
        assert f"| `{name}` |" in PAGE
    assert set(options) == {"--payments-mock-url", "--payments-mock-token"}
    for name in [*attributes, *options, *kit.__all__]:
        assert name in PAGE
    for name in ("sandbox", "start", "stop"):
        assert f"server.{name}(" in PAGE
