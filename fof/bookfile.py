"""The file of a SQLite book, looked at from outside: whether it is the one that was read, and whether it has changed since.

A file that looks as it did has not been written to: that is asked before every read, and costs two microseconds. Times of
files move in steps, so a file that was written a moment ago may be written again and look the same; it is not relied on.
"""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import NamedTuple

from fof.errors import NotReady
from fof.failures import of_book_file
from models.text import Text

_STEP = 50_000_000
"""Nanoseconds in which a file's time may stand still; the kernel's clock moves in steps of at most ten milliseconds."""
SETTLED_AFTER = 1.2 * _STEP / 1e9
"""Seconds after which a file that nobody writes to is relied on."""
_COARSE = 2_500_000_000
"""The same where times are whole seconds (or every other one)."""


class FileState(NamedTuple):
    """What tells a state of a file from another."""

    device: int
    inode: int
    size: int
    written: int  # nanoseconds since 1970
    noted: int  # likewise: when anything about the file was last changed; unlike `written` it cannot be set

    def settled(self, now: int) -> bool:
        """Whether a later write would show; `now` in nanoseconds, when the state was taken."""
        last = max(self.written, self.noted)
        return now - last > (_COARSE if last % 1_000_000_000 == 0 else _STEP)

    def same_file(self, other: FileState) -> bool:
        """Whether both are states of one file."""
        return self[:2] == other[:2]

    def same_content(self, other: FileState) -> bool:
        """Whether nobody wrote to the one file in between."""
        return self[:4] == other[:4]


def state_of(path: Path) -> FileState:
    """The state of the file now; NotReady where there is none."""
    try:
        stat = path.stat()
    except FileNotFoundError as error:
        raise missing() from error
    except OSError as error:
        raise of_book_file(error) from error
    return FileState(stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)


def now() -> int:
    """Nanoseconds since 1970, by the clock that files are dated by."""
    return time.time_ns()


def missing() -> NotReady:
    """There is no such file."""
    return NotReady(
        Text(
            "账本文件不在：新账本请运行 fof init；原有的账本请放回原处或用 fof restore 恢复",
            "there is no book in its place: run fof init for a new one; put an old one back, or use fof restore",
        )
    )


def opened(path: Path, timeout: float) -> sqlite3.Connection:
    """A connection to the file; asking never makes one. NotReady where there is none."""
    state_of(path)
    address = f"{path.absolute().as_uri()}?mode=rw"
    return sqlite3.connect(address, timeout=timeout, check_same_thread=False, uri=True)
