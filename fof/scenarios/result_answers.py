"""What the documents of a result share: money in whole fen, and the result's own day, prefix and currency."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fof.figures.answers import Answer, Document
from fof.scenarios.scenario_results import ScenarioResult
from models.text import Text

Row = dict[str, Any]


def fen(yuan: float) -> int | None:
    """Yuan of a result in whole fen; None where there is none."""
    return None if math.isnan(yuan) else round(yuan * 100)


def result_answer(
    result: ScenarioResult,
    document: Document,
    rows: Iterable[Row],
    head: Mapping[str, Any] | None = None,
    notes: Sequence[Text] = (),
) -> Answer:
    """A document of a result."""
    own = result.head
    return Answer(document, list(rows), own.as_of, own.known_at, own.currency, head or {}, notes)
