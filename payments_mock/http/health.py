"""Whether the server is well, for those who start it and wait."""

from flask import Blueprint, Response
from sqlalchemy.exc import SQLAlchemyError

from payments_mock._version import __version__
from payments_mock.api.bodies import json_answer
from payments_mock.output import lost_lines
from payments_mock.storage.engine.health import check_database

health_check = Blueprint("health", __name__)


@health_check.get("/health")
def show() -> Response:
    """Answer 200 when the database answers and can be written, else 503."""
    try:
        check_database()
    except SQLAlchemyError:
        return json_answer(_state("DOWN"), 503)
    return json_answer(_state("UP"))


def _state(word: str) -> dict[str, str | int]:
    """Return what is said of a server; lines that its log lost are told as soon as there are any."""
    lost = lost_lines()
    state: dict[str, str | int] = {"status": word, "database": word, "version": __version__}
    return state | {"logLinesLost": lost} if lost else state
