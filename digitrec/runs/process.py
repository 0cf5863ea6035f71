"""Identifies the process of a run, even if its PID is reused."""

import psutil
from msgspec import Struct

# Both times are more exact than this.
TOLERANCE_S = 1


class ProcessRecord(Struct, frozen=True):
    """A process, identified by its PID and two start times.

    Changing the system time affects only one of the two times.

    Attributes:
        pid: The PID.
        create_time: When it started, in seconds since 1970.
        after_boot: When it started, in seconds since boot; None in the oldest runs.
    """

    pid: int
    create_time: float
    after_boot: float | None = None

    @classmethod
    def of(cls, pid: int) -> "ProcessRecord":
        """Describe a process.

        Raises:
            psutil.Error: If there is no such process.
            ValueError: If the PID isn't valid.
        """
        began = psutil.Process(pid).create_time()
        return cls(pid, began, began - psutil.boot_time())

    def is_running(self) -> bool:
        """Return whether the process is still running."""
        try:
            return self._is_same(ProcessRecord.of(self.pid)) and not self._is_zombie()
        except (psutil.Error, ValueError, OverflowError):
            return False

    def _is_same(self, other: "ProcessRecord") -> bool:
        """Compare the start times, because PIDs are reused."""
        if abs(self.create_time - other.create_time) < TOLERANCE_S:
            return True
        if self.after_boot is None or other.after_boot is None:
            return False
        return abs(self.after_boot - other.after_boot) < TOLERANCE_S

    def _is_zombie(self) -> bool:
        return psutil.Process(self.pid).status() == psutil.STATUS_ZOMBIE
