"""Where settings come from, and which source wins."""

import json
from pathlib import Path

import pytest

from payments_mock.app import create_app
from payments_mock.server.process import places_of
from payments_mock.settings import SETTINGS, Settings, load_settings
from testkit.inside.loading import load


def write(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_without_any_source_every_setting_has_its_default():
    assert load({}, {}) == Settings()


def test_the_table_and_the_settings_agree_on_defaults():
    for setting in SETTINGS:
        if setting.name != "secret_keys":
            assert getattr(Settings(), setting.name) == setting.default


def test_a_flag_wins_over_the_environment_which_wins_over_the_file(tmp_path: Path):
    file = write(tmp_path / "mock.toml", 'host = "file"\nport = 1\nworkers = 3\n')
    environment = {
        "PAYMENTS_MOCK_HOST": "environment",
        "PAYMENTS_MOCK_PORT": "2",
        "PAYMENTS_MOCK_SETTINGS": file,
    }

    settings = load({"host": "flag"}, environment)

    assert (settings.host, settings.port, settings.workers) == ("flag", 2, 3)
    assert places_of(settings).at_once == 1


def test_an_empty_environment_variable_counts_as_not_set():
    assert load({}, {"PAYMENTS_MOCK_PORT": ""}).port == 9090


def test_the_environment_of_the_process_is_read_unless_another_is_given(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PAYMENTS_MOCK_PORT", "1234")
    assert load_settings().port == 1234


def test_an_application_made_without_settings_reads_the_environment_and_the_file_that_it_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    file = write(tmp_path / "mock.toml", 'log_format = "none"\nsecret_keys = ["test_sk_of_the_file"]\n')
    monkeypatch.setenv("PAYMENTS_MOCK_SETTINGS", file)
    monkeypatch.setenv("PAYMENTS_MOCK_DATA", str(tmp_path / "pay.db"))

    answer = create_app().test_client().get("/v1/payments/none", auth=("test_sk_of_the_file", ""))

    assert answer.status_code == 404
    assert (tmp_path / "pay.db").exists()


def test_every_setting_can_be_given_by_environment_and_by_file(tmp_path: Path):
    values = {
        "host": "::1",
        "port": 0,
        "workers": 2,
        "threads": 3,
        "data": str(tmp_path / "pay.db"),
        "public_url": "https://pay.example.com/base",
        "default_contract": "toss",
        "log_format": "json",
        "max_connections": 5,
        "open": True,
    }
    lines = [f"{name} = {json.dumps(value)}" for name, value in values.items()]
    file = write(tmp_path / "mock.toml", "\n".join(lines))

    by_file = load({"settings": file}, {})
    by_environment = load({}, {"PAYMENTS_MOCK_" + name.upper(): str(v) for name, v in values.items()})

    for name, value in values.items():
        expected = Path(value) if name == "data" else value
        assert getattr(by_file, name) == getattr(by_environment, name) == expected


def test_a_flag_and_a_variable_are_spelt_after_the_settings_name():
    spellings = {setting.name: (setting.flag, setting.environment) for setting in SETTINGS}
    assert spellings["database_url"] == ("--database-url", "PAYMENTS_MOCK_DATABASE_URL")
    assert spellings["secret_keys"] == ("--secret-key", "PAYMENTS_MOCK_SECRET_KEYS")
    assert spellings["settings"] == ("--settings", "PAYMENTS_MOCK_SETTINGS")


@pytest.mark.parametrize("word", ["true", "TRUE", "yes", "on", "1"])
def test_a_variable_switches_a_setting_on_by_any_usual_word(word: str):
    assert load({}, {"PAYMENTS_MOCK_OPEN": word}).open


@pytest.mark.parametrize("word", ["false", "No", "off", "0"])
def test_a_variable_switches_a_setting_off_by_any_usual_word(word: str):
    assert not load({}, {"PAYMENTS_MOCK_OPEN": word}).open


def test_data_is_kept_in_sqlite_in_that_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    assert load({"data": "pay.db"}, {}).sqlalchemy_url == f"sqlite:///{tmp_path}/pay.db"


def test_a_database_url_is_taken_as_it_is():
    url = "postgresql+psycopg://user:word@host/name"
    assert load({"database_url": url}, {}).sqlalchemy_url == url


def test_without_a_place_for_data_there_is_no_url():
    assert load({}, {}).sqlalchemy_url is None
