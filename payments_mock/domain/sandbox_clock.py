"""The clock of one sandbox: it follows the machine's, ahead of it, behind it, or standing still."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class SandboxClock:
    """How a sandbox's time is told from the machine's: `offset` away from it, or `frozen_at` one moment."""

    offset: timedelta = timedelta()
    frozen_at: datetime | None = None

    @property
    def is_frozen(self) -> bool:
        """Whether the time stands still."""
        return self.frozen_at is not None

    def at(self, machine_time: datetime) -> datetime:
        """Return the sandbox's time when the machine's is `machine_time`."""
        return self.frozen_at or machine_time + self.offset

    def frozen(self, machine_time: datetime) -> "SandboxClock":
        """Return the clock standing still at the time that it shows."""
        return replace(self, frozen_at=self.at(machine_time))

    def moved_to(self, moment: datetime, machine_time: datetime) -> "SandboxClock":
        """Return the clock showing `moment`; one that stands still goes on standing still."""
        offset = moment - machine_time
        return SandboxClock(offset, moment if self.is_frozen else None)

    def advanced(self, by: timedelta, machine_time: datetime) -> "SandboxClock":
        """Return the clock further on by `by`."""
        return self.moved_to(self.at(machine_time) + by, machine_time)


MACHINE_TIME = SandboxClock()
"""The clock of a sandbox that nobody has moved."""
