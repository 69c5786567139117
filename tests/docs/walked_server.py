"""Runs the server, and logs with each answer which modules of the product ran since its request came."""

import sys
from pathlib import Path
from types import FrameType

import payments_mock
from payments_mock.cli import main

ROOT = f"{Path(payments_mock.__file__).parent}/"
ENTRANCE = "BoundedHttpProtocol.data_received"
EXIT = "AnswersOfATurn.leave"

walked: set[str] = set()


def note(frame: FrameType, event: str, _argument: object) -> None:
    """Note the module of a function that begins, and log the modules when the answer leaves."""
    code = frame.f_code
    if event == "call" and code.co_qualname == ENTRANCE:
        walked.clear()
    if event == "call" and code.co_filename.startswith(ROOT):
        walked.add(code.co_filename.removeprefix(ROOT))
    if event == "return" and code.co_qualname == EXIT:
        print("walked", *sorted(walked), file=sys.stderr, flush=True)
        walked.clear()


sys.setprofile(note)
main()
