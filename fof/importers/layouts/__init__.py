"""Every layout, by name and by sheet title: what the modules of this folder declare."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from fof.importers.columns import Layout


def _declared() -> list[Layout]:
    """The layouts of every module here in the order of the plan. Two of one name or place are a mistake of ours."""
    modules = [import_module(f"{__name__}.{layouts.name}") for layouts in iter_modules(__path__)]
    stated = {id(x): x for module in modules for x in vars(module).values() if isinstance(x, Layout)}
    layouts = sorted((layout for layout in stated.values() if layout.order), key=lambda layout: layout.order)
    for what in ("name", "order"):
        values = [getattr(layout, what) for layout in layouts]
        twice = [layout.name for layout in layouts if values.count(getattr(layout, what)) > 1]
        assert not twice, f"layouts of one {what}: {', '.join(twice)}"
    return layouts


LAYOUTS: dict[str, Layout] = {layout.name: layout for layout in _declared()}
"""By name, in the order in which a plan books them: what others refer to comes first."""


def layout_titled(title: str) -> Layout | None:
    """The layout a sheet title names (identifier, Chinese or English title or alias; case ignored), or None."""
    wanted = title.strip().casefold()
    for layout in LAYOUTS.values():
        if wanted in (
            name.casefold() for name in (layout.name, layout.text.zh, layout.text.en, *layout.aliases)
        ):
            return layout
    return None
