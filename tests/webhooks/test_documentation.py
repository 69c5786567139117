"""docs/webhooks.md says what there is, and its examples work."""

import json
import re
from pathlib import Path

import pytest

from payments_mock.control.webhooks.schemas import ORDERS, DeliveryQuery, WebhookRuleRequest
from payments_mock.domain.webhooks import RETRY_AFTER, EventType
from tests.control.desk import SandboxDesk

PAGE = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"/control/sandboxes/\$SANDBOX/(\S+) \\\n.*?-d '(.*?)'\n```", PAGE, re.S)


@pytest.mark.parametrize("event", EventType)
def test_each_event_has_its_row(event: EventType) -> None:
    assert re.search(rf"^\| (`[\w.]+`, )?`{re.escape(event)}`", PAGE, re.M)


def test_each_field_of_a_rule_has_its_row() -> None:
    described = re.findall(r"^\| `(\w+)` \|", PAGE.partition("## Decide")[2], re.M)

    assert {*described, "contradiction", "code"} == WebhookRuleRequest().fields.keys()
    assert all(f"`{order}`" in PAGE for order in ORDERS)


def test_each_way_to_narrow_the_list_is_named() -> None:
    assert [name for name in DeliveryQuery().fields if f"`{name}`" not in PAGE] == []


def test_the_ladder_is_the_one_that_is_there() -> None:
    *first, last = (str(wait.seconds // 60 + wait.days * 1440) for wait in RETRY_AFTER)

    assert f"{', '.join(first)} and {last} minutes" in PAGE


def test_the_examples_work_one_after_another(sandbox: SandboxDesk) -> None:
    assert [path for path, _ in EXAMPLES] == ["webhooks", "clock", "webhooks/rules", "webhooks/forge"]

    for path, body in EXAMPLES:
        sandbox.done("POST", path, **json.loads(body))
