"""Compile every kernel, or load it from the cache on disk, before anybody waits for it.

The server calls `warm` in a background thread when it starts; `fof warmup` calls it after an installation.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence

from valuation import compiled

MODULES: tuple[str, ...] = (
    "valuation.irr",
    "valuation.sweep",
    "valuation.split",
    "valuation.hurdle",
    "valuation.pacing_kernels",
    "valuation.lookthrough",
    "valuation.streams",
    "valuation.pool_paths",
    "valuation.scenario_kernels",
    "valuation.limit_room",
    "valuation.scenario_pools",
    "valuation.company_paths",
)
"""Modules that hold kernels. A new module of kernels adds its name here."""


def warm(modules: Sequence[str] = MODULES) -> tuple[str, ...]:
    """Make the kernels of `modules` ready to run; -> their names, in the order they were made ready.

    Half a minute at the first start after an installation or an upgrade (numba compiles); from the cache on disk
    a few seconds on a busy machine, most of them numba's own import. Calling it again costs nothing. Safe in
    any thread.
    """
    for module in modules:
        importlib.import_module(module)
    ready = []
    for kernel in compiled.kernels():
        if kernel.plain.__module__ in modules:
            kernel.compile()
            ready.append(f"{kernel.plain.__module__}.{kernel.__name__}")
    return tuple(ready)
