import re

from pytest_bdd import scenarios, then

from step_defs.wording import sentence
from testkit.answer import Answer

scenarios("toss/languages.feature")

KOREAN = re.compile("[가-힣]")


@then(sentence("the message is in {language:w}"))
def _(answer: Answer, language: str) -> None:
    assert (KOREAN.search(answer.body["message"]) is not None) == (language == "Korean")
