"""docs/settings.md says what the settings are."""

import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from payments_mock.settings import SETTINGS, MerchantSettings, Setting
from testkit.inside.loading import load

PAGE = (Path(__file__).parents[2] / "docs" / "settings.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_each_setting_has_its_row(setting: Setting):
    default = f"`{setting.shown_default}`" if setting.shown_default else ""
    cells = [
        f"`{setting.name}`",
        f"`{setting.usage}`",
        f"`{setting.environment}`",
        default,
        setting.help,
    ]
    assert f"| {' | '.join(cells)} |" in PAGE


def test_there_is_no_row_for_a_setting_that_is_not():
    assert re.findall(r"^\| `(\w+)` \| `--", PAGE, re.M) == [setting.name for setting in SETTINGS]


def test_each_setting_of_a_merchant_has_its_row():
    rows = PAGE.partition("## The file")[2]
    assert re.findall(r"^\| `(\w+)` \|", rows, re.M) == [field.name for field in fields(MerchantSettings)]


def test_the_files_example_can_be_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    [example] = re.findall(r"```toml\n(.*?)```", PAGE, re.S)
    assert tomllib.loads(example)
    (tmp_path / "mock.toml").write_text(example, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    settings = load({"settings": "mock.toml"}, {})

    assert (settings.port, settings.workers, settings.data) == (9191, 2, Path("payments.db"))
    assert {"cafe", "bookshop"} < {merchant.id for merchant in settings.merchants}
