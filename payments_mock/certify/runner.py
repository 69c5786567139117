"""Runs scenarios side by side on one sandbox, those that move its clock one after the other."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from random import Random
from typing import Final

from payments_mock.certify.checks import Invariant
from payments_mock.certify.description import Description
from payments_mock.certify.judging import HOLDS, Deal, JobPace, in_money, in_money_korean
from payments_mock.certify.ledger import ProviderSide, open_sandbox
from payments_mock.certify.merchant import (
    Channel,
    DriverChannel,
    HttpChannel,
    MerchantUnreachableError,
    NotUnderstoodError,
    ShopUnderTest,
)
from payments_mock.certify.processes import MerchantProcess, ProviderProcess, StartFailedError, listens
from payments_mock.certify.results import Finding, Grade, ScenarioResult
from payments_mock.certify.scenarios import Scenario
from payments_mock.certify.scene import NotReachedError, Scene
from payments_mock.story import StoryVerdict
from payments_mock.testing.control_client import ControlClient, KitError

DEFAULT_PORT: Final = 9090
_FINE: Final = (Grade.SURVIVES, Grade.WARNS, Grade.NOT_APPLICABLE)
_SUITE_ERRORS: Final = (StartFailedError, KitError, OSError, ValueError, LookupError)
"""Network errors are OSErrors, too."""


@dataclass(frozen=True)
class Bench:
    """What a run has set up: the merchant's description, the provider, and a way to the merchant."""

    description: Description
    side: ProviderSide
    open_channel: Callable[[], Channel]
    seed: int = 0
    pace: JobPace = field(default_factory=JobPace)

    def scene(self, name: str) -> Scene:
        """Begin a scenario, with a shopper of its own."""

        def open_shop(notice: Callable[..., None]) -> ShopUnderTest:
            return ShopUnderTest(self.description, self.open_channel(), notice)

        chance = Random(f"{self.seed}:{name}")  # noqa: S311
        return Scene(self.description, self.side, open_shop, chance, self.pace)


@contextmanager
def set_up(
    description: Description, provider_url: str | None = None, token: str | None = None, seed: int = 0
) -> Iterator[Bench]:
    """Serve a provider unless one is named, make a sandbox, start the merchant; stop all of it in the end.

    Raises:
        StartFailedError: a program does not start.
        KitError, requests.RequestException: the provider refuses, or can't be reached.
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
            if not description.declared:
                raise StartFailedError("the driver answered describe with no verbs")
            open_channel = lambda: channel  # noqa: E731
        yield Bench(description, side, open_channel, seed)


def _close_quietly(side: ProviderSide) -> None:
    try:
        side.close()
    except (KitError, OSError):
        # The provider is gone, and the sandbox with it.
        return


def run_all(
    bench: Bench,
    scenarios: Sequence[Scenario],
    jobs: int,
    told: Callable[[ScenarioResult], None],
    scored: frozenset[str] | None = None,
) -> None:
    """Run scenarios, `jobs` of them at a time, and those that must be alone behind them; tell each result.

    Of their checks those that are `scored` count, all of them unless said.
    """
    obstacle = _obstacle(bench)
    if obstacle is not None:
        for scenario in scenarios:
            told(_without_answer(bench, scenario, obstacle))
        return
    together = [scenario for scenario in scenarios if not scenario.alone]
    if bench.seed:
        Random(bench.seed).shuffle(together)  # noqa: S311
    pool = ThreadPoolExecutor(max(1, jobs))
    waiting = [pool.submit(run_one, bench, scenario) for scenario in together]
    try:
        for future in as_completed(waiting):
            told(_scored(future.result(), scored))
    finally:
        # An interrupt does not wait: running scenarios end when merchant and provider stop.
        pool.shutdown(wait=False, cancel_futures=True)
    for scenario in scenarios:
        if scenario.alone:
            told(_scored(run_one(bench, scenario), scored))


def _obstacle(bench: Bench) -> str | None:
    """Have the merchant forget earlier runs, and place an order with nothing in the way.

    Returns why no scenario can say anything: who gives no answer at all is not asked again and again.
    """
    with closing(bench.scene("first order")) as scene:
        try:
            if bench.description.has("reset"):
                answer = scene.shop.ask("reset", {})
                if not answer.is_ok:
                    return f"[reset] does not work: {answer.request} -> {answer.outcome}"
            scene.order()
        except MerchantUnreachableError as error:
            return f"the merchant does not answer: {error}"
        except NotUnderstoodError:
            return None
    return None


def _without_answer(bench: Bench, scenario: Scenario, reason: str) -> ScenarioResult:
    blank = ScenarioResult(scenario.id, scenario.pitfall, scenario.title)
    lack = scenario.lacks(bench.description)
    if lack is not None:
        return replace(blank, reason=lack, grade_without=Grade.NOT_APPLICABLE)
    return replace(blank, reason=reason, grade_without=Grade.INCONCLUSIVE)


def _scored(result: ScenarioResult, scored: frozenset[str] | None) -> ScenarioResult:
    if scored is None:
        return result
    return replace(result, findings=tuple(one for one in result.findings if one.check in scored))


def run_one(bench: Bench, scenario: Scenario) -> ScenarioResult:
    """Run one scenario and judge its orders; our own mishaps become a result too, never the merchant's."""
    began = time.monotonic()
    blank = ScenarioResult(scenario.id, scenario.pitfall, scenario.title)
    if scenario.lacks(bench.description) is not None:
        return _without_answer(bench, scenario, "")
    try:
        with closing(bench.scene(scenario.id)) as scene:
            result = _played(scene, scenario, blank)
    except _SUITE_ERRORS as error:
        reason = f"{type(error).__name__}: {' '.join(str(error).split())}"
        result = replace(blank, reason=f"the suite failed: {reason}", grade_without=Grade.SUITE_ERROR)
    if result.grade not in _FINE:
        result = _excused(bench, result)
    return replace(result, seconds=round(time.monotonic() - began, 3))


