"""`python -m payments_mock.child_server`: the command `payments-mock`, for as long as its parent lives.

The parent holds the other end of our standard input, which ends when the parent does, even by a kill.
"""

import os
import signal
import threading
from typing import Final

from payments_mock.cli import main

_INPUT: Final = 0


def _stop_with_the_parent() -> None:
    while os.read(_INPUT, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    threading.Thread(target=_stop_with_the_parent, name="parent watch", daemon=True).start()
    main(prog_name="payments-mock")
