"""`python -m payments_mock.beside`: the command `payments-mock`, as long as the process that began it lives.

That one holds the other end of our standard input, which ends with it however it ends: by a kill, too.
"""

import os
import signal
import threading
from typing import Final

from payments_mock.cli import main

_INPUT: Final = 0


def _stop_with_the_other() -> None:
    while os.read(_INPUT, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    threading.Thread(target=_stop_with_the_other, name="beside", daemon=True).start()
    main(prog_name="payments-mock")
