"""Looks for the function of a step among those whose sentence begins as the step does.

pytest-bdd asks of each fixture of the run whether the step may use it, and then whether it is a step at all.
"""

import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Any

from pytest_bdd.compat import get_fixture_names
from pytest_bdd.steps import StepNamePrefix, step_function_context_registry

OF_STEPS = f"{StepNamePrefix.step_def.value}_"
ANY_TYPE = "*"
MAY_DIFFER = re.compile(r".?[^\w ,'\"-]|_\d+$")
"""Where a sentence may begin to differ from the words of its step, also before an optional part.

The number at the end of a fixture's name is added to the second one of a sentence.
"""


def look_among_likely_steps() -> None:
    """Have pytest-bdd look there from now on."""
    # The package has a function of the same name.
    scenario: Any = import_module("pytest_bdd.scenario")
    scenario.find_fixturedefs_for_step = find_fixturedefs_for_step


def find_fixturedefs_for_step(step: Any, fixturemanager: Any, node: Any) -> Iterator[Any]:
    """Give the step functions that a step may mean and that its scenario sees, as pytest-bdd does."""
    for name in get_fixture_names(fixturemanager):
        if not name.startswith(OF_STEPS):
            continue
        kind, beginning = _kind_and_beginning(name)
        if kind in (step.type, ANY_TYPE) and step.name.startswith(beginning):
            for fixturedef in fixturemanager.getfixturedefs(name, node) or ():
                if step_function_context_registry[fixturedef.func].parser.is_matching(step.name):
                    yield fixturedef


@cache
def _kind_and_beginning(fixture_name: str) -> tuple[str, str]:
    kind, _, sentence = fixture_name.removeprefix(OF_STEPS).partition("_")
    return kind, "" if "|" in sentence else MAY_DIFFER.split(sentence, maxsplit=1)[0]
