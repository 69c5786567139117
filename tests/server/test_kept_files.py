"""Where the payments of a server are kept: in the file that was named, whole, and for the next start."""

import sqlite3
import sys
from pathlib import Path

import pytest
import requests

from payments_mock.testing.servers import MockServer
from testkit.postgresql import Postgresql
from testkit.processes import running_server

pytestmark = pytest.mark.a_few(4)

SERVE = [sys.executable, "-m", "payments_mock", "serve", "--port", "0", "--log-format", "none"]
PAYMENT = {"paymentKey": "pay_kept", "orderId": "order_kept", "amount": 1_000}
KEY = ("test_sk_dummy", "")


def pay_and_stop(tmp_path: Path, *options: str) -> None:
    with running_server([*SERVE, *options], tmp_path) as server:
        assert requests.post(f"{server.url}/v1/payments", json=PAYMENT, auth=KEY, timeout=10).ok


def remembers(tmp_path: Path, *options: str) -> bool:
    with running_server([*SERVE, *options], tmp_path) as server:
        return requests.get(f"{server.url}/v1/payments/pay_kept", auth=KEY, timeout=10).ok


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    (tmp_path / "logs").mkdir()
    return tmp_path / "logs"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "kept").mkdir()
    return tmp_path / "kept"


@pytest.mark.parametrize("name", ["payments-mock-ci.db", "pay%41.db", "a b#c.db"])
def test_a_file_is_kept_under_its_own_name(logs: Path, folder: Path, name: str) -> None:
    options = ("--data", str(folder / name))

    pay_and_stop(logs, *options)

    assert [file.name for file in folder.iterdir()] == [name]
    assert remembers(logs, *options)


def test_a_file_is_kept_in_the_folder_that_was_named(logs: Path, folder: Path) -> None:
    project = folder / "proj%2Fx"
    project.mkdir()

    pay_and_stop(logs, "--data", str(project / "payments.db"))

    assert [file.name for file in project.iterdir()] == ["payments.db"]


def test_a_temporary_folder_may_have_any_name(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch = folder / "tmp%41"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))

    with MockServer() as server:
        assert requests.post(f"{server.url}/v1/payments", json=PAYMENT, auth=KEY, timeout=10).ok


def test_a_database_of_postgresql_is_kept_whatever_its_name(logs: Path, postgresql: Postgresql) -> None:
    name = "payments-mock-ci"
    postgresql.run(f'CREATE DATABASE "{name}"')
    options = ("--database-url", postgresql.url(name))

    pay_and_stop(logs, *options)

    assert remembers(logs, *options)


@pytest.mark.parametrize("options", [(), ("--workers", "3"), ("--threads", "4")])
def test_after_a_stop_all_is_in_the_file(logs: Path, folder: Path, options: tuple[str, ...]) -> None:
    file = folder / "payments.db"

    pay_and_stop(logs, "--data", str(file), *options)

    assert list(folder.iterdir()) == [file]
    copy = logs / "copy.db"
    copy.write_bytes(file.read_bytes())
    with sqlite3.connect(copy) as connection:
        assert connection.execute("SELECT payment_key FROM payments").fetchall() == [("pay_kept",)]
        assert connection.execute("SELECT count(*) FROM journal").fetchone() == (1,)


def test_a_provider_in_the_test_leaves_one_file_too(folder: Path) -> None:
    file = folder / "payments.db"

    with MockServer(data=file) as server:
        assert requests.post(f"{server.url}/v1/payments", json=PAYMENT, auth=KEY, timeout=10).ok

    assert list(folder.iterdir()) == [file]
