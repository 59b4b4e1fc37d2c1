"""What an audit sample is drawn from: the payments or stakes of an institution, and what their amounts suggest looking at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from fof.book.coinvestment import Coinvestment, coinvestment_of
from fof.book.identities import Registered
from fof.book.index import book_of
from fof.errors import WrongArgument
from fof.ledger import View
from models.audit_work import SampleMethod, SamplePopulation
from models.coinvest import PaymentLeg
from models.frozen import frozen
from models.subjects import LinkRole, SubjectKind
from models.text import Text
from valuation import sampling
from valuation.refusals import ValuationError

_PAID_IN = frozenset({PaymentLeg.PERSON_TO_VEHICLE, PaymentLeg.PERSON_TO_COMPANY})


@frozen
class SampleItem:
    """An item of a population. fen: its book value, above 0; entry: that brought it; stratum: 0 is that of the largest amounts."""

    code: str
    day: dt.date
    fen: int
    entry: int
    stratum: int = 0


def population(view: View, institution: str, what: SamplePopulation, strata: int = 1) -> list[SampleItem]:
    """The items of an institution up to the view's day, by code; in strata by amount of as equal numbers as can be."""
    own = coinvestment_of(book_of(view))
    day, firm = view.as_of or dt.date.max, view.party(institution).id
    if what is SamplePopulation.PAYMENTS:
        listed = [
            SampleItem(p.subject.code, p.day, p.fen, p.entry)
            for p in own.payments
            if p.leg in _PAID_IN and p.day <= day and _firm_of(own, p.subject) == firm
        ]
    else:
        listed = []
        for stake in own.of(SubjectKind.STAFF_STAKE):
            paid = [p for p in own.of_stake.get(stake.number, ()) if p.leg in _PAID_IN and p.day <= day]
            if paid and _firm_of(own, stake) == firm:
                listed.append(SampleItem(stake.code, paid[0].day, sum(p.fen for p in paid), paid[0].entry))
    ranked = sorted(listed, key=lambda item: (-item.fen, item.code))
    of_item = {item.code: n * strata // len(ranked) for n, item in enumerate(ranked)}
    by_code = sorted(listed, key=lambda item: item.code)
    return [SampleItem(i.code, i.day, i.fen, i.entry, of_item[i.code]) for i in by_code]


def _firm_of(own: Coinvestment, subject: Registered) -> int | None:
    """The institution of a stake or of a person's payment."""
    stake = subject.linked(LinkRole.STAFF_STAKE)
    if stake is not None:
        subject = own.registered[SubjectKind.STAFF_STAKE.value][stake]
    deal = subject.linked(LinkRole.DEAL)
    return None if deal is None or deal not in own.deals else own.institution(own.deals[deal])


def sample_size(
    items: int, method: SampleMethod, confidence: Decimal, tolerable: Decimal, expected: Decimal
) -> int:
    """How many to draw, at most the population for attributes. WrongArgument where the numbers allow no sample."""
    for name, holds, sentence in (
        ("confidence", 0 < confidence < 1, Text("须大于 0、小于 1", "must be above 0 and below 1")),
        ("tolerable", 0 < tolerable <= 1, Text("须大于 0、不大于 1", "must be above 0 and at most 1")),
        (
            "expected",
            0 <= expected < tolerable,
            Text("须不小于 0、小于可容忍错误率", "must not be below 0, and below the tolerable rate"),
        ),
    ):
        if not holds:
            raise WrongArgument(sentence, name)
    try:
        if method is SampleMethod.MONETARY_UNIT:
            return sampling.monetary_unit_sample_size(tolerable, expected, 1 - confidence)
        return min(items, sampling.attribute_sample_size(tolerable, expected, 1 - confidence, items).size)
    except ValuationError as error:
        raise WrongArgument(
            Text(
                "与预计错误率过近或过小：需要抽取的超过总体或十万项",
                f"no sample of these numbers: {error}",
            ),
            "tolerable",
        ) from error


@frozen
class SampleHints:
    """What amounts suggest looking at; never a finding.

    digits   : (9,) how many amounts begin with 1 … 9; expected by Benford's law; p_value of Pearson's chi-square
    repeated : (fen, codes) of amounts that come three times or more, the most frequent first
    """

    digits: tuple[int, ...]
    expected: tuple[float, ...]
    chi_square: float
    p_value: float
    repeated: tuple[tuple[int, tuple[str, ...]], ...]


def hints_of(view: View, institution: str) -> SampleHints:
    """First digits and repeated amounts of the payments of an institution up to the view's day; worked out once for a view."""
    key = hints_of, institution
    known: SampleHints | None = view.answers.get(key)
    if known is None:
        known = view.answers[key] = hints(population(view, institution, SamplePopulation.PAYMENTS))
    return known


def hints(items: Sequence[SampleItem]) -> SampleHints:
    """First digits and repeated amounts of a population."""
    test = sampling.first_digit_test([i.fen for i in items])
    by_amount: dict[int, list[str]] = {}
    for item in items:
        by_amount.setdefault(item.fen, []).append(item.code)
    often = sorted(
        ((fen, tuple(codes)) for fen, codes in by_amount.items() if len(codes) >= 3),
        key=lambda x: (-len(x[1]), -x[0]),
    )
    return SampleHints(
        tuple(test.counts.tolist()),
        tuple(test.expected.tolist()),
        test.chi_square,
        test.p_value,
        tuple(often),
    )
