"""Pages take turns, and the worker beside them gives way.

One interpreter draws them all. Twenty that are drawn at once take twenty times as long, each of them; one after another, the
first is there twenty times sooner and the last no later.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

WORK_SECONDS, PAUSE_SECONDS = 0.005, 0.02
"""While pages are drawn the worker pauses so long for each of them after so much work: it gets on, and they hardly feel it."""
BUSY_PAGES, BUSY_SECONDS = 4, 1.0
"""Where so many pages were begun within so long, more are to come: the worker pauses as if one were drawn all the time."""
TURN_SECONDS = 0.5
"""A page that takes longer, like the import of a large file, is drawn beside those after it from then on."""


class PagesDrawn:
    """Which page is drawn, which wait for it, and how many there are; the worker pauses while there are any."""

    def __init__(self) -> None:
        self._lock, self._quiet = threading.Lock(), threading.Event()
        self._count, self._worked_since = 0, 0.0
        self._begun: deque[float] = deque(maxlen=BUSY_PAGES)
        self._moved_on = threading.Condition()
        self._waiting: deque[object] = deque()
        self._drawn: tuple[object, float] | None = None
        """The page whose turn it is, and since when."""
        self._own = threading.local()
        self._quiet.set()

    @property
    def idle(self) -> bool:
        """Whether no page is drawn, nor waits for its turn."""
        return self._quiet.is_set()

    @property
    def busy(self) -> bool:
        """Whether many pages were begun just now."""
        begun = self._begun
        return len(begun) == BUSY_PAGES and time.monotonic() - begun[0] < BUSY_SECONDS

    @contextmanager
    def one(self) -> Iterator[None]:
        """Inside a page is drawn; it begins when its turn has come."""
        self._begun.append(time.monotonic())
        self._add(1)
        try:
            self._take()
            yield
        finally:
            self._give()
            self._add(-1)

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Inside a page that is drawn in this thread waits for the worker: it holds up nobody."""
        self._give()
        self._add(-1)
        try:
            yield
        finally:
            self._add(1)
            self._take()

    def _take(self) -> None:
        self._own.turn = turn = object()
        with self._moved_on:
            self._waiting.append(turn)
            try:
                while True:
                    now, first = time.monotonic(), self._waiting[0] is turn
                    left = 0.0 if self._drawn is None else self._drawn[1] + TURN_SECONDS - now
                    if first and left <= 0:
                        break
                    self._moved_on.wait(left if first else None)
                self._drawn = turn, now
            finally:  # whatever ends the waiting: those behind it move up
                self._waiting.remove(turn)
                self._moved_on.notify_all()

    def _give(self) -> None:
        with self._moved_on:
            if self._drawn is not None and self._drawn[0] is self._own.turn:
                self._drawn = None
                self._moved_on.notify_all()

    def _add(self, change: int) -> None:
        with self._lock:
            self._count += change
            if self._count > 0:
                self._quiet.clear()
            else:
                self._quiet.set()

    def pause(self) -> None:
        """Called by the worker over and over: sleeps where pages are drawn, or many were, and it has worked long enough."""
        if self.idle and not self.busy:
            return
        if time.monotonic() - self._worked_since < WORK_SECONDS:
            return
        if self.busy:
            time.sleep(PAUSE_SECONDS * max(1, self._count))
        else:
            self._quiet.wait(PAUSE_SECONDS * max(1, self._count))
        self._worked_since = time.monotonic()


pages_drawn = PagesDrawn()
