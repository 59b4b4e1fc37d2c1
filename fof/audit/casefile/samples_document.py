"""Audit samples as documents: the list, and one with its items and what they say of all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fof import words
from fof.audit.casefile.audit_samples import (
    AuditSample,
    DrawnItem,
    SampleFigure,
    figures_of,
    within_tolerable,
)
from fof.figures.answers import Answer
from fof.figures.audit_documents import SAMPLE, SAMPLES
from fof.ledger import View
from models.text import Text

Row = dict[str, Any]


def samples_document(view: View, samples: Sequence[AuditSample]) -> Answer:
    """The list of samples."""
    return Answer(
        SAMPLES,
        [_head(s) | {"entry": s.entry, "record": s} for s in samples],
        view.as_of,
        view.known_at,
        "CNY",
    )


def sample_document(view: View, sample: AuditSample) -> Answer:
    """A sample with its items."""
    rows = [item_row(d) for d in sample.drawn]
    return Answer(SAMPLE, rows, view.as_of, view.known_at, "CNY", _head(sample))


def item_row(drawn: DrawnItem) -> Row:
    """An item as the document holds it."""
    return {
        "item": drawn.item.code,
        "day": drawn.item.day,
        "stratum": drawn.item.stratum,
        "hits": drawn.hits,
        "book_amount": drawn.item.fen,
        "audited_amount": drawn.audited,
        "taint": None if drawn.audited is None else float(drawn.taint),
        "entry": drawn.item.entry,
    }


def _head(sample: AuditSample) -> Row:
    return {
        "sample": sample.code,
        "institution": sample.institution,
        "population": sample.population.value,
        "method": sample.method.value,
        "as_of_day": sample.as_of,
        "population_known_at": sample.known_at,
        "items": sample.items,
        "amount": sample.fen,
        "confidence": float(sample.confidence),
        "tolerable": float(sample.tolerable),
        "expected": float(sample.expected),
        "size": sample.size,
        "seed": str(sample.seed),
        "who": sample.who,
        "evaluation": evaluation(sample),
    }


def evaluation(sample: AuditSample) -> Text | None:
    """What the results say, each figure with its estimator; None before they are in."""
    within = within_tolerable(sample)
    if within is None:
        return None
    figures = figures_of(sample)
    verdict = (
        Text("未超过可容忍水平", "within what is tolerable")
        if within
        else Text("超过可容忍水平", "above what is tolerable")
    )
    zh = "；".join(f"{f.text.zh} {_value(f)}（{f.estimator}）" for f in figures)
    en = "; ".join(f"{f.text.en} {_value(f)} ({f.estimator})" for f in figures)
    return Text(f"{verdict.zh}：{zh}", f"{verdict.en}: {en}")


def _value(figure: SampleFigure) -> str:
    if not figure.money:
        return words.percent(figure.value)
    return f"{words.amount(figure.value, '元')} {words.unit_name('元')}"
