"""A page of v1 that skips the window is told at once how it would have ended."""

from tests.checkout.conftest import Browser


def test_a_forced_success_authenticates_with_what_the_window_proposes(browser: Browser) -> None:
    begun = browser.ask(method="CARD", skipAuth="FORCE_SUCCESS").json
    assert begun is not None

    assert begun["outcome"]["kind"] == "AUTHENTICATED"
    assert f"paymentKey={begun['paymentKey']}" in begun["outcome"]["redirectUrl"]
    assert browser.payment()["status"] == "IN_PROGRESS"


def test_a_forced_failure_is_the_card_companys(browser: Browser) -> None:
    begun = browser.ask(method="CARD", skipAuth="FORCE_FAIL").json
    assert begun is not None

    assert (begun["outcome"]["kind"], begun["outcome"]["code"]) == ("FAILED", "REJECT_CARD_COMPANY")
    assert browser.payment()["status"] == "ABORTED"


def test_another_word_is_refused_by_its_field(browser: Browser) -> None:
    refused = browser.ask(method="CARD", skipAuth="MAYBE")

    assert refused.status_code == 400
    assert "skipAuth" in refused.text
