"""Look payments up, and say what became of each call: suffer.py BASE_URL SECRET_KEY:PAYMENT_KEY..."""

import sys
import time

import requests


def outcome(base: str, key: str, payment: str) -> str:
    began = time.monotonic()
    try:
        answer = requests.get(f"{base}/v1/payments/{payment}", auth=(key, ""), timeout=2)
    except requests.ReadTimeout:
        return "no answer"
    except requests.exceptions.ChunkedEncodingError as error:
        return "cut short" if "IncompleteRead" in repr(error) else repr(error)
    except requests.ConnectionError as error:
        if "ConnectionResetError(104" in repr(error):
            return "reset"
        return "closed" if "RemoteDisconnected" in repr(error) and "Proxy" not in repr(error) else repr(error)
    return f"{answer.status_code} {'slowly' if time.monotonic() - began > 0.7 else 'at once'}"


for pair in sys.argv[2:]:
    print(outcome(sys.argv[1], *pair.split(":")))
