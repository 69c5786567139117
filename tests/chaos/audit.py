"""Hold every answer that a client got against what the server knows afterwards."""

import threading
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import requests

from tests.chaos.load import PART, Client, Json, KioskClient, Life, TossClient, code_of

ANSWER_SECONDS = 10
AT_ONCE = 32
RANKS = ("INITIATED", "APPROVED", "CANCELED")


class Auditor:
    """Looks payments up when all is quiet again; `faults` says what does not hold."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._of_thread = threading.local()
        self.faults: list[str] = []

    def look_through(self, clients: Sequence[Client]) -> int:
        """Look all lives of all clients through; returns how many there were."""
        for client in clients:
            self.faults += client.refusals
        # What happened to a payment is told once every process has written what it knows, which is a wait.
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for client in clients:
                check = self._check_kiosk if isinstance(client, KioskClient) else self._check_toss
                for checked in [pool.submit(check, life) for life in client.lives]:
                    checked.result()
        return sum(len(client.lives) for client in clients)

    def _check_kiosk(self, life: Life) -> None:
        if not life.answers:
            return
        found = self._get(f"/v1/payments/{life.key}", KioskClient.secret_key)
        acknowledged = [answer["status"] for answer in life.answers.values()]
        rank = max(map(RANKS.index, acknowledged))
        self._demand(RANKS.index(found["status"]) >= rank, life, f"{acknowledged} became {found['status']}")
        for what in {"confirm", "get"} & life.answers.keys():
            kept = life.answers[what]["approvedAt"]
            self._demand(found["approvedAt"] == kept, life, f"approved at {kept}, now {found['approvedAt']}")
        steps = self._steps("kiosk", life)
        self._demand(
            steps["APPROVAL"] == int("confirm" in life.answers or found["status"] != "INITIATED"), life, steps
        )
        self._demand(steps["CANCEL"] == int(found["status"] == "CANCELED"), life, steps)

    def _check_toss(self, life: Life) -> None:
        found = self._get(f"/v1/payments/{life.key}", TossClient.secret_key)
        steps = self._steps("toss", life)
        parts = [answer for what, answer in life.answers.items() if what.startswith("cancel")]
        if "confirm" in life.answers:
            kept = life.answers["confirm"]["approvedAt"]
            self._demand(found["approvedAt"] == kept, life, f"approved at {kept}, now {found['approvedAt']}")
            self._demand(steps["APPROVAL"] == 1, life, steps)
        self._demand(steps["CANCEL"] == len(found["cancels"] or ()) >= len(parts), life, steps)
        self._demand(found["totalAmount"] - found["balanceAmount"] == PART * steps["CANCEL"], life, steps)
        keys = {cancel["transactionKey"] for cancel in found["cancels"] or ()}
        for part in parts:
            self._demand(part["lastTransactionKey"] in keys, life, f"{part['lastTransactionKey']} is gone")

    def _steps(self, sandbox: str, life: Life) -> Counter[str]:
        history = self._get(f"/control/sandboxes/{sandbox}/payments/{life.key}", "nobody")
        return Counter(step["what"] for step in history.get("timeline", ()))

    def _session(self) -> requests.Session:
        if not hasattr(self._of_thread, "session"):
            self._of_thread.session = requests.Session()
            self._of_thread.session.trust_env = False
        session: requests.Session = self._of_thread.session
        return session

    def _get(self, path: str, key: str) -> Json:
        answer = self._session().get(self._url + path, auth=(key, ""), timeout=ANSWER_SECONDS)
        if answer.status_code != 200:
            self.faults.append(f"GET {path}: {answer.status_code} {code_of(answer)}")
            return {
                "status": "INITIATED",
                "approvedAt": None,
                "cancels": (),
                "totalAmount": 0,
                "balanceAmount": 0,
            }
        return answer.json()

    def _demand(self, holds: bool, life: Life, what: object) -> None:
        if not holds:
            self.faults.append(f"{life.key}: {what}")
