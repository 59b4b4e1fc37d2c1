"""The garbage collector waits while an audit is made.

An audit makes some hundred thousand small objects, and nearly all of them live as long as it does. The collector, called
every few hundred, walks over all of them again and again and finds nothing: half the time of an audit was spent so.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from fof import pausing

FULL_AFTER = 1_000_000
"""Objects that may come to live while the collector waits before everything is looked through once, which takes as long
as reading the book: what an audit leaves behind in circles is bounded by it. They are looked through as the next work begins: a
command that makes one audit ends before."""
BESIDE_OTHERS = 3
"""Times as many where others would have to wait: looking through stops every thread, for seconds where a book is large. Whoever
makes work beside them calls `look_through` when nobody waits."""
_made = {"objects": 0, "full": 0}
_aside = {"seen": False}
"""Whether somebody was seen to have set objects aside for good. Counting them takes as long as there are many, so it is
asked no more once there were any."""


@contextmanager
def collector_waits() -> Iterator[None]:
    """Automatic collection is off inside. Whoever switched it off switches it on again, so calls may be nested and stand
    in several threads; where it is off already nothing is changed."""
    if not gc.isenabled():
        yield
        return
    look_through(FULL_AFTER * (BESIDE_OTHERS if pausing.pauses() else 1))
    gc.disable()
    try:
        yield
    finally:
        made = gc.get_count()[0]
        _aside["seen"] = _aside["seen"] or gc.get_freeze_count() > 0
        if not _aside["seen"]:  # else what somebody set aside for good would come back
            gc.freeze()  # old at once: the collector would walk over all of it, now, to find that it lives
            gc.unfreeze()
        gc.enable()
        _made.update(objects=_since_full() + made, full=_full())


def look_through(after: int | None = None) -> None:
    """Collect in full where much was made since the last full collection, whoever asked for that one.

    after : how many objects are much; None: FULL_AFTER
    """
    if _since_full() > (FULL_AFTER if after is None else after):
        gc.collect()


def _since_full() -> int:
    """Objects that came to live since the last full collection."""
    return _made["objects"] if _made["full"] == _full() else 0


def _full() -> int:
    """How many full collections there were."""
    return int(gc.get_stats()[2]["collections"])
