"""That the browser is heard, as every other test here relies on it."""

import pytest

from tests.browser.conftest import Profiles, Provider

COMPLAINTS = {
    "console.error('spilled')": "error: spilled",
    "console.warn('slippery')": "warning: slippery",
    "setTimeout(() => { throw new Error('broken'); })": "broken",
    "fetch('/nowhere').then((answer) => answer.text())": "status of 404",
    "fetch('http://127.0.0.1:1').catch(() => {})": "failed: http://127.0.0.1:1/",
    "alert('stop')": "dialog: stop",
}


@pytest.mark.parametrize(("happening", "complaint"), COMPLAINTS.items())
def test_whatever_goes_wrong_on_a_page_is_heard(
    all_profiles: Profiles, provider: Provider, happening: str, complaint: str
) -> None:
    page = all_profiles.open(f"{provider.url}/health", locale="ko-KR").page

    page.evaluate(f"async () => {{ await {happening}; await new Promise((later) => setTimeout(later)); }}")

    assert complaint in " ".join(all_profiles.tidy())
