"""The garbage collector waits while an audit is made.

An audit makes some hundred thousand small objects, and nearly all of them live as long as it does. The collector, called
every few hundred, walks over all of them again and again and finds nothing: half the time of an audit was spent so.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_waits() -> Iterator[None]:
    """Automatic collection is off inside. Whoever switched it off switches it on again, so calls may be nested and stand
    in several threads; where it is off already nothing is changed."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
