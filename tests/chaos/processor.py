"""How long a process had work to do and no processor to do it with, as on a machine that others use too."""

from pathlib import Path


def waited_for_processor(process_id: int) -> float:
    """Return how many seconds the first thread of a process has waited for a processor in all.

    Linux alone tells; elsewhere, and for a process that is gone, it is 0.
    """
    try:
        figures = Path(f"/proc/{process_id}/schedstat").read_text()
    except OSError:
        return 0.0
    return int(figures.split()[1]) / 1e9
