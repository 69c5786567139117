"""The story of an order: who did what and when, what it came to, and which rows prove it.

Reports of `certify`, the inspector and the failure reports of pytest tell it in the same words. It is made of
what the control API shows: entries of the journal and deliveries of webhooks, as they are in JSON.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import zip_longest
from typing import Any, Final

WIDTH: Final = 108
_TIME_WIDTH: Final = 9
_LANE_WIDTH: Final = 10


class Lane(StrEnum):
    """Who acts in a row of a story."""

    SHOPPER = "shopper"
    MERCHANT = "merchant"
    PROVIDER = "provider"
    WEBHOOK = "webhook"
    FAULT = "fault"


@dataclass(frozen=True)
class StoryRow:
    """Something that happened: when, whose doing it was, what was done, and what came of it.

    `evidence` names what shows it: `journal 12`, or `delivery 3`. `is_trouble` marks a row in which something
    went wrong; `times` is how often it happened in a row.
    """

    at: datetime
    lane: Lane
    did: str
    outcome: str = ""
    evidence: str | None = None
    is_trouble: bool = False
    times: int = 1


@dataclass(frozen=True)
class StoryVerdict:
    """What a story came to, in one sentence; `evidence` are the rows that prove it."""

    is_sound: bool
    sentence: str
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class Story:
    """What happened around an order, the oldest first, and what it came to."""

    title: str
    rows: tuple[StoryRow, ...]
    verdict: StoryVerdict | None = None


def story_of(
    title: str,
    calls: Iterable[Mapping[str, Any]],
    deliveries: Iterable[Mapping[str, Any]] = (),
    acts: Iterable[StoryRow] = (),
    verdict: StoryVerdict | None = None,
) -> Story:
    """Make one story of the journal's entries, the deliveries and `acts`, which are rows from elsewhere."""
    rows = [*acts]
    for entry in calls:
        rows += rows_of_call(entry)
    for delivery in deliveries:
        rows += rows_of_delivery(delivery)
    return Story(title, tuple(_folded(sorted(rows, key=lambda row: row.at))), verdict)


def _folded(rows: Iterable[StoryRow]) -> list[StoryRow]:
    """Merge equal rows that follow one another."""
    folded: list[StoryRow] = []
    for row in rows:
        last = folded[-1] if folded else None
        if last and (last.lane, last.did, last.outcome) == (row.lane, row.did, row.outcome):
            folded[-1] = replace(last, times=last.times + 1)
        else:
            folded.append(row)
    return folded


def rows_of_call(entry: Mapping[str, Any]) -> list[StoryRow]:
    """Tell an entry of the journal: the call, and what each fault did to it; or what a browser did."""
    if entry.get("lane") == Lane.SHOPPER:
        return [_row_of_act(entry)]
    evidence = f"journal {entry['id']}"
    at = _moment(entry.get("receivedAt") or entry["at"])
    key = _header(entry, "Idempotency-Key")
    did = entry["operation"] or f"{entry['method']} {entry['path']}"
    did += f" (key {_shortened(key)})" if key else ""
    call = StoryRow(at, Lane.MERCHANT, did, _outcome(entry), evidence, is_trouble=_is_refused(entry))
    kinds = (entry.get("fault") or "").split(",")
    struck = [
        StoryRow(
            _moment(entry["at"]),
            Lane.FAULT,
            f"{name} struck {entry['operation']}",
            _let_through(kind, entry.get("sent")),
            evidence,
            is_trouble=True,
        )
        for name, kind in zip_longest(entry["faults"], kinds[: len(entry["faults"])], fillvalue="")
    ]
    return [call, *struck]


def _row_of_act(entry: Mapping[str, Any]) -> StoryRow:
    at, is_trouble = _moment(entry.get("receivedAt") or entry["at"]), _is_refused(entry)
    did = _ACTS.get(entry["operation"], entry["operation"])
    if entry["method"] == "SDK" and is_trouble:
        did = f"is refused {entry['path']} by the SDK"
    told = _outcome(entry) if is_trouble else entry["code"] or entry["stateAfter"] or ""
    return StoryRow(at, Lane.SHOPPER, did, told, f"journal {entry['id']}", is_trouble=is_trouble)


_ACTS: Final = {
    "open-window": "opens the window",
    "open-billing-window": "opens the window to register",
    "agree": "agrees to pay",
    "register": "registers a card or account",
    "fail": "fails in the window",
    "close": "closes the window",
    "expire": "lets the time run out",
}
"""What a browser does, by the operation of its entry."""


def _let_through(kind: str, sent: str | None) -> str:
    """Say what a fault did, and what of the answer went to the wire where it was not all."""
    return f"{kind}, sent {sent}" if kind and sent not in (None, "answer") else kind


def _outcome(entry: Mapping[str, Any]) -> str:
    told = [str(entry["status"])] if entry["status"] else []
    reason = entry.get("reason")
    told += [f"{entry['code']}: {reason['message']}" if reason else entry["code"]] if entry["code"] else []
    if entry["stateAfter"] and entry["stateAfter"] != entry["stateBefore"]:
        told.append(f"now {entry['stateAfter']}")
    return " ".join(told)


def _is_refused(entry: Mapping[str, Any]) -> bool:
    return entry["status"] is None or entry["status"] >= 400


def rows_of_delivery(delivery: Mapping[str, Any]) -> list[StoryRow]:
    """Tell a delivery of a webhook: each attempt, and what the merchant answered."""
    what = f"{delivery['event']} {delivery['status'] or ''}".strip()
    what += " (forged)" if delivery.get("forged") else ""
    return [
        StoryRow(
            _moment(attempt.get("sentAt") or attempt["at"]),
            Lane.WEBHOOK,
            what,
            f"{attempt['status'] or attempt['error']}, attempt {attempt['number']}",
            f"delivery {delivery['id']}",
            is_trouble=attempt["status"] != 200,
        )
        for attempt in delivery["attempts"]
    ]


def drawn(story: Story, width: int = WIDTH) -> str:
    """Draw a story as text, a row a line, with the time since it began."""
    lines = [story.title]
    if story.verdict is not None:
        lines.append(("OK " if story.verdict.is_sound else "NOT SOUND ") + story.verdict.sentence)
    begun = story.rows[0].at if story.rows else None
    for row in story.rows:
        seconds = (row.at - begun).total_seconds() if begun else 0.0
        lines.append(_line(row, seconds, width))
    return "\n".join(lines)


def _line(row: StoryRow, seconds: float, width: int) -> str:
    head = f"{seconds:>{_TIME_WIDTH - 2}.3f}  {row.lane:<{_LANE_WIDTH}}"
    mark = f" ({row.times} times)" if row.times > 1 else ""
    mark += " x" if row.is_trouble else ""
    if not row.outcome:
        return f"{head}{row.did}{mark}"
    stroke = max(2, width - len(head) - len(row.did) - len(row.outcome) - len(mark) - 5)
    return f"{head}{row.did} {'-' * min(stroke, 24)}> {row.outcome}{mark}"


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _header(entry: Mapping[str, Any], name: str) -> str | None:
    headers = (entry.get("request") or {}).get("headers") or {}
    return next((value for key, value in headers.items() if key.lower() == name.lower()), None)


def _shortened(text: str, most: int = 24) -> str:
    return text if len(text) <= most else text[: most - 3] + "..."
