"""What is said of a soak."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import fmean, quantiles

from benchmarks.command import Report
from benchmarks.figures import CLIENT_SHARE_AT_MOST, Ratio, noise
from benchmarks.soak.verdicts import Sample, Soaked

LINES_AT_MOST = 10
CLIENT_LATE_MILLISECONDS_AT_MOST = 1.0


@dataclass(frozen=True)
class Load:
    """What was asked of the server: a share of the lifecycles that it could do right before each sample."""

    lifecycle: str
    share: float
    minutes: float
    options: Sequence[str]


def report(load: Load, soaked: Soaked, versions: Mapping[str, str]) -> Report:
    """Return what is shown and kept; `versions` is of what only the bench needs."""
    lines = [
        *_asked(load, soaked),
        "",
        *_table(soaked),
        "",
        *_whole(soaked),
        "",
        *_tails(soaked),
        *_client(soaked),
    ]
    return Report(lines, list(soaked.checks()), _data(load, soaked), versions)


def _asked(load: Load, soaked: Soaked) -> Iterator[str]:
    rates = Ratio.over([sample.rate for sample in soaked.samples])
    able = Ratio.over([sample.full_speed for sample in soaked.samples])
    yield f"{load.minutes:g} minutes of {_span(rates)} lifecycles ({load.lifecycle}) a second,"
    yield f"{load.share:.0%} of the {_span(able)} at full speed, found anew every {_seconds(soaked):.0f} s"
    yield f"one worker: payments-mock serve {' '.join(load.options)}; nobody listens to webhooks"


def _span(rates: Ratio) -> str:
    return f"{rates.median:,.0f} ({rates.lowest:,.0f}-{rates.highest:,.0f})"


def _table(soaked: Soaked) -> Iterator[str]:
    yield (
        f"{'minute':>6}{'asked/s':>9}{'p50 ms':>9}{'p99 ms':>9}{'server':>9}{'others':>9}"
        f"{'memory MB':>12}{'database MB':>13}{'log MB':>9}"
    )
    for sample in spread(soaked.samples, LINES_AT_MOST):
        taken, shares = sample.percentiles, sample.shares
        yield (
            f"{sample.minute:>6.1f}{sample.rate:>9,.0f}{taken.p50:>9.2f}{taken.p99:>9.2f}"
            f"{shares.server:>9.0%}{shares.others:>9.0%}"
            f"{sample.memory:>12.1f}{sample.stored:>13.1f}{sample.log:>9.1f}"
        )


def spread(samples: Sequence[Sample], most: int) -> list[Sample]:
    """Return at most so many samples at even distances, the first and the last among them."""
    if len(samples) <= most:
        return list(samples)
    last = len(samples) - 1
    return [samples[round(number * last / (most - 1))] for number in range(most)]


def _whole(soaked: Soaked) -> Iterator[str]:
    yield "after the warm-up, a quarter of the time"
    for name in soaked.samples[0].latencies:
        taken = soaked.percentiles(name)
        yield f"  {name:<12}p50 {taken.p50:>6.2f} ms   p99 {taken.p99:>6.2f} ms"
    taken = soaked.percentiles()
    yield f"  {'all':<12}p50 {taken.p50:>6.2f} ms   p99 {taken.p99:>6.2f} ms"


def _tails(soaked: Soaked) -> Iterator[str]:
    """Say how long the tail is: of each second beside the bare app's, and of all together."""
    yield "p99 of p50, each second by itself"
    yield f"  payments-mock   {Ratio.over(soaked.tails)}"
    yield f"  the bare app    {Ratio.over(soaked.bare_tails)}"
    yield f"  each sample's, of the bare app's beside it: {soaked.tail}"
    yield f"p99 of p50, all requests together: {soaked.percentiles().tail:.2f}"
    yield ""


def _seconds(soaked: Soaked) -> float:
    return 60 * soaked.samples[-1].minute / len(soaked.samples)


def _client(soaked: Soaked) -> Iterator[str]:
    samples = soaked.samples
    late = quantiles((seconds for sample in samples for seconds in sample.client_late), n=100)
    p50, p99 = 1000 * late[49], 1000 * late[98]
    busiest = max(sample.shares.client for sample in samples)
    is_slow = busiest > CLIENT_SHARE_AT_MOST or p99 > CLIENT_LATE_MILLISECONDS_AT_MOST
    doubt = ": too slow to judge by" if is_slow else ""
    yield f"the client began lifecycles {p50:.2f} ms late (p99 {p99:.2f} ms)"
    yield f"the client used {busiest:.0%} of a core at most{doubt}"
    yield f"lifecycles that found every connection waiting: {sum(sample.held_up for sample in samples):,}"
    yield noise(fmean(sample.shares.others for sample in samples))


def _data(load: Load, soaked: Soaked) -> dict[str, object]:
    """Return the figures of each sample, without single latencies."""
    return {
        "load": asdict(load),
        "samples": [
            {
                "minute": sample.minute,
                **asdict(sample.percentiles),
                "seconds": [asdict(second) for second in sample.by_second],
                "bare": [asdict(second) for second in sample.bare],
                "full_speed": sample.full_speed,
                "rate": sample.rate,
                "lives": sample.lives,
                "held_up": sample.held_up,
                "shares": asdict(sample.shares),
                "memory": sample.memory,
                "stored": sample.stored,
                "log": sample.log,
            }
            for sample in soaked.samples
        ],
        "before": asdict(soaked.before),
        "after": asdict(soaked.after),
        "entries": soaked.entries,
    }
