"""The command `payments-mock`, and `python -m payments_mock`, which is the same.

A program that starts it for itself says `child` first: then it ends when its parent does, even by a kill. The
parent holds the other end of our standard input, which ends with it.
"""

import os
import signal
import sys
from types import FrameType
from typing import Final, NoReturn

_INPUT: Final = 0
_FIRST_PROCESS: Final = 1


def main() -> None:
    """Run the command; `health` imports none of the other commands' libraries."""
    if os.getpid() == _FIRST_PROCESS:
        # Linux drops signals that a container's first process does not handle: a stop that comes before the
        # server handles its own would be lost, and the container killed ten seconds later.
        signal.signal(signal.SIGTERM, _end)
    if sys.argv[1:2] == ["health"]:
        from payments_mock.health_command import main as check_health

        sys.exit(check_health(sys.argv[2:]))
    if sys.argv[1:2] == ["child"]:
        del sys.argv[1]
        _end_with_the_parent()
    from payments_mock.cli import main as run_command

    run_command(prog_name="payments-mock")


def _end_with_the_parent() -> None:
    # Nobody else needs it.
    import threading

    def watch() -> None:
        while os.read(_INPUT, 4096):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent watch", daemon=True).start()


def _end(number: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(128 + number)


if __name__ == "__main__":
    main()
