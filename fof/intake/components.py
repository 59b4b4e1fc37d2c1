"""What a call notice asks of each investor, component by component.

The dues of the journal know in- and outside the commitment only. What the notice says beyond that is kept beside them, in
a setting of the fund under the notice's number, whether the notice came by file or was issued here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from fof.importers.layouts.capital_calls import CALL_COMPONENTS, CAPITAL_CALLS
from fof.ledger import View
from models.money import yuan_text
from models.rows import Setting

COMPONENTS_OF = "call_components:"
"""Prefix of the setting's name; the notice's number follows."""

Told = dict[str, dict[str, int]]
"""Investor code → component column → fen."""


def component_setting(fund: int, number: str, asked: Mapping[str, Mapping[str, int]]) -> Setting:
    """The row that keeps what a notice says; the same notice gives the same row whatever the order of its lines."""
    value = json.dumps(
        {code: dict(parts) for code, parts in asked.items()}, sort_keys=True, separators=(",", ":")
    )
    return Setting(fund, COMPONENTS_OF + number, value, None, f"出资通知 {number}")


def component_texts(view: View) -> dict[tuple[int, str], str]:
    """(fund, number) → what the notice says, for `told`; notices booked before this was kept are not in it."""
    return {
        (s.row.party, s.row.name.removeprefix(COMPONENTS_OF)): s.row.value
        for s in view.settings
        if s.row.name.startswith(COMPONENTS_OF)
    }


def told(text: str | None) -> Told:
    """A notice's components, read only where they are asked for; empty where none were kept."""
    return {} if text is None else json.loads(text)


def components_text(row: Setting, language: str = "zh") -> tuple[str, str] | None:
    """Name and value of such a setting for a reader; None for a setting of another kind."""
    if not row.name.startswith(COMPONENTS_OF):
        return None
    chinese, number = language == "zh", row.name.removeprefix(COMPONENTS_OF)
    label = {c.name: c.text.zh if chinese else c.text.en for c in CAPITAL_CALLS.columns}
    investors = [
        code
        + " "
        + ("、" if chinese else ", ").join(
            f"{label[n]} {yuan_text(parts[n])}" for n in CALL_COMPONENTS if n in parts
        )
        for code, parts in told(row.value).items()
    ]
    name = f"出资通知 {number} 的分项" if chinese else f"Components of notice {number}"
    return name, ("；" if chinese else "; ").join(investors)
