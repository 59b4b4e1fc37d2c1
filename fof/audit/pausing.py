"""An audit made beside something that must not wait for it: whoever started it is asked again and again whether to pause.

An audit of a large office takes seconds, and one interpreter runs one thread at a time. Facts are gathered as the rules ask
for them, some ten thousand times a second: there is the place to let others go first.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_own = threading.local()


@contextmanager
def pausing(pause: Callable[[], None]) -> Iterator[None]:
    """Inside, and in this thread alone, `pause` is called whenever a fact is gathered; it may sleep, and must be quick else."""
    before = getattr(_own, "pause", None)
    _own.pause = pause
    try:
        yield
    finally:
        _own.pause = before


def may_pause() -> None:
    """Called where facts are gathered."""
    pause = getattr(_own, "pause", None)
    if pause is not None:
        pause()
