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
BESIDE_OTHERS = 10
"""Times as many where others would have to wait: looking through stops every thread, for seconds where a book is large. Whoever
makes work beside them calls `look_through` when nobody waits; twice as many are looked through whoever does."""
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
    look_through(FULL_AFTER * (2 * BESIDE_OTHERS if pausing.pauses() else 1))
    gc.disable()
    try:
        yield
    finally:
        made = gc.get_count()[0]
        aside = _others_set_aside()
        gc.freeze()  # old at once: the collector would walk over all of it, now, to find that it lives
        if not aside:  # else what somebody set aside for good would come back
            gc.unfreeze()
        gc.enable()
        _made.update(objects=_since_full() + made, full=_full())


def look_through(after: int | None = None) -> None:
    """Collect in full where much was made since the last full collection, whoever asked for that one.

    after : how many objects are much; None: what is much where others would have to wait
    Where somebody has set objects aside, audits set aside what they made as well (no collection of a page walks over it, which took
    a second after the first audit of a large office): all of it is looked through here, and what lives is set aside again.
    """
    if _since_full() > (FULL_AFTER * BESIDE_OTHERS if after is None else after):
        aside = _others_set_aside()
        if aside:
            gc.unfreeze()
        gc.collect()
        _made["objects"] = 0
        if aside:
            gc.freeze()


def _others_set_aside() -> bool:
    _aside["seen"] = _aside["seen"] or gc.get_freeze_count() > 0
    return _aside["seen"]


def _since_full() -> int:
    """Objects that came to live since the last full collection; one that came by itself leaves out what is set aside."""
    return _made["objects"] if _made["full"] == _full() or _aside["seen"] else 0


def _full() -> int:
    """How many full collections there were."""
    return int(gc.get_stats()[2]["collections"])
