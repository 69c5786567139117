"""Which databases can be used, and how the others are refused."""

import sys

import pytest
from sqlalchemy import make_url

from payments_mock.storage.engine.engines import DatabaseUnsupportedError, engine_options


def refusal(url: str) -> str:
    with pytest.raises(DatabaseUnsupportedError) as caught:
        engine_options(make_url(url))
    return str(caught.value)


@pytest.mark.parametrize("kind", ["mysql", "postgresql", "postgres", "postgresql+psycopg2"])
def test_others_are_refused_with_those_that_are_not(kind: str) -> None:
    line = refusal(f"{kind}://user:word@host/name")

    assert line == f"sqlite:/// and postgresql+psycopg:// are supported, not {kind}://"


@pytest.mark.parametrize("missing", ["psycopg", "greenlet"])
def test_a_missing_driver_is_told_with_how_to_get_it(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, missing, None)

    assert "pip install 'psycopg[binary]' greenlet" in refusal("postgresql+psycopg://host/name")


@pytest.mark.parametrize(
    ("query", "options"),
    [
        ("", {"connect_timeout": 5, "tcp_user_timeout": 5000, "keepalives_idle": 5}),
        ("?connect_timeout=9", {"tcp_user_timeout": 9000, "keepalives_idle": 9}),
        ("?connect_timeout=9&tcp_user_timeout=1&keepalives_idle=2", {}),
    ],
)
def test_a_server_that_does_not_answer_is_given_up_unless_the_url_says_when(
    query: str, options: object
) -> None:
    url = make_url(f"postgresql+psycopg://host/name{query}")

    assert engine_options(url).get("connect_args") == options
