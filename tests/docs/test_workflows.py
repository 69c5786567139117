"""What runs in CI is what contributors run, on each Python that the project says it supports."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
CLASSIFIERS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["classifiers"]
PAGES = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob(".github/**/*.yml"))


def read(name: str) -> dict[str, Any]:
    found = yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def commands(workflow: dict[str, Any]) -> str:
    """Return what the steps of all jobs run."""
    return "\n".join(step.get("run", "") for job in workflow["jobs"].values() for step in job["steps"])


@pytest.mark.parametrize("name", [*PAGES, ".pre-commit-config.yaml"])
def test_each_file_can_be_read(name: str) -> None:
    assert read(name)


def test_every_python_that_is_supported_is_tried() -> None:
    supported = [line.rpartition(" ")[2] for line in CLASSIFIERS if "Python :: 3." in line]

    assert read(".github/workflows/ci.yml")["jobs"]["test"]["strategy"]["matrix"]["python"] == supported


def test_ci_runs_what_contributors_run() -> None:
    assert ".ci/run" in commands(read(".github/workflows/ci.yml")).splitlines()


def test_a_release_builds_both_and_checks_them() -> None:
    done = commands(read(".github/workflows/release.yml"))

    assert "python -m build" in done
    assert "DIST=dist" in done
    assert "tests/docs/test_packaging.py" in done


@pytest.mark.parametrize("name", [page for page in PAGES if "/workflows/" in page])
def test_a_workflow_may_read_and_no_more(name: str) -> None:
    assert read(name)["permissions"] == {"contents": "read"}


def test_hooks_run_the_linters_that_make_runs() -> None:
    hooks = {hook["entry"] for repo in read(".pre-commit-config.yaml")["repos"] for hook in repo["hooks"]}
    lint = (ROOT / "Makefile").read_text(encoding="utf-8").partition("\nlint:")[2].partition("\n\n")[0]

    assert {entry.removeprefix(".venv/bin/").split()[0] for entry in hooks} == {"ruff", "mypy"}
    assert "ruff check" in lint
    assert "ruff format --check" in lint
    assert "mypy" in lint
