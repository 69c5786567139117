"""What a soak passes, and what it fails for."""

from array import array
from collections.abc import Sequence
from dataclasses import replace

import pytest

from benchmarks.figures import Ratio
from benchmarks.soak.report import Load, report, spread
from benchmarks.soak.verdicts import TAIL_TO_MEDIAN, Holdings, Sample, Shares, Soaked

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
            latencies=latencies(),
            lives=100,
            client_late=late,
            held_up=0,
            shares=idle,
            memory=60.0,
            stored=10.0 + number,
            log=16.0,
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


def test_a_tail_that_is_long_all_the_time_fails() -> None:
    samples = [replace(sample, latencies=latencies(p99=0.0051)) for sample in steady()]

    assert failures(soaked(samples)) == ["p99 of p50, median of samples"]


def test_a_tail_that_is_long_in_less_than_half_of_the_samples_is_shown_and_passes() -> None:
    samples = [replace(sample, latencies=latencies(p99=0.0051)) for sample in steady()[:3]]
    result = soaked([*steady()[:-3], *samples])

    assert failures(result) == []
    assert result.tail.highest > TAIL_TO_MEDIAN


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


def test_the_report_says_what_was_asked_and_who_else_was_busy() -> None:
    load = Load("create, get", Ratio(1000.0, 900.0, 1100.0), 0.7, 10.0, ("--workers", "1"))
    busy = Shares(server=0.7, client=0.1, others=0.4)

    text = "\n".join(report(load, soaked([replace(each, shares=busy) for each in steady()])).lines)

    assert "700 lifecycles (create, get) a second" in text
    assert "70% of the 1,000 (900-1,100)" in text
    assert "40% of the machine during the rounds: too noisy" in text


def test_the_report_doubts_a_client_that_was_late_itself() -> None:
    load = Load("create, get", Ratio(1000.0, 900.0, 1100.0), 0.7, 10.0, ())
    late = [replace(each, client_late=array("d", [0.002] * 10)) for each in steady()]

    assert any("too slow to judge by" in line for line in report(load, soaked(late)).lines)
    assert not any("too slow to judge by" in line for line in report(load, soaked()).lines)
