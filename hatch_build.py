"""What goes along with the program lies beside the packages in a checkout and inside fof in a wheel (fof.environment.shipped).

An editable install finds it in the checkout; files are copied for a real wheel alone.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SHIPPED = (
    "app.py",
    ".streamlit",
    "seeds/demo",
    "seeds/mappings",
    "seeds/pensions.csv",
    "seeds/pensions.toml",
)


class ShippedFiles(BuildHookInterface[Any]):
    """Puts the shipped files under fof/shipped of a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it writes; version is "standard" or "editable"."""
        if version == "standard":
            root = Path(self.root)
            build_data["force_include"].update({str(root / name): f"fof/shipped/{name}" for name in SHIPPED})
