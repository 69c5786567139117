"""Runs scenarios side by side on one sandbox, those that move its clock one after the other."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Final

import requests

from payments_mock.certify.checks import Invariant
from payments_mock.certify.description import Description
from payments_mock.certify.judging import HOLDS, Deal, in_money
from payments_mock.certify.ledger import ProviderSide, open_sandbox
from payments_mock.certify.merchant import (
    Channel,
    DriverChannel,
    HttpChannel,
    MerchantUnreachableError,
    NotUnderstoodError,
    ShopUnderTest,
)
from payments_mock.certify.processes import MerchantProcess, ProviderProcess, listens
from payments_mock.certify.results import Finding, Grade, ScenarioResult
from payments_mock.certify.scenarios import Scenario
from payments_mock.certify.scene import NotReachedError, Scene
from payments_mock.story import StoryVerdict
from payments_mock.testing.control_client import ControlClient, ControlError

DEFAULT_PORT: Final = 9090
_SUITE_ERRORS: Final = (
    ControlError,
    requests.RequestException,
    OSError,
    TimeoutError,
    ValueError,
    LookupError,
)


@dataclass(frozen=True)
class Bench:
    """What a run has set up: the merchant's description, the provider, and a way to the merchant."""

    description: Description
    side: ProviderSide
    open_channel: Callable[[], Channel]
    provider_url: str

    def scene(self, name: str) -> Scene:
        """Begin a scenario, with a shopper of its own."""

        def open_shop(notice: Callable[..., None]) -> ShopUnderTest:
            return ShopUnderTest(self.description, self.open_channel(), notice)

        return Scene(name, self.description, self.side, open_shop)


@contextmanager
def set_up(description: Description, provider_url: str | None, token: str | None) -> Iterator[Bench]:
    """Serve a provider unless one is named, make a sandbox, start the merchant; stop all of it in the end.

    Raises:
        StartFailedError: a program does not start.
        ControlError, requests.RequestException: the provider refuses, or can't be reached.
    """
    with ExitStack() as stack:
        url = provider_url
        if url is None:
            is_free = bool(description.start or description.driver)
            port = description.provider_port or (0 if is_free else DEFAULT_PORT)
            provider = ProviderProcess(port)
            stack.callback(provider.stop)
            url = provider.url
        control = ControlClient(url, token)
        side = open_sandbox(control, description)
        stack.callback(_close_quietly, side)
        told = {
            "PROVIDER_URL": url,
            "SECRET_KEY": side.sandbox.secret_key,
            "CLIENT_KEY": side.sandbox.client_key or "",
        }
        if description.start:
            stack.callback(MerchantProcess(description.start, told, description).stop)
        open_channel: Callable[[], Channel] = lambda: HttpChannel(description)  # noqa: E731
        if description.driver:
            driver = MerchantProcess(description.driver, told, description, is_driver=True)
            stack.callback(driver.stop)
            channel = DriverChannel(driver.process)
            description = replace(description, declared=channel.verbs())
            open_channel = lambda: channel  # noqa: E731
        yield Bench(description, side, open_channel, url)


def _close_quietly(side: ProviderSide) -> None:
    try:
        side.close()
    except (ControlError, requests.RequestException):
        # The provider is gone, and the sandbox with it.
        return


def run_all(
    bench: Bench, scenarios: Sequence[Scenario], jobs: int, told: Callable[[ScenarioResult], None]
) -> None:
    """Run scenarios, `jobs` of them at a time, and those that must be alone behind them; tell each result."""
    together = [scenario for scenario in scenarios if not scenario.alone]
    with ThreadPoolExecutor(max(1, jobs)) as pool:
        waiting = [pool.submit(run_one, bench, scenario) for scenario in together]
        try:
            for future in as_completed(waiting):
                told(future.result())
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
    for scenario in scenarios:
        if scenario.alone:
            told(run_one(bench, scenario))


def run_one(bench: Bench, scenario: Scenario) -> ScenarioResult:
    """Run one scenario and judge its orders; our own mishaps become a result too, never the merchant's."""
    began = time.monotonic()
    blank = ScenarioResult(scenario.id, scenario.pitfall, scenario.title)
    lack = scenario.lacks(bench.description)
    if lack is not None:
        return replace(blank, reason=lack, grade_without=Grade.NOT_APPLICABLE)
    result = blank
    try:
        scene = bench.scene(scenario.id)
        try:
            result = _played(scene, scenario, blank)
        finally:
            scene.close()
    except _SUITE_ERRORS as error:
        reason = f"{type(error).__name__}: {' '.join(str(error).split())}"
        result = replace(blank, reason=f"the suite failed: {reason}", grade_without=Grade.SUITE_ERROR)
    return replace(result, seconds=round(time.monotonic() - began, 3))


def _played(scene: Scene, scenario: Scenario, blank: ScenarioResult) -> ScenarioResult:
    try:
        scenario.script(scene)
        findings = [found for deal in scene.deals for found in _judged(scene, scenario, deal)]
    except (NotReachedError, NotUnderstoodError) as error:
        return _told(scene, replace(blank, reason=str(error), grade_without=Grade.UNTESTED))
    except MerchantUnreachableError as error:
        reason = f"the merchant does not answer: {error}"
        if not listens(scene.description.base_url):
            reason += f"; nothing listens at {scene.description.base_url}"
        return _told(scene, replace(blank, reason=reason, grade_without=Grade.INCONCLUSIVE))
    missing = scene.unproven()
    if missing:
        return _told(scene, replace(blank, reason="; ".join(missing), grade_without=Grade.UNTESTED))
    return _told(scene, replace(blank, findings=(*findings, *scene.findings)))


def _judged(scene: Scene, scenario: Scenario, deal: Deal) -> list[Finding]:
    observed = scene.settle(deal)
    sentence = in_money(observed)
    findings = []
    for invariant in scenario.invariants:
        grade = Grade.SURVIVES
        if not HOLDS[invariant](observed):
            waits = invariant is Invariant.ORDER_SETTLES
            grade = Grade.INCONCLUSIVE if waits else Grade.BREAKS
        findings.append(Finding(f"{scenario.pitfall}/{invariant}", grade, sentence))
    return findings


def _told(scene: Scene, result: ScenarioResult) -> ScenarioResult:
    """Add the stories of the orders; those of a sound run are not asked for."""
    if result.grade in (Grade.SURVIVES, Grade.NOT_APPLICABLE):
        return result
    stories = []
    for deal in scene.deals:
        told = scene.story(deal)
        if deal.last is not None:
            bad = result.grade in (Grade.BREAKS, Grade.INCONCLUSIVE)
            told = replace(told, verdict=StoryVerdict(not bad, in_money(deal.last)))
        stories.append(told)
    return replace(result, stories=tuple(stories), curls=tuple(scene.curls))
