"""Run what the inspector gives to be copied."""

import subprocess
import sys
from pathlib import Path
from typing import Any


def run_copies(folder: Path, copied: dict[str, Any], url: str) -> str:
    """Run all that was copied in one pytest, and return what it reports."""
    (folder / "conftest.py").write_text('pytest_plugins = ["payments_mock.testing.steps"]\n')
    (folder / "pytest.ini").write_text("[pytest]\naddopts = --strict-markers\n")
    for name, order in copied.items():
        module = name.replace("-", "_")
        (folder / f"test_{module}.py").write_text(order["scenario"]["pytest"], encoding="utf-8")
        (folder / f"{name}.feature").write_text(order["scenario"]["gherkin"], encoding="utf-8")
        binding = f'from pytest_bdd import scenarios\n\nscenarios("{name}.feature")\n'
        (folder / f"test_{module}_gherkin.py").write_text(binding)
    run = [sys.executable, "-m", "pytest", "-rA", "-q", "-p", "no:cacheprovider", "--payments-mock-url", url]
    return subprocess.run(run, cwd=folder, capture_output=True, text=True, timeout=900).stdout
