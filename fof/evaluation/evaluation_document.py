"""What the office evaluates and owes, as documents: scores, losses, whole lives, reinvestment."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from fof import words
from fof.evaluation.judged import evaluated_funds
from fof.evaluation.losses import CLASSES, Loss, Losses, losses
from fof.evaluation.reinvestment import Duty, reinvestments
from fof.evaluation.scorecard import IndicatorLine, Scorecard, scorecard
from fof.evaluation.whole_life import Institution, institutions
from fof.figures.answers import Answer, Document
from fof.figures.operations_documents import CLAIMS, LOSSES, REINVESTMENT, SCORECARD, SCORES, WHOLE_LIFE
from fof.ledger import View

Row = dict[str, Any]


def scores_document(view: View, funds: Iterable[str] | None = None) -> Answer:
    """The score of every evaluated fund, or of those named."""
    codes = evaluated_funds(view) if funds is None else funds
    return _answer(view, SCORES, (score_row(scorecard(view, code)) for code in codes))


def score_row(card: Scorecard) -> Row:
    """A fund's score, final or so far."""
    return {
        "fund": card.fund,
        "name": card.name,
        "final": card.final,
        "score": card.score,
        **{block.name: _two(block.points) for block in card.blocks},
        "so_far": _two(card.so_far),
        "weight_so_far": _two(card.weight_so_far),
        "missing": len(card.missing),
        "missing_names": ", ".join(line.indicator.name for line in card.missing) or None,
        "record": card,
    }


def scorecard_document(view: View, fund: str) -> Answer:
    """A fund's indicators, computed or asked for."""
    card = scorecard(view, fund)
    head: Row = {
        "fund": fund,
        "final": card.final,
        "score": card.score,
        "so_far": _two(card.so_far),
        "weight_so_far": _two(card.weight_so_far),
        "bonus": card.bonus,
        "missing": len(card.missing),
        "refused": words.clauses(p.text() for p in card.weights.problems) or None,
    }
    return _answer(view, SCORECARD, ({"fund": fund, **indicator_row(line)} for line in card.lines), head)


def indicator_row(line: IndicatorLine) -> Row:
    """One indicator of a fund."""
    indicator, scale = line.indicator, line.scale
    return {
        "block": indicator.block,
        "indicator": indicator.name,
        "title": indicator.text,
        "state": line.state,
        "value": line.value,
        "unit": indicator.unit,
        "zero": None if scale is None else scale.zero,
        "full": None if scale is None else scale.full,
        "weight": _two(line.weight),
        "points": _two(line.points),
        "note": line.text,
        "source": line.source,
        "scale_source": line.scale_source,
        "record": line,
    }


def losses_document(view: View, *, deals: bool = False) -> Answer:
    """Losses against tolerance by class and fund, and by deal where asked for."""
    return _answer(view, LOSSES, loss_rows(losses(view), deals=deals))


def loss_rows(measured: Losses, *, deals: bool) -> list[Row]:
    """Classes, then funds, then deals where asked for."""
    groups = [("class", measured.classes), ("fund", measured.funds)]
    if deals:
        groups.append(("deal", measured.deals))
    return [loss_row(by, loss) for by, rows in groups for loss in rows]


def loss_row(by: str, loss: Loss) -> Row:
    """A class, fund or deal with what was lost of it."""
    return {
        **LOSSES.fields(loss),
        "by": by,
        "reasons": {} if loss.reason is None else {"lost": loss.reason, "headroom_fen": loss.reason},
        "texts": {"label": CLASSES[loss.key]} if loss.key in CLASSES else {},
        "record": loss,
    }


def whole_life_document(view: View) -> Answer:
    """State venture institutions since inception over all their funds."""
    return _answer(view, WHOLE_LIFE, map(institution_row, institutions(view)))


def institution_row(institution: Institution) -> Row:
    """An institution with the results of all its funds."""
    life = institution.life
    return {
        "institution": life.institution,
        "name": institution.name,
        "funds": ", ".join(life.funds),
        "invested": life.result.cost,
        "proceeds": life.result.proceeds,
        "realised": life.result.realised,
        "unrealised": life.result.unrealised,
        "loss_ratio": life.loss_ratio,
        "net_multiple": life.net,
        "losses": institution.asked,
        "lacking": institution.lacking,
        "grades": words.listed(f"{fund} {grade.text}" for fund, grade in life.grades.items()) or None,
        "currency": life.currency or "CNY",
        "record": institution,
    }


def reinvestment_document(view: View) -> Answer:
    """Reinvestment owed by contract and what is recognised of it."""
    return _answer(view, REINVESTMENT, map(duty_row, reinvestments(view)))


def duty_row(duty: Duty) -> Row:
    """What a fund owes one investor, and what is recognised of it."""
    return {
        **REINVESTMENT.fields(duty),
        "claims": len(duty.claims),
        "twice": len(duty.twice),
        "reasons": {} if duty.reason is None else {"shortfall": duty.reason},
        "record": duty,
    }


def claims_document(view: View) -> Answer:
    """Every claim of reinvestment."""
    return _answer(view, CLAIMS, (row for duty in reinvestments(view) for row in claim_rows(duty)))


def claim_rows(duty: Duty) -> list[Row]:
    """The claims of one investor on a fund, and which of them count (by the one counting of GF-37)."""
    return [
        {
            "fund": duty.fund,
            "investor": duty.investor,
            "deal": claim.deal,
            "company": claim.company,
            "day": claim.day,
            "currency": duty.currency,
            "kind": claim.kind,
            "amount": claim.amount,
            "factor": claim.factor,
            "counted": "twice" if claim in duty.twice else "counted",
            "evidence": claim.evidence,
            "texts": {} if claim.kind is None else {"kind": words.word(claim.kind)},
            "record": claim,
        }
        for claim in duty.claims
    ]


def _two(points: Decimal | None) -> Decimal | None:
    return None if points is None else round(points, 2)


def _answer(view: View, of: Document, rows: Iterable[Row], head: Row | None = None) -> Answer:
    return Answer(of, list(rows), view.as_of, view.known_at, "CNY", head or {})
