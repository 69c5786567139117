"""A real server on a machine whose clock is stepped: by as many seconds as a file says at the moment.

Usage: python -m tests.chaos.stepped_server FILE PORT DATABASE_URL
"""

import sys
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

from payments_mock import clock
from payments_mock.app import create_app
from payments_mock.server import serve
from payments_mock.settings import Settings


def main(file: str, port: str, database_url: str) -> None:
    class SteppedTime(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + timedelta(seconds=float(Path(file).read_text()))

    clock.datetime = SteppedTime  # type: ignore[attr-defined]
    settings = Settings(port=int(port), database_url=database_url, log_format="none")
    serve(settings, create_app, lambda _settings, url, _secure: f"at {url}", lambda _app: None)


if __name__ == "__main__":
    main(*sys.argv[1:])
