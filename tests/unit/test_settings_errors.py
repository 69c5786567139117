"""A setting that will not do is refused in one line which names it and says what would."""

from pathlib import Path

import pytest

from payments_mock.settings import Settings, SettingsError
from testkit.inside.loading import load


def refusal(flags: dict[str, str | tuple[str, ...] | None] | None = None, **environment: str) -> str:
    with pytest.raises(SettingsError) as refused:
        load(flags, environment)
    line = str(refused.value)
    assert "\n" not in line
    return line


def refusal_of_file(tmp_path: Path, text: str) -> str:
    file = tmp_path / "mock.toml"
    file.write_text(text, encoding="utf-8")
    return refusal({"settings": str(file)})


@pytest.mark.parametrize("value", ["70000", "-1", "ninety", "90.5", "", "9" * 30, "９０９０"])
def test_a_port_must_be_a_whole_number_in_range(value: str):
    assert "port must be a whole number from 0 to 65535" in refusal({"port": value})


@pytest.mark.parametrize("name", ["workers", "threads"])
@pytest.mark.parametrize("value", ["0", "65", "two"])
def test_workers_and_threads_must_be_from_1_to_64(name: str, value: str):
    assert f"{name} must be a whole number from 1 to 64" in refusal({name: value})


def test_the_line_says_which_source_is_to_blame():
    assert refusal({"port": "x"}).endswith("(--port)")
    assert refusal(PAYMENTS_MOCK_PORT="x").endswith("(PAYMENTS_MOCK_PORT)")


@pytest.mark.every_case
@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("default_contract", "stripe", "kiosk or toss"),
        ("log_format", "xml", "text, json or none"),
        ("host", "", "a host name or address"),
        ("host", "a b", "a host name or address"),
        ("max_connections", "0", "a whole number from 1 to 100000"),
        ("public_url", "pay.example.com", "an address such as"),
        ("public_url", "https://", "an address such as"),
        ("public_url", "https://[pay", "an address such as"),
        ("public_url", "https://pay.example.com?a=b", "an address such as"),
        ("webhook_url", "localhost:8080/webhooks", "an address such as http://localhost:8080/webhooks"),
        ("webhook_url", "ftp://localhost/webhooks", "an address such as http://localhost:8080/webhooks"),
        ("webhook_url", "http://localhost:0/webhooks", "an address such as http://localhost:8080/webhooks"),
        ("webhook_url", "http://[shop", "an address such as http://localhost:8080/webhooks"),
        ("webhook_url", "http://localhost/" + "x" * 2000, "an address such as"),
        ("data", "/no/such/folder/pay.db", "a file in a folder that exists"),
        ("data", "/", "a file in a folder that exists"),
        ("data", "what?.db", "a file in a folder that exists"),
    ],
)
def test_the_line_says_what_would_be_right(name: str, value: str, expected: str):
    assert f"{name} must be {expected}" in refusal({name: value})


def test_a_switch_takes_a_word_for_yes_or_no():
    assert (
        refusal(PAYMENTS_MOCK_OPEN="maybe") == 'open must be true or false, not "maybe" (PAYMENTS_MOCK_OPEN)'
    )


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("PAYMENTS_MOCK_PROT", "PAYMENTS_MOCK_PROT is not a setting; did you mean PAYMENTS_MOCK_PORT?"),
        ("PAYMENTS_MOCK_", "PAYMENTS_MOCK_ is not a setting"),
        ("PAYMENTS_MOCK_ZZZZZZZZZZZZZZ", "known: PAYMENTS_MOCK_CONTROL_TOKEN, PAYMENTS_MOCK_DATA, "),
    ],
)
def test_a_variable_that_is_no_setting_is_refused(name: str, line: str):
    assert line in refusal(**{name: "1"})


@pytest.mark.parametrize("name", ["PAYMENTS_MOCK_URL", "PAYMENTS_MOCK_EXAMPLES"])
def test_a_variable_for_tests_is_left_alone(name: str):
    assert load({}, {name: "http://127.0.0.1:9090"}) == Settings()


def test_a_bad_database_url_is_not_repeated_since_it_may_hold_a_password():
    line = refusal({"database_url": "postgres//user:secret@host"})
    assert "database_url must be a SQLAlchemy URL" in line
    assert "secret" not in line


def test_data_and_database_url_exclude_each_other(tmp_path: Path):
    flags = {"data": str(tmp_path / "pay.db"), "database_url": "sqlite:////tmp/other.db"}
    assert "data and database_url exclude each other" in refusal(flags)


def test_an_unknown_name_in_the_file_is_answered_with_the_nearest_known(tmp_path: Path):
    line = refusal_of_file(tmp_path, 'databse_url = "sqlite:////tmp/x.db"')
    assert line == "databse_url is not a setting; did you mean database_url?"


def test_an_unknown_name_like_no_other_is_answered_with_the_known_ones(tmp_path: Path):
    assert "known: control_token, data, database_url" in refusal_of_file(tmp_path, "qqqqqq = 1")


@pytest.mark.parametrize("value", ['"9090"', "true", "1.5", "[9090]", "1979-05-27"])
def test_the_file_must_have_values_of_the_right_type(tmp_path: Path, value: str):
    assert "port must be a whole number" in refusal_of_file(tmp_path, f"port = {value}")


def test_a_file_cannot_name_another_file(tmp_path: Path):
    assert "settings is not a setting" in refusal_of_file(tmp_path, 'settings = "other.toml"')


def test_a_missing_file_is_named(tmp_path: Path):
    line = refusal({"settings": str(tmp_path / "absent.toml")})
    assert line == f"settings: can't read {tmp_path / 'absent.toml'}: No such file or directory"


@pytest.mark.parametrize("content", [b"port = ", b"\xff\xfe", b"port = 1\nport = 2"])
def test_a_file_that_is_not_toml_is_named(tmp_path: Path, content: bytes):
    file = tmp_path / "mock.toml"
    file.write_bytes(content)
    assert f"settings: {file} is not TOML" in refusal({"settings": str(file)})


def test_a_file_that_is_nested_too_deep_is_named(tmp_path: Path):
    line = refusal_of_file(tmp_path, "port = " + "[" * 5000)
    assert line == f"settings: {tmp_path / 'mock.toml'} is nested too deep"


def test_a_webhook_url_must_be_one_that_webhooks_may_go_to():
    flags = {"webhook_url": "https://shop.example/webhooks", "webhook_targets": "loopback"}
    line = refusal(dict(flags))
    assert line == "webhook_url: the setting webhook_targets (loopback) lets no webhook go to shop.example"
    assert load({"webhook_url": "http://localhost:8080/webhooks?a=b"}, {}).webhook_url is not None
