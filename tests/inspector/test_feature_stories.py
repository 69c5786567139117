"""Each story of the features runs again as it is copied: as pytest, as Gherkin, and as curl lines.

The scenarios of the features run, and the stories of their orders are copied from the server, just as the
inspector copies them. Of stories that say the same, one is run again.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from payments_mock.testing import RemoteServer
from testkit.depth import waits_for_ci
from testkit.processes import running_server
from tests.inspector.copies import run_copies

pytestmark = waits_for_ci

ROOT = Path(__file__).parents[2]
ALL = ("checkout", "control", "faults", "kiosk", "provider", "toss", "webhooks")
LEAST = 300
"""How many stories there are at the least that differ."""


NOT_TOLD = {
    "the journal masks a part of its body",
    "it needs a billing key, which the shopper registers",
    "it names a payment of another order",
    "it rests on what is left out",
}
"""Why a call may be left out of a copy."""


@dataclass(frozen=True)
class Told:
    """The story of an order that a scenario has left, as the server tells it."""

    scenario: str
    contract: str
    order: Mapping[str, Any]

    @property
    def copied(self) -> Mapping[str, str]:
        """The story as something that runs."""
        copied: Mapping[str, str] = self.order["scenario"]
        return copied

    @property
    def gist(self) -> str:
        """What is done, without the names that differ from run to run."""
        text = self.copied["pytest"].replace(self.order["orderId"], "ORDER")
        for place, payment in enumerate(self.order["payments"]):
            text = text.replace(payment["paymentKey"], f"PAYMENT {place}")
        return self.contract + re.sub(r'key="[^"]*"', 'key="KEY"', text)

    @property
    def statuses(self) -> list[int]:
        """What the shop was answered, one after the other."""
        return [call["status"] for call in self.order["calls"]]

    @property
    def is_of_calls_alone(self) -> bool:
        """Whether nobody but the shop did anything, so that lines of curl do all of it."""
        steps = self.copied["pytest"].splitlines()[6:]
        beside = ("sandbox.faults", "sandbox.shopper", "sandbox.clock", "sandbox.settle", "#")
        has_headers = any("headers=" in step for step in steps)
        return not has_headers and not any(step.strip().startswith(beside) for step in steps)


def function_of(scenario: str) -> str:
    """Return the test function of a scenario, without its examples."""
    return scenario.removeprefix("step_defs/").partition("[")[0]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Told]]:
    """Run scenarios of the features, and return their stories: those that say the same under one name."""
    folder = tmp_path_factory.mktemp("told")
    chosen = [f"step_defs/{each}" for each in ALL]
    run = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--stories", str(folder), *chosen]
    # One server is enough here, also where everything else runs on two replicas.
    environment = {name: value for name, value in os.environ.items() if name != "CI"}
    done = subprocess.run(run, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stdout[-3000:]
    stories = [Told(**json.loads(file.read_text(encoding="utf-8"))) for file in sorted(folder.iterdir())]
    by_gist: dict[str, list[Told]] = {}
    for story in stories:
        by_gist.setdefault(story.gist, []).append(story)
    return {f"story_{place:04}": alike for place, alike in enumerate(by_gist.values())}


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    command = [sys.executable, "-m", "payments_mock", "serve", "--port", "0", "--log-format", "none"]
    with running_server(command, tmp_path_factory.mktemp("server")) as server:
        yield server.url


@pytest.fixture(scope="module")
def ran(url: str, told: dict[str, list[Told]], tmp_path_factory: pytest.TempPathFactory) -> str:
    orders = {name: alike[0].order for name, alike in told.items()}
    return run_copies(tmp_path_factory.mktemp("suite"), orders, url)


def test_the_features_have_stories_enough(told: dict[str, list[Told]]) -> None:
    assert len(told) >= LEAST


@pytest.mark.parametrize("kind", ["", "_gherkin"], ids=["pytest", "gherkin"])
def test_each_story_passes_as_it_is_copied(ran: str, told: dict[str, list[Told]], kind: str) -> None:
    passed = {name for name in told if re.search(rf"^PASSED test_{name}{kind}\.py::", ran, re.MULTILINE)}

    failed = {function_of(story.scenario) for name in told.keys() - passed for story in told[name]}
    assert failed == set()


def test_a_copy_leaves_out_what_a_story_alone_does_not_tell_and_nothing_else(
    told: dict[str, list[Told]],
) -> None:
    written = "\n".join(alike[0].copied["pytest"] for alike in told.values())

    left_out = set(re.findall(r"is left out: (.*)\.$", written, re.MULTILINE))
    assert left_out <= NOT_TOLD


def test_curl_lines_of_each_story_of_calls_alone_are_answered_as_it_was(
    url: str, told: dict[str, list[Told]]
) -> None:
    stories = [alike[0] for alike in told.values()]
    able = [story for story in stories if story.contract == "kiosk" and story.is_of_calls_alone]
    different = []
    for story in able:
        with RemoteServer(url) as server, server.sandbox("kiosk") as sandbox:
            lines = story.copied["curl"].replace("SECRET_KEY", sandbox.secret_key)
            lines = re.sub(r"http://127\.0\.0\.1:\d+", url, lines)
            shown = "curl() { command curl -s -o /dev/null -w '%{http_code} ' \"$@\"; }\n"
            done = subprocess.run(
                ["bash", "-e", "-c", shown + lines], capture_output=True, text=True, timeout=60
            )
        if [int(status) for status in done.stdout.split()] != story.statuses:
            different.append((story.scenario, done.stdout, story.statuses))
    assert len(able) > LEAST // 10
    assert different == []
