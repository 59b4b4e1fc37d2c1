"""Work made beside something that must not wait for it: whoever started it is asked again and again whether to pause.

An audit of a large office takes seconds, and one interpreter runs one thread at a time. Facts are gathered as the rules ask
for them, and attributes are looked up as figures ask for them, some ten thousand times a second: there is the place to let
others go first.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class _Own(threading.local):
    """Of a thread: whom its work asks, None where it never pauses."""

    pause: Callable[[], None] | None = None


_own = _Own()


@contextmanager
def pausing(pause: Callable[[], None] | None) -> Iterator[None]:
    """Inside, and in this thread alone, `pause` is called where facts are gathered; it may sleep, and must be quick else.

    None : inside there is no pause, as where others wait for what is being made
    """
    before = _own.pause
    _own.pause = pause
    try:
        yield
    finally:
        _own.pause = before


def may_pause() -> None:
    """Called where facts are gathered."""
    if _own.pause is not None:
        _own.pause()


def pauses() -> bool:
    """Whether the work of this thread is made beside something that must not wait for it."""
    return _own.pause is not None