def _excused(bench: Bench, result: ScenarioResult) -> ScenarioResult:
    """Take a verdict back that was passed while the provider was not well, or the merchant was gone."""
    trouble = bench.side.trouble()
    if trouble is not None:
        reason = f"the suite failed: {trouble}"
        return replace(result, findings=(), reason=reason, grade_without=Grade.SUITE_ERROR)
    if not bench.description.driver and not listens(bench.description.base_url):
        reason = f"the merchant has gone: nothing listens at {bench.description.base_url}"
        return replace(result, findings=(), reason=reason, grade_without=Grade.INCONCLUSIVE)
    return result


def _played(scene: Scene, scenario: Scenario, blank: ScenarioResult) -> ScenarioResult:
    try:
        scenario.script(scene)
        findings = _judged(scene, scenario)
        if scene.wait_for_strikes():
            findings = _judged(scene, scenario)
    except (NotReachedError, NotUnderstoodError) as error:
        return _told(scene, replace(blank, reason=str(error), grade_without=Grade.UNTESTED))
    except MerchantUnreachableError as error:
        reason = f"the merchant does not answer: {error}"
        return _told(scene, replace(blank, reason=reason, grade_without=Grade.INCONCLUSIVE))
    missing = scene.unproven()
    if missing:
        return _told(scene, replace(blank, reason="; ".join(missing), grade_without=Grade.UNTESTED))
    return _told(scene, replace(blank, findings=(*findings, *scene.findings)))


def _judged(scene: Scene, scenario: Scenario) -> list[Finding]:
    return [found for deal in scene.deals for found in _judged_order(scene, scenario, deal)]


def _judged_order(scene: Scene, scenario: Scenario, deal: Deal) -> list[Finding]:
    observed = scene.settle(deal)
    sentence, korean = in_money(observed), in_money_korean(observed)
    findings = []
    for invariant in scenario.invariants:
        grade = Grade.SURVIVES
        if not HOLDS[invariant](observed):
            waits = invariant is Invariant.ORDER_SETTLES
            grade = Grade.INCONCLUSIVE if waits else Grade.BREAKS
        findings.append(Finding(f"{scenario.pitfall}/{invariant}", grade, sentence, korean))
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
    volatile = [name for deal in scene.deals for name in (deal.id, deal.at_provider, *deal.keys)]
    return replace(result, stories=tuple(stories), curls=tuple(scene.curls), volatile=tuple(volatile))


def try_out(bench: Bench) -> Iterator[tuple[str, bool, str]]:
    """Try only the happy paths; yields each verb, whether it works, and what came back."""
    with closing(bench.scene("smoke")) as scene:
        yield from _tried_out(bench, scene)


def _tried_out(bench: Bench, scene: Scene) -> Iterator[tuple[str, bool, str]]:
    description = bench.description
    yield from _asked(scene, "reset")
    try:
        deal = scene.order()
    except (MerchantUnreachableError, NotUnderstoodError) as error:
        yield "place_order", False, str(error)
        return
    yield "place_order", True, f"order {deal.id} over {deal.amount:,} won"
    yield _looked(scene, deal, ("open", "pending", "failed"), "order")
    answer = scene.pay(deal)
    unreached = "" if answer.is_ok else bench.side.unreached()
    yield description.pays_by, answer.is_ok, f"{answer.request} -> {answer.outcome}{unreached}"
    if not unreached:
        verb, is_paid, told = _looked(scene, deal, ("paid",), "order")
        unreached = "" if is_paid else bench.side.unreached()
        yield verb, is_paid, f"{told}{unreached}"
    if unreached:
        return
    for verb in ("partial_refund", "refund"):
        if description.has(verb):
            yield from _refunded(scene, verb)
    yield from _asked(scene, "reconcile")
    if description.webhook_url is not None:
        yield "webhook_url", *bench.side.webhooks_taken(deal.at_provider)


def _asked(scene: Scene, verb: str) -> Iterator[tuple[str, bool, str]]:
    if scene.description.has(verb):
        answer = scene.shop.ask(verb, {})
        yield verb, answer.is_ok, f"{answer.request} -> {answer.outcome}"


def _looked(scene: Scene, deal: Deal, wanted: Sequence[str], verb: str) -> tuple[str, bool, str]:
    seen = scene.settle(deal).seen
    told = f"{seen.word} means {seen.state}" if seen.state else f"{seen.word} is in none of order.states"
    return verb, seen.state in wanted, f"{told}; wanted {' or '.join(wanted)}"


def _refunded(scene: Scene, verb: str) -> Iterator[tuple[str, bool, str]]:
    deal = scene.order()
    scene.pay(deal)
    scene.settle(deal)
    part = max(1, deal.amount // 3)
    answer = scene.refund(deal) if verb == "refund" else scene.partial_refund(deal, part)
    wanted = ("refunded",) if verb == "refund" else ("partly_refunded", "paid")
    yield verb, answer.is_ok, f"{answer.request} -> {answer.outcome}"
    yield _looked(scene, deal, wanted, "order")
