"""What unlike terms were worth, as documents: gain by gain, or added up by person, plan or institution."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from fof.audit.auditor import day_of
from fof.audit.counterfactual import StakeGain, counterfactual, gain_sums
from fof.figures.answers import Answer
from fof.figures.audit_documents import COUNTERFACTUAL, COUNTERFACTUAL_SUMS
from fof.ledger import View
from models.coinvest import GainGroup
from models.money import DEFAULT_CURRENCY

Row = dict[str, Any]
_PLACES = Decimal("0.0001")


def counterfactual_document(
    view: View, institution: str | None = None, group: GainGroup = GainGroup.FINDING, *, every: bool = False
) -> Answer:
    """The gains that were found, or their sums. Raises Unknown as `audit.coinvestment` does."""
    gained = counterfactual(view, institution, every=every)
    day, known_at = day_of(view), view.known_at
    if group is GainGroup.FINDING:
        return Answer(COUNTERFACTUAL, [_gain(g) for g in gained], day, known_at, DEFAULT_CURRENCY)
    rows = [
        {
            "by": group.value,
            "key": s.key or None,
            "realised": fen(s.realised),
            "unrealised": fen(s.unrealised),
            "count": s.count,
            "unknown": s.unknown,
            "record": s,
        }
        for s in gain_sums(gained, group)
    ]
    return Answer(COUNTERFACTUAL_SUMS, rows, day, known_at, DEFAULT_CURRENCY)


def _gain(own: StakeGain) -> Row:
    stake, gain = own.stake, own.gain
    compared = gain.compared
    return {
        "rule": ", ".join(own.rules),
        "verdict": own.verdict.value,
        "staff_stake": stake.code,
        "person": stake.person,
        "plan": None if stake.plan is None else stake.plan.code,
        "institution": stake.institution,
        "deal": None if stake.project is None else stake.project.deal,
        "advantage": gain.advantage.value,
        "day": gain.day,
        "shares": None if gain.shares is None else _decimal(gain.shares),
        "price": None if compared is None else _decimal(compared.price / 100),
        "compared": None if compared is None else compared.source,
        "compared_on": None if compared is None else compared.day,
        "entry": None if compared is None else compared.entry,
        "realised": fen(gain.realised),
        "unrealised": fen(gain.unrealised),
        "reasons": {name: gain.reason for name in ("realised", "unrealised") if getattr(gain, name) is None},
        "texts": {"verdict": own.verdict.text},
        "record": own,
    }


def fen(amount: Fraction | None) -> int | None:
    """Whole fen, a half to the even one."""
    return None if amount is None else round(amount)


def _decimal(number: Fraction) -> Decimal:
    """To four places."""
    return (Decimal(number.numerator) / Decimal(number.denominator)).quantize(_PLACES)
