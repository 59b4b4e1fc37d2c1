"""The event loop of the screens' server: scripts wake it every few milliseconds and not with every element of a page.

A page is some fifty elements, and the framework hands each of them to the loop by itself. Every hand-over wakes the loop's
thread, which takes the interpreter from the script; with twenty sessions the script waits for it behind all the others,
fifty times a page. Here the first element wakes the loop at once, what follows is picked up together a moment later.
"""

from __future__ import annotations

import asyncio

PAUSE_SECONDS = 0.004
"""How long the loop leaves a script alone after it was woken; the last element of a page waits no longer than that."""


class GatheringLoop(asyncio.SelectorEventLoop):
    """Wakes once for whatever other threads hand over within a pause."""

    def __init__(self) -> None:
        super().__init__()
        self._awake = False
        """A wake is on its way, or the loop looks again by itself before long: nobody needs to wake it."""
        self._handed_over = 0

    def _write_to_self(self) -> None:
        """Called by the thread that hands something over, once it stands among what the loop has to do."""
        self._handed_over += 1
        if not self._awake:
            self._awake = True
            super()._write_to_self()  # type: ignore[misc]

    def _process_self_data(self, data: bytes) -> None:
        """Called by the loop when it was woken."""
        super()._process_self_data(data)  # type: ignore[misc]
        self._awake = True  # also where a signal woke it
        self.call_later(PAUSE_SECONDS, self._pick_up, self._handed_over)

    def _pick_up(self, before: int) -> None:
        """What was handed over meanwhile stands ready now; nobody is waited for where nothing came."""
        if self._handed_over != before:
            self.call_later(PAUSE_SECONDS, self._pick_up, self._handed_over)
        else:
            self._awake = False
