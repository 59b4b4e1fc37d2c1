"""A click on the matrix of coverage, or on a city's tile, lists the companies that stand there."""

from __future__ import annotations

from typing import Any

import pytest

from fof.figures.coverage.supported import companies_in
from fof.figures.coverage.surface import coverage
from fof.ui import cited, coverage_panels
from models.kinds import City


@pytest.fixture
def clicked(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the chart that was drawn last is, how it is clicked, and what was chosen by a click."""
    seen: dict[str, Any] = {"chosen": {}}

    def pickable(spec: Any, _height: int, _title: str, _key: str, pick: Any) -> None:
        seen.update(items=spec["series"][0]["data"], pick=pick)

    monkeypatch.setattr(coverage_panels.charts, "pickable", pickable)
    monkeypatch.setattr(coverage_panels.say, "caption", lambda _text: None)
    monkeypatch.setattr(cited, "choose", lambda name, code: seen["chosen"].update({name: code}))
    return seen


def test_each_cell_and_tile_lists_its_own_companies(clerk: Any, clicked: dict[str, Any]) -> None:
    for fund, strategy in (("F1", "angel"), ("F2", "vc")):
        clerk.party(fund, "sub_fund", strategy=strategy, cash_kept="no")
    for code, founded, more in (
        ("A", "2026-01-01", {"city": "230100", "industry": "C3976"}),
        ("B", "2026-01-01", {"city": "231000"}),
        ("C", "2010-01-01", {"city": "230100"}),
        ("D", "2026-02-01", {}),
    ):
        clerk.party(code, "company", founded_on=founded, **more)
    for fund, code in (("F1", "A"), ("F2", "B"), ("F2", "C"), ("F1", "D")):
        clerk.deal(fund, code, "initial", 40, "2026-03-01", share=0.1)
    surface = coverage(clerk.view("2026-06-30"))

    def listed() -> int:
        """How many companies the choices of the last click list; of supported ones, as the cells count them."""
        chosen = {n: None if c == coverage_panels.ALL else c for n, c in clicked["chosen"].items()}
        assert chosen.keys() == {"stage", "city", "industry", "instrument"}
        codes = {
            n: None if c is None else c.removeprefix(coverage_panels.NOT_KNOWN) for n, c in chosen.items()
        }
        return sum(bool(c.amounts) for c in companies_in(surface, **codes))

    for across in ("instrument", "city", "industry"):
        coverage_panels.matrix(surface, across, "supported", "yuan")
        seen = 0
        for number, item in enumerate(clicked["items"]):
            clicked["pick"](number)
            assert listed() == item["value"][2], (across, clicked["chosen"])
            seen += listed()
        assert seen == 4
    coverage_panels.cities(surface, "supported", "yuan")
    assert len(clicked["items"]) == len(City)
    for number, item in enumerate(clicked["items"]):
        clicked["pick"](number)
        assert listed() == item["value"][2]
