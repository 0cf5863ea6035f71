"""Which process works on a run, told from another that got its number later."""

import psutil
from msgspec import Struct

# Both clocks are exact to less than that.
TOLERANCE_S = 1


class ProcessRecord(Struct, frozen=True):
    """A process by its number and its start; a clock that is set moves only one of the two times.

    Attributes:
        pid: Its number.
        create_time: When it began, by the clock, in seconds since 1970.
        after_boot: How long after the machine's start that was, in seconds; the oldest runs
            lack it.
    """

    pid: int
    create_time: float
    after_boot: float | None = None

    @classmethod
    def of(cls, pid: int) -> "ProcessRecord":
        """Describe a process.

        Raises:
            psutil.Error: If there is none of that number.
            ValueError: If there can't be.
        """
        began = psutil.Process(pid).create_time()
        return cls(pid, began, began - psutil.boot_time())

    def is_there(self) -> bool:
        """Tell whether the process still works."""
        try:
            return self._is_same(ProcessRecord.of(self.pid)) and not self._is_zombie()
        except (psutil.Error, ValueError, OverflowError):
            return False

    def _is_same(self, other: "ProcessRecord") -> bool:
        """Compare the starts; a number is given to a new process once the old one is gone."""
        if abs(self.create_time - other.create_time) < TOLERANCE_S:
            return True
        if self.after_boot is None or other.after_boot is None:
            return False
        return abs(self.after_boot - other.after_boot) < TOLERANCE_S

    def _is_zombie(self) -> bool:
        return psutil.Process(self.pid).status() == psutil.STATUS_ZOMBIE
