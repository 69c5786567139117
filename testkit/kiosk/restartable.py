"""A kiosk process that a scenario kills and starts again."""

from collections.abc import Sequence
from pathlib import Path

from testkit.processes import ServerProcess, start_server


class RestartableKiosk:
    """A kiosk that keeps its orders in `folder`; `command` runs it, but for where it keeps them."""

    def __init__(self, command: Sequence[str], folder: Path) -> None:
        self._command = [*command, "--data", str(folder / "kiosk.db")]
        self._folder = folder
        self._starts = 0
        self._process = self._start()

    @property
    def url(self) -> str:
        """Return the base URL, another one after each start."""
        return self._process.url

    def crash(self) -> None:
        """Kill the process, as a power cut would, and start another one on the same file."""
        self._process.kill()
        self._process = self._start()

    def close(self) -> None:
        """Stop the process."""
        self._process.stop()

    def _start(self) -> ServerProcess:
        self._starts += 1
        output = self._folder / f"start-{self._starts}"
        output.mkdir()
        return start_server(self._command, output)
