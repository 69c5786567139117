"""Serve the merchant, or one of its mutants.

PROVIDER_URL and SECRET_KEY say who the provider is, PORT where to listen, CONTRACT which contract it speaks
("toss" or "kiosk"), and MUTANT which merchant it is: a name of `mutants`, or of a sound shape.
"""

import os
import signal
import sys

from tests.certify.merchant.mutants import MERCHANTS
from tests.certify.merchant.provider import Provider
from tests.certify.merchant.server import Server


def main() -> None:
    """Serve until a signal."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    name = os.environ.get("MUTANT", "sound")
    provider = Provider(os.environ["PROVIDER_URL"], os.environ["SECRET_KEY"])
    shop = MERCHANTS[name](provider, has_window=os.environ.get("CONTRACT", "toss") == "toss")
    with Server(int(os.environ["PORT"]), shop) as server:
        server.serve_forever()


if __name__ == "__main__":
    main()
