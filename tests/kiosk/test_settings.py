from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from payments_mock.kiosk import KioskSettings, create_kiosk
from payments_mock.kiosk.settings import ProviderContract, SettingError


@pytest.mark.every_case
@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"provider_url": "127.0.0.1:9090"}, "provider"),
        ({"provider_url": "ftp://127.0.0.1"}, "provider"),
        ({"provider_url": "http://"}, "provider"),
        ({"provider_url": "http://[::1"}, "provider"),
        ({"provider_url": "http://127.0.0.1:99999"}, "provider"),
        ({"provider_url": "http://a b"}, "provider"),
        ({"provider_url": "http://127.0.0.1:9090/?a=b"}, "provider"),
        ({"secret_key": ""}, "secret-key"),
        ({"secret_key": "비밀"}, "secret-key"),
        ({"secret_key": "test:sk"}, "secret-key"),
        ({"client_key": "test_ck_dummy"}, "client-key"),
        ({"contract": ProviderContract.TOSS, "client_key": "test_gck_dummy"}, "client-key"),
        ({"contract": ProviderContract.TOSS, "secret_key": "test_gsk_dummy"}, "client-key"),
        (
            {"contract": ProviderContract.TOSS, "secret_key": "test_sk_a", "client_key": "test_gck_a"},
            "client-key",
        ),
        ({"contract": ProviderContract.TOSS, "secret_key": "test_sk_a", "client_key": ""}, "client-key"),
        ({"timeout": 0.0}, "timeout"),
        ({"timeout": -1.0}, "timeout"),
        ({"timeout": float("nan")}, "timeout"),
        ({"timeout": float("inf")}, "timeout"),
        ({"data": Path("/no/such/folder/kiosk.db")}, "data"),
        ({"data": Path("/")}, "data"),
        ({"data": Path("kiosk.db"), "database_url": "sqlite:///kiosk.db"}, "data"),
        ({"database_url": "nonsense"}, "database-url"),
        ({"database_url": "sqlite://"}, "database-url"),
        ({"database_url": "sqlite:///:memory:"}, "database-url"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused_by_name(values: Mapping[str, Any], name: str) -> None:
    with pytest.raises(SettingError) as refusal:
        KioskSettings(**values)
    assert refusal.value.name == name


@pytest.mark.parametrize("url", ["nosuchdatabase://host/name", "sqlite:////no/such/folder/kiosk.db"])
def test_a_database_that_cannot_be_opened_is_refused_by_name(url: str) -> None:
    with pytest.raises(SettingError, match=r"^database-url: the database cannot be opened"):
        create_kiosk(KioskSettings(database_url=url))


def test_a_file_is_found_from_where_the_kiosk_was_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    create_kiosk(KioskSettings(database_url="sqlite:///kiosk.db"))

    assert (tmp_path / "kiosk.db").is_file()


def test_a_file_that_is_no_database_is_refused_by_name(tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Dear shopper, this is not a database. " * 50)
    with pytest.raises(SettingError, match=r"^data: the database cannot be opened"):
        create_kiosk(KioskSettings(data=file))
