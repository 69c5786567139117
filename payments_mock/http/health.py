"""The health of a server, its metrics, and log lines about its database."""

from __future__ import annotations

import logging
import os
import platform
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Flask, Request, Response, request
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from payments_mock._version import __version__
from payments_mock.api.bodies import json_answer
from payments_mock.api.errors import DatabaseUnavailableError
from payments_mock.api.wire import CallRecord, current_call
from payments_mock.domain.webhooks import SUCCESS, EventType
from payments_mock.output import lost_lines
from payments_mock.services.context import check_database
from payments_mock.services.sandboxes import count_sandboxes
from payments_mock.storage.engine.database import Database
from payments_mock.storage.engine.prepared import OUTAGES

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric


def health_check(database: Database) -> Blueprint:
    """Make the blueprint of `/health`: 200 when the database answers and can be written, else 503."""
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/health")
    def show() -> Response:
        try:
            check_database(database)
        except SQLAlchemyError:
            return json_answer(_state("DOWN"), 503)
        return json_answer(_state("UP"))

    return blueprint


def _state(word: str) -> dict[str, str | int]:
    """Return the body of the answer; it counts the lines that the log lost, if any."""
    lost = lost_lines()
    state: dict[str, str | int] = {"status": word, "database": word, "version": __version__}
    return state | {"logLinesLost": lost} if lost else state


_CONTROL: Final = "control"
_REFUSING: Final = {"error", "hold"}
"""The kinds of fault that refuse a call with whatever code a test gives them."""
_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_EVENTS: Final = frozenset(EventType)


class Figures:
    """Counts what Prometheus asks for. No label is a key, a path or a sandbox, so there are few series.

    With a `folder`, the processes that are forked from this one keep their figures there, and whichever of
    them is asked tells the sums. Those of a process that has died stay in them.

    Raises:
        ImportError: the library for it is not installed.
    """

    def __init__(self, database: Database, folder: Path | None) -> None:
        if folder is not None:
            # The library reads this when it is imported.
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
        # The import takes a tenth of a second, which only servers with metrics shall pay.
        from prometheus_client import CollectorRegistry, Counter, Histogram

        self._database = database
        self._folder = folder
        registry = self._own = CollectorRegistry()
        by_call = ("contract", "operation")
        self._requests = Counter(
            "payments_mock_requests",
            "Calls of the contracts and of the control API that were answered.",
            (*by_call, "outcome"),
            registry=registry,
        )
        self._seconds = Histogram(
            "payments_mock_request_seconds",
            "How long they took until their answer was ready.",
            by_call,
            registry=registry,
            buckets=_SECONDS,
        )
        self._faults = Counter(
            "payments_mock_faults_struck",
            "How often faults struck a call.",
            (*by_call, "kind"),
            registry=registry,
        )
        self._attempts = Counter(
            "payments_mock_webhook_attempts",
            "Attempts to deliver a webhook: delivered, refused (another status than 200), or unanswered.",
            ("event", "outcome"),
            registry=registry,
        )

    def attach(self, app: Flask) -> None:
        """Count the calls of `app`, and serve the figures at `/metrics`."""
        app.after_request(self._count_call)
        app.add_url_rule("/metrics", "metrics", self._show)

    def count_attempt(self, event: str, status: int | None) -> None:
        """Count an attempt to deliver a webhook; `status` is None where no answer came in time."""
        outcome = "unanswered" if status is None else "delivered" if status == SUCCESS else "refused"
        self._attempts.labels(event if event in _EVENTS else "OTHER", outcome).inc()

    def _count_call(self, response: Response) -> Response:
        call, blueprint = current_call(), request.blueprint
        if call.is_waiting or blueprint not in (None, _CONTROL) or request.endpoint == "metrics":
            return response
        contract = blueprint or call.contract or "unknown"
        operation = call.operation or "unknown"
        self._requests.labels(contract, operation, _outcome(call, response.status_code)).inc()
        self._seconds.labels(contract, operation).observe(time.perf_counter() - call.began)
        for strike in call.strikes:
            self._faults.labels(contract, operation, strike.fault.effect.kind).inc()
        return response

    def _show(self) -> Response:
        from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
        from prometheus_client.multiprocess import MultiProcessCollector

        counted = self._own
        if self._folder is not None:
            counted = CollectorRegistry()
            MultiProcessCollector(counted, str(self._folder))  # type: ignore[no-untyped-call]
        now = CollectorRegistry()
        now.register(_Now(self._database))
        return Response(generate_latest(counted) + generate_latest(now), content_type=CONTENT_TYPE_LATEST)


def _outcome(call: CallRecord, status: int) -> str:
    """Return the outcome of a call: OK, or the code that refused it, unless a test made the code up."""
    if call.outcome is None:
        return "OK" if status < 400 else "OTHER"
    return "FAULT" if any(strike.fault.effect.kind in _REFUSING for strike in call.strikes) else call.outcome


class _Now:
    """Reports what is looked up and not counted: the number of sandboxes, and the release."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def collect(self) -> Iterator[Metric]:
        from prometheus_client.metrics_core import GaugeMetricFamily

        build = GaugeMetricFamily(
            "payments_mock_build_info", "Which release this is.", labels=("version", "python")
        )
        build.add_metric((__version__, platform.python_version()), 1)
        yield build
        sandboxes = GaugeMetricFamily("payments_mock_sandboxes", "Sandboxes there are.", labels=("contract",))
        try:
            for contract, count in count_sandboxes(self._database).items():
                sandboxes.add_metric((contract,), count)
        except OUTAGES:
            # The other figures are reported all the same.
            return
        yield sandboxes


LINE_SECONDS: Final = 60.0
"""How often the log repeats the same reason."""

_log = logging.getLogger(__name__)


class OutageLog:
    """Logs one line about a failing database: when the reason changes, else once in LINE_SECONDS.

    A traceback for each call would only show where the call happened to be.
    """

    def __init__(self) -> None:
        self._reason = ""
        self._said_at = 0.0
        self._calls = 0

    def add(self, call: str, reason: str) -> None:
        """Count a failed call, and log a line if one is due."""
        self._calls += 1
        now = time.monotonic()
        if reason == self._reason and now - self._said_at < LINE_SECONDS:
            return
        _log.error("the database failed %s, and %d calls before it: %s", call, self._calls - 1, reason)
        self._reason, self._said_at, self._calls = reason, now, 0

    def refuse(self, asked: Request, error: Exception) -> DatabaseUnavailableError:
        """Log that the database failed a request, and return what its caller is told."""
        self.add(f"{asked.method} {asked.url_rule}", _first_line(error))
        return DatabaseUnavailableError("the database is away or takes no writes; ask again in a moment")


def _first_line(error: Exception) -> str:
    """Return the first line of a database's or driver's message, without its hints."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    return f"{type(cause).__name__}: {cause}".splitlines()[0]
