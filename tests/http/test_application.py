"""The application is a Flask application: what an extension registers with it runs."""

from collections.abc import Iterator

import pytest
from flask import Blueprint, Flask, Response, current_app, session, url_for
from flask.sessions import SecureCookieSession

from payments_mock.app import create_app
from payments_mock.settings import MerchantSettings, Settings
from testkit.inside.database import close_connections
from testkit.inside.shop import PAYMENT, basic

KEY = {"Authorization": basic("test_sk_extended:")}
MERCHANTS = (MerchantSettings("kiosk", secret_keys=("test_sk_extended",)),)


@pytest.fixture
def untouched() -> Iterator[Flask]:
    """Make an application that has seen no call yet, so that it can still be extended."""
    app = create_app(Settings(log_format="none", merchants=MERCHANTS))
    yield app
    close_connections(app)


@pytest.fixture
def ran() -> list[str]:
    """Collect what ran, in its order."""
    return []


def test_a_teardown_runs_at_the_end_of_each_call(untouched: Flask, ran: list[str]) -> None:
    untouched.teardown_request(lambda _error: ran.append("request"))
    untouched.teardown_appcontext(lambda _error: ran.append("application"))

    untouched.test_client().post("/v1/payments", json=PAYMENT, headers=KEY)

    assert ran == ["request", "application"]


def test_the_hooks_of_a_blueprint_run_around_its_own_calls(untouched: Flask, ran: list[str]) -> None:
    extension = Blueprint("extension", __name__)
    extension.before_request(lambda: ran.append("before"))
    extension.teardown_request(lambda _error: ran.append("teardown"))

    @extension.after_request
    def note(response: Response) -> Response:
        ran.append("after")
        return response

    extension.add_url_rule("/extension", view_func=lambda: "here")
    untouched.register_blueprint(extension)

    untouched.test_client().get("/health")
    answer = untouched.test_client().get("/extension")

    assert answer.get_data(as_text=True) == "here"
    assert ran == ["before", "after", "teardown"]


def test_an_extension_may_keep_a_session(untouched: Flask) -> None:
    def count() -> str:
        session["calls"] = session.get("calls", 0) + 1
        assert isinstance(session._get_current_object(), SecureCookieSession)  # type: ignore[attr-defined]
        return str(session["calls"])

    untouched.secret_key = "of an extension"
    untouched.add_url_rule("/count", view_func=count)
    client = untouched.test_client()

    assert [client.get("/count").text for _ in range(2)] == ["1", "2"]


def test_nobody_changes_it_after_the_first_call(untouched: Flask) -> None:
    untouched.test_client().get("/health")

    with pytest.raises(AssertionError, match="can no longer be called"):
        untouched.add_url_rule("/late", view_func=lambda: "late")


def test_everything_is_there_before_the_first_call(untouched: Flask) -> None:
    parts = {
        *("control", "receipts", "reference", "home", "inspector"),
        *("checkout", "sdk", "widgets", "health"),
    }

    assert untouched.blueprints.keys() == parts


def test_outside_of_a_call_there_are_addresses_where_flask_is_told_the_servers_name(untouched: Flask) -> None:
    untouched.config["SERVER_NAME"] = "pay.example"

    with untouched.app_context():
        assert current_app.url_for("health.show") == "http://pay.example/health"


def test_addresses_are_built_as_by_flask_the_first_time_and_again(untouched: Flask) -> None:
    untouched.add_url_rule("/orders/<order>/lines/<int:line>", "line", lambda **_named: "here")

    with untouched.test_request_context(base_url="http://pay.example"):
        for _ in range(2):
            assert url_for("line", order="가 1", line=2) == "/orders/%EA%B0%80%201/lines/2"
            assert url_for("line", order="a", line=2, page=3) == "/orders/a/lines/2?page=3"


def test_rules_keep_nothing_that_only_adding_them_reads(untouched: Flask) -> None:
    """What werkzeug keeps of this is a quarter of a megabyte."""
    assert [rule for rule in untouched.url_map.iter_rules() if rule._parts] == []
