"""Run the command as a user does, and change what a description says."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from click.testing import CliRunner

from payments_mock.cli import main

COMMAND = (sys.executable, "-m", "payments_mock", "certify")


def certify(*words: str | Path, answers: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command in this process, where its coverage is measured; what it starts are processes."""
    arguments = ["certify", *map(str, words)]
    done = CliRunner().invoke(main, arguments, input=answers, prog_name="payments-mock")
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return subprocess.CompletedProcess(arguments, done.exit_code, done.stdout, done.stderr)


@contextmanager
def under_way(results: int, *words: str | Path) -> Iterator[subprocess.Popen[str]]:
    """Run the command in a process of its own, and give it once it has told so many results."""
    with subprocess.Popen([*COMMAND, *map(str, words)], stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        assert any(line.startswith(f"[{results:>3}/") for line in run.stdout), "it ended too early"
        yield run


def changed(file: Path, old: str, new: str) -> Path:
    """Put one text in the place of another, which has to be there."""
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")
    return file


def without_start(file: Path, provider_port: int) -> Path:
    """Describe a merchant that is not started with the run, and calls the provider at a port."""
    before, _, rest = file.read_text("utf-8").partition("start = [")
    file.write_text(f"{before}provider_port = {provider_port}\n{rest.partition(']')[2]}", "utf-8")
    return file
