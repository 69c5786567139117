"""Every word of the page exists in both languages, and no word is unused."""

import re
from importlib.resources import files
from inspect import getsource

import pytest

from payments_mock.checkout.acts import BrowserAct
from payments_mock.inspector import orders, verdicts
from payments_mock.story import Lane

PACKAGE = files("payments_mock.inspector")
LANGUAGES = ("ko", "en")
TEXT = r'"((?:[^"\\]|\\.)*)"'
SCRIPTS = {
    script.name: script.read_text(encoding="utf-8")
    for script in (PACKAGE / "static").iterdir()
    if script.name.endswith(".js")
}
WORDS_SCRIPT = SCRIPTS.pop("words.js")
PAGE = (PACKAGE / "templates" / "inspector" / "page.html").read_text(encoding="utf-8")


def table(name: str, language: str) -> dict[str, str]:
    """Read what a table of the script says in a language, by name."""
    [whole] = re.findall(rf"^const {name} = \{{\n(.*?)^\}};", WORDS_SCRIPT, re.DOTALL | re.MULTILINE)
    [part] = re.findall(rf"^  {language}: \{{\n(.*?)^  \}},", whole, re.DOTALL | re.MULTILINE)
    return {quoted or bare: said for quoted, bare, said in re.findall(rf'(?:"([\w-]+)"|(\w+)): {TEXT}', part)}


def asked_for() -> set[str]:
    """Find the words that the page and its scripts ask for by name, or by a name that they put together."""
    asked = set(re.findall(r' data-word(?:-\w+)?="(\w+)"', PAGE))
    asked |= {f"lane_{lane}" for lane in Lane}
    for recipe in re.findall(r'\{ name: "(\w+)", moment: ', SCRIPTS["faults.js"]):
        asked |= {f"recipe_{recipe}", f"recipe_{recipe}_what", f"recipe_{recipe}_good"}
    for script in SCRIPTS.values():
        asked |= set(re.findall(r'\b(?:word|button)\("(\w+)"', script))
    return asked


@pytest.mark.parametrize("name", ["WORDS", "VERDICTS"])
def test_both_languages_say_the_same(name: str) -> None:
    korean, english = (table(name, language) for language in LANGUAGES)

    assert len(english) > 10
    assert korean.keys() == english.keys()
    for each in english:
        assert sorted(re.findall(r"\{\w+\}", korean[each])) == sorted(re.findall(r"\{\w+\}", english[each]))


def test_every_word_that_is_asked_for_is_there() -> None:
    assert len(asked_for()) > 100
    assert asked_for() - table("WORDS", "en").keys() == set()


def test_no_word_is_kept_that_nobody_says() -> None:
    named = {name for script in SCRIPTS.values() for name in re.findall(r'"(\w+)"', script)}

    assert table("WORDS", "en").keys() - named - asked_for() == set()


def test_every_kind_of_verdict_has_words() -> None:
    kinds = set(re.findall(r'OrderJudgement\(\s*"(\w+)"', getsource(verdicts)))

    assert table("VERDICTS", "en").keys() == kinds


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_a_browser_does_has_words(language: str) -> None:
    assert table("BROWSER", language).keys() == set(BrowserAct)


def test_every_act_that_nobody_called_for_has_korean_words() -> None:
    [part] = re.findall(r"^const ACTS_KO = \{\n(.*?)^\};", WORDS_SCRIPT, re.DOTALL | re.MULTILINE)
    worded = {quoted or bare for quoted, bare in re.findall(r'(?:"([^"]+)"|(\w+)): "', part)}
    acts = set(re.findall(r'Lane\.\w+, "([^"]+)"', getsource(orders))) | {"pays in the window"}

    assert worded == acts
