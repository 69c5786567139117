"""What a soak passes, and what it fails for."""

from array import array
from collections.abc import Sequence
from dataclasses import replace

import pytest

from benchmarks.soak.percentiles import Percentiles, by_second
from benchmarks.soak.report import Load, report, spread
from benchmarks.soak.verdicts import Holdings, Sample, Shares, Soaked

RESTING = Holdings(threads=3, sockets=2, files=20)
QUICK, SLOW = 0.001, 0.004


def latencies(p99: float = SLOW, p50: float = QUICK) -> dict[str, "array[float]"]:
    """Return latencies of which two in a hundred are slow."""
    return {"create": array("d", [p50] * 98 + [p99] * 2), "get": array("d", [p50] * 98 + [p99] * 2)}


def steady(count: int = 16) -> list[Sample]:
    """Return samples of a server at which nothing changes but the file, which grows with each life."""
    idle = Shares(server=0.7, client=0.1, others=0.0)
    late = array("d", [0.00003] * 10)
    return [
        Sample(
            minute=number + 1.0,
            seconds=1.0,
            full_speed=140.0,
            latencies=latencies(),
            lives=100,
            so_far=1_000 + 100 * number,
            client_late=late,
            held_up=0,
            shares=idle,
            memory=60.0,
            stored=10.0 + number,
            log=16.0,
            bare=[Percentiles(p50=0.2, p99=2.0)],
        )
        for number in range(count)
    ]


def soaked(
    samples: Sequence[Sample] | None = None, after: Holdings = RESTING, entries: int = 10_000
) -> Soaked:
    return Soaked(steady() if samples is None else samples, RESTING, after, entries, kept=10_000)


def failures(result: Soaked) -> list[str]:
    return [check.name for check in result.checks() if not check.passed]


def at_the_end(**changed: object) -> list[Sample]:
    """Return steady samples of which the last ones differ."""
    samples = steady()
    return samples[:-4] + [replace(sample, **changed) for sample in samples[-4:]]  # type: ignore[arg-type]


def test_a_steady_server_passes() -> None:
    assert failures(soaked()) == []


def test_memory_that_grows_fails() -> None:
    assert failures(soaked(at_the_end(memory=63.1))) == ["memory at the end, of at the start"]


def test_memory_that_grows_while_the_server_warms_up_passes() -> None:
    samples = steady()

    assert failures(soaked([*[replace(each, memory=40.0) for each in samples[:4]], *samples[4:]])) == []


def test_a_tail_that_gets_longer_fails() -> None:
    longer = at_the_end(latencies=latencies(p99=0.0065, p50=0.0015))

    assert failures(soaked(longer)) == ["p99 at the end, of at the start"]


def test_a_tail_that_is_longer_than_the_bare_apps_fails() -> None:
    samples = [replace(sample, bare=[Percentiles(p50=0.2, p99=0.79)]) for sample in steady()]

    assert failures(soaked(samples)) == ["p99 of p50, of the bare app's"]


def test_a_tail_that_the_machine_makes_of_the_bare_app_too_passes() -> None:
    slow = [replace(each, latencies=latencies(p99=0.02), bare=[Percentiles(0.2, 4.0)]) for each in steady()]

    assert failures(soaked(slow)) == []


def test_a_tail_that_is_long_in_less_than_half_of_the_samples_is_shown_and_passes() -> None:
    samples = [replace(sample, latencies=latencies(p99=0.0102)) for sample in steady()[:3]]
    result = soaked([*steady()[:-7], *samples, *steady()[-4:]])

    assert failures(result) == []
    assert result.tail.highest == pytest.approx(1.02)


@pytest.mark.parametrize("held", ["threads", "sockets", "files"])
def test_whatever_is_left_open_fails(held: str) -> None:
    after = replace(RESTING, **{held: getattr(RESTING, held) + 1})

    assert failures(soaked(after=after)) == [f"{held} more than before"]


def test_a_server_may_hold_less_than_before() -> None:
    assert failures(soaked(after=Holdings(threads=1, sockets=0, files=1))) == []


@pytest.mark.parametrize(("entries", "passes"), [(11_000, True), (11_001, False)])
def test_a_journal_that_is_not_cut_back_fails(entries: int, passes: bool) -> None:
    assert failures(soaked(entries=entries)) == ([] if passes else ["entries in the journal"])


def test_a_log_that_is_never_folded_into_the_file_fails() -> None:
    assert failures(soaked(at_the_end(log=340.0))) == ["write-ahead log, most"]


def test_payments_that_take_more_and_more_of_the_file_fail() -> None:
    samples = steady()
    fatter = [replace(each, stored=each.stored + number) for number, each in enumerate(samples[-4:])]

    assert failures(soaked(samples[:-4] + fatter)) == ["bytes a payment, end of start"]


def test_the_report_tells_of_the_first_and_the_last_sample_and_some_between() -> None:
    samples = steady(count=40)

    minutes = [sample.minute for sample in spread(samples, 10)]

    assert len(minutes) == 10
    assert (minutes[0], minutes[-1]) == (1.0, 40.0)


def test_each_second_of_a_sample_is_summed_up_by_itself() -> None:
    calm, busy = [QUICK] * 100, [QUICK] * 50 + [SLOW] * 50

    seconds = by_second([array("d", calm + busy), array("d", calm + calm)], seconds=2.0)

    assert [each.p99 for each in seconds] == pytest.approx([1.0, 4.0])


def test_a_sample_of_less_than_a_second_is_one_second() -> None:
    assert len(by_second([array("d", [QUICK] * 10)], seconds=0.2)) == 1


def test_full_speed_between_the_samples_is_no_growth_of_a_payment() -> None:
    samples = steady()
    hurried = [
        replace(each, so_far=each.so_far + 50 * number, stored=each.stored + 0.5 * number)
        for number, each in enumerate(samples[-4:])
    ]

    assert failures(soaked(samples[:-4] + hurried)) == []


LOAD = Load("create, get", share=0.7, minutes=10.0, options=("--workers", "1"))


def text_of(result: Soaked) -> str:
    return "\n".join(report(LOAD, result, versions={}).lines)


def test_the_report_says_what_was_asked_and_who_else_was_busy() -> None:
    busy = Shares(server=0.7, client=0.1, others=0.4)

    text = text_of(soaked([replace(each, shares=busy) for each in steady()]))

    assert "10 minutes of 100 (100-100) lifecycles (create, get) a second" in text
    assert "70% of the 140 (140-140) at full speed" in text
    assert "40% of the machine during the rounds: too noisy" in text


def test_the_report_tells_the_tail_of_seconds_of_all_together_and_of_the_bare_app() -> None:
    slow = [replace(sample, latencies=latencies(p99=0.006)) for sample in steady()[:3]]

    text = text_of(soaked([*steady()[:-3], *slow]))

    assert "payments-mock   4.00 (4.00-6.00)" in text
    assert "the bare app    10.00 (10.00-10.00)" in text
    assert "of the bare app's beside it: 0.40 (0.40-0.60)" in text
    assert "all requests together: 4.00" in text


def test_the_report_doubts_a_client_that_was_late_itself() -> None:
    late = [replace(each, client_late=array("d", [0.002] * 10)) for each in steady()]

    assert "too slow to judge by" in text_of(soaked(late))
    assert "too slow to judge by" not in text_of(soaked())
