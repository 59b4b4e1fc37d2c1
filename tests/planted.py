"""What is planted in the demo office, as the keys beside it say (seeds/planned_*.csv), and what an audit says of it."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple

from fof.audit.findings import Audit

SEEDS = Path(__file__).resolve().parents[1] / "seeds"
FOUND = ("breach", "unknown", "warn")
"""Verdicts that a key must name; what passes or does not apply is in it only as a near miss."""
SILENT = "silent"
"""Of a near miss of which nothing is said at all."""
Pair = tuple[str, str]
"""Rule and subject."""


class Said(NamedTuple):
    """A verdict and its sentence."""

    verdict: str
    text: str


def said_by(judged: Audit) -> dict[Pair, Said]:
    """What an audit says of each rule and subject."""
    return {(f.rule, str(f.subject)): Said(f.verdict.value, f.finding.text.zh) for f in judged.findings}


def key_of(name: str) -> list[dict[str, str]]:
    """A key, row by row."""
    with (SEEDS / f"planned_{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def verdicts_are_planned(said: dict[Pair, Said], key: list[dict[str, str]]) -> None:
    """Everything found is in the key and the other way round; near misses have the verdict that the key gives them."""
    planned = {(r["rule"], r["subject"]): r["verdict"] for r in key}
    found = {pair: own.verdict for pair, own in said.items() if own.verdict in FOUND}
    assert found == {pair: verdict for pair, verdict in planned.items() if verdict in FOUND}
    assert {pair: said[pair].verdict if pair in said else SILENT for pair in planned} == planned
