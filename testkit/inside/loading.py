"""Read settings as a command line and an environment of a test's choice would give them."""

import os
from collections.abc import Mapping
from unittest.mock import patch

from payments_mock.settings import SETTINGS, Settings, load_settings


def load(
    flags: Mapping[str, str | tuple[str, ...]] | None = None, environment: Mapping[str, str] | None = None
) -> Settings:
    """Return the settings; `flags` has texts by the setting's name, and no other variable of ours is set."""
    others = {name: text for name, text in os.environ.items() if not name.startswith("PAYMENTS_MOCK_")}
    with patch.dict(os.environ, {**others, **(environment or {})}, clear=True):
        return load_settings(arguments_of(flags or {}))


def arguments_of(flags: Mapping[str, str | tuple[str, ...]]) -> list[str]:
    """Return what a user would type; repeated options are a tuple."""
    spelt = {setting.name: setting.flag for setting in SETTINGS}
    return [
        f"{spelt[name]}={text}"
        for name, texts in flags.items()
        for text in ((texts,) if isinstance(texts, str) else texts)
    ]
