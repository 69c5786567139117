"""Rounds of a bench that were not run."""

from collections.abc import Sequence

from benchmarks.rounds import Round


def made_round(
    side: str,
    operation: str = "confirm",
    *,
    rate: float = 1000.0,
    seconds: float = 1.0,
    latencies: Sequence[float] = (0.001,),
    server_cpu: float = 0.5,
    database_cpu: float = 0.0,
    client_cpu: float = 0.1,
    other_cpu: float = 0.0,
) -> Round:
    """Return a round with figures that a test cares for, and others that it doesn't."""
    requests = round(rate * seconds)
    return Round(
        side, operation, requests, seconds, latencies, server_cpu, client_cpu, other_cpu, database_cpu
    )
