"""Audit samples of staff co-investment: drawn from a population that a journal prefix fixes, with a seed that is recorded before
the items are seen; judged by the audited values of what was drawn.

The population is numbered by code. Monetary-unit samples take one yuan-fen in each interval, so that a payment's chance is its
share of the money; attribute samples take items, of strata by amount in proportion to their items. Sizes and limits are those of
valuation.sampling; each figure names its estimator.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np

from fof import ledger, users
from fof.access import Actor
from fof.audit.casefile.sample_population import SampleItem, population, sample_size
from fof.audit.casefile.stated_facts import stated_facts
from fof.book.coinvestment import coinvestment_of
from fof.book.identities import Registered, next_code
from fof.book.index import book_of
from fof.db import Database
from fof.errors import Problem, Unknown
from fof.intake.days import none_to_come
from fof.ledger import Booked, Draft, Ids, Plan, View
from fof.words import today
from models.audit_work import SampleMethod, SamplePopulation
from models.frozen import frozen
from models.kinds import EntryKind
from models.rows import Identity, SubjectLink
from models.rows import Row as JournalRow
from models.subjects import LinkRole, SubjectKind
from models.text import Text
from valuation import sampling
from valuation.estimation import stratified_rate

_KIND = SubjectKind.SAMPLE.value


@frozen
class DrawnItem:
    """An item of a sample. hits: how often it was drawn; audited: fen, None where nobody said otherwise than the book."""

    item: SampleItem
    hits: int
    audited: int | None

    @property
    def taint(self) -> Decimal:
        """(book - audited) / book."""
        return Decimal(0) if self.audited is None else Decimal(self.item.fen - self.audited) / self.item.fen


@frozen
class AuditSample:
    """A sample as it stands in the book, with what it takes from the population of its prefix.

    confidence, tolerable, expected : shares as stated      items, items_of, fen : of the population and of its strata
    """

    code: str
    institution: str
    population: SamplePopulation
    method: SampleMethod
    as_of: dt.date
    known_at: int
    confidence: Decimal
    tolerable: Decimal
    expected: Decimal
    strata: int
    size: int
    seed: int
    items: int
    items_of: tuple[int, ...]
    fen: int
    drawn: tuple[DrawnItem, ...]
    entry: int
    who: str
    evaluated: bool

    @property
    def risk(self) -> Decimal:
        """1 - confidence."""
        return 1 - self.confidence


@frozen
class SampleFigure:
    """One estimate with the name of its estimator. value: a share, or fen where `money`."""

    text: Text
    estimator: str
    value: float
    money: bool


# -- drawing --------------------------------------------------------------------------------------------------------


def draw_sample(
    database: Database,
    actor: Actor,
    institution: str,
    what: SamplePopulation,
    method: SampleMethod,
    as_of: dt.date,
    day: dt.date,
    confidence: Decimal = Decimal("0.95"),
    tolerable: Decimal = Decimal("0.05"),
    expected: Decimal = Decimal(0),
    strata: int = 1,
) -> Booked:
    """Fix the population by the journal as it stands, draw a seed, and record both; the items follow from them.

    strata : by amount, of attribute samples
    BookingRefused for an empty population; NotAllowed without the right; Unknown for an institution that the person may not see;
    WrongArgument where the numbers allow no sample.
    """

    def plan(view: View, ids: Ids) -> Plan:
        users.require(view, actor, "sample", institution)
        items = population(view.on(as_of), institution, what)
        if not items:
            text = Text(
                "该机构截至该日没有可抽取的项目", "the institution has nothing to draw from on that day"
            )
            return Plan([], [Problem("empty_population", text, institution)])
        stated: dict[str, Any] = {
            "sample_population": what,
            "sample_method": method,
            "sample_as_of": as_of,
            "sample_known_at": view.known_at,
            "sample_confidence": confidence,
            "sample_tolerable": tolerable,
            "sample_expected": expected,
            "sample_strata": max(1, min(strata, len(items))),
            "sample_size": sample_size(len(items), method, confidence, tolerable, expected),
            "sample_seed": secrets.randbits(62),  # after the population is fixed, before any item is seen
        }
        code = next_code(view.subject_ids, _KIND, "CY")
        number = ids.subject()
        rows: list[JournalRow] = [
            Identity(number, _KIND, code),
            SubjectLink(number, LinkRole.INSTITUTION.value, party=view.by_code[institution].id),
            *stated_facts(_KIND, number, stated),
        ]
        digest = ledger.request_digest("audit_sample", code, *map(str, stated.values()))
        return Plan([Draft(EntryKind.AUDIT_SAMPLE, day, f"samples/{code}", digest, rows=rows)])

    return ledger.book(database, actor, none_to_come(plan), action="sample")


def record_results(
    database: Database,
    actor: Actor,
    sample: str,
    audited: Mapping[str, int],
    day: dt.date,
    document: str = "",
) -> Booked:
    """Record the audited values (fen) of the items that differ from the book; the others are as the book has them.

    BookingRefused for an item that was not drawn, a value below 0, or other values than were recorded and not taken back;
    NotAllowed without the right.
    """

    def plan(view: View, _ids: Ids) -> Plan:
        users.require(view, actor, "sample")
        own = audit_sample(view, sample, actor)
        drawn = {d.item.code for d in own.drawn}
        wrong = [
            Problem("not_drawn", Text(f"{own.code} 抽中的项目", f"an item that {own.code} drew"), code)
            for code in audited
            if code not in drawn
        ]
        wrong += [
            Problem("below_zero", Text("审定金额不小于 0", "an audited value of at least 0"), f"{code} {fen}")
            for code, fen in audited.items()
            if fen < 0
        ]
        results = tuple(f"{code}:{fen}" for code, fen in sorted(audited.items())) or ("-",)
        number = view.subject_ids[_KIND, own.code]
        before = view.on(None).attribute((_KIND, number), "sample_results")
        if before is not None and tuple(before) != results:
            expected = Text(
                "已有评价：更正时先冲销原分录", "evaluated already: to correct it, reverse that entry first"
            )
            wrong.append(Problem("evaluated", expected, own.code))
        if wrong:
            return Plan([], wrong)
        digest = ledger.request_digest("audit_sample_results", own.code, day, *results, document)
        key = f"samples/{own.code}/results/{day}/{digest.hex()[:16]}"
        rows = stated_facts(_KIND, number, {"sample_results": results}, document)
        return Plan([Draft(EntryKind.AUDIT_SAMPLE, day, key, digest, rows=rows)])

    return ledger.book(database, actor, none_to_come(plan), action="sample")


# -- reading --------------------------------------------------------------------------------------------------------


def audit_samples(view: View, actor: Actor | None = None) -> list[AuditSample]:
    """The samples of the book, by code; none for who may not read the audit, or not see the institution."""
    newest = view.on(None)
    who = actor or users.acting(view.journal.view(), today())
    if not users.may(view, who, "read_audit"):
        return []
    seen = users.seen_institutions(view, who)
    own = coinvestment_of(book_of(newest)).of(SubjectKind.SAMPLE)
    listed = [_sample(newest, one) for one in own]
    return [s for s in listed if s is not None and (seen is None or s.institution in seen)]


def audit_sample(view: View, code: str, actor: Actor | None = None) -> AuditSample:
    """One sample; Unknown where there is none of the code, or the person may not see it."""
    for sample in audit_samples(view, actor):
        if sample.code == code.strip():
            return sample
    raise Unknown(Text("审计抽样", "audit sample"), code)


def _sample(view: View, own: Registered) -> AuditSample | None:
    bearer, firm = (_KIND, own.number), own.linked(LinkRole.INSTITUTION)
    seed = view.stated(bearer, "sample_seed")
    if seed is None or firm is None:
        return None

    def of(name: str) -> Any:
        return view.attribute(bearer, name)

    institution = view.parties[firm].code
    then = view.journal.view(of("sample_as_of"), of("sample_known_at"))
    items = population(then, institution, of("sample_population"), of("sample_strata"))
    hits = Counter(
        _selected(items, of("sample_method"), of("sample_size"), of("sample_strata"), int(str(seed.value)))
    )
    results = of("sample_results")
    audited = dict(part.rsplit(":", 1) for part in results or () if ":" in part)
    drawn = tuple(
        DrawnItem(items[n], count, int(audited[items[n].code]) if items[n].code in audited else None)
        for n, count in sorted(hits.items())
    )
    return AuditSample(
        own.code,
        institution,
        of("sample_population"),
        of("sample_method"),
        of("sample_as_of"),
        of("sample_known_at"),
        of("sample_confidence"),
        of("sample_tolerable"),
        of("sample_expected"),
        of("sample_strata"),
        of("sample_size"),
        int(str(seed.value)),
        len(items),
        tuple(sum(i.stratum == n for i in items) for n in range(of("sample_strata"))),
        sum(i.fen for i in items),
        drawn,
        seed.entry,
        view.entry(seed.entry).recorded_by,
        results is not None,
    )


def _selected(
    items: Sequence[SampleItem], method: SampleMethod, size: int, strata: int, seed: int
) -> list[int]:
    """Places of the items drawn; one that was hit twice stands twice."""
    if method is SampleMethod.MONETARY_UNIT:
        return sampling.monetary_unit_selection([i.fen for i in items], size, seed).tolist()  # type: ignore[no-any-return]
    labels = np.array([i.stratum for i in items])
    have = np.bincount(labels, minlength=strata)
    sizes = sampling.allocation(size, have, most=have)
    return sampling.attribute_selection(labels, sizes, seed).tolist()  # type: ignore[no-any-return]


# -- judging --------------------------------------------------------------------------------------------------------


def figures_of(sample: AuditSample) -> list[SampleFigure]:
    """What the sample says at most about all: each figure with the name of its estimator."""
    wrong = [d for d in sample.drawn if d.audited is not None and d.audited != d.item.fen]
    if sample.method is SampleMethod.ATTRIBUTE:
        size = sum(d.hits for d in sample.drawn)
        limit = sampling.attribute_upper_limit(size, len(wrong), sample.risk, sample.items)
        return [
            SampleFigure(Text("样本错误率", "Rate in the sample"), "sample rate", len(wrong) / size, False),
            SampleFigure(
                Text("错误率上限", "Upper limit of the rate"), "hypergeometric (exact)", limit, False
            ),
        ]
    taints = [d.taint for d in wrong for _ in range(d.hits)]
    projected = float(sum(taints, Decimal(0))) * sample.fen / sample.size
    bounds = [
        SampleFigure(
            Text("错报上限", "Upper bound of misstatement"),
            method,
            sampling.monetary_unit_upper_bound(sample.fen, taints, sample.size, sample.risk, method),
            True,
        )
        for method in ("stringer", "stringer-poisson", "exact")
    ]
    return [
        SampleFigure(Text("推断错报", "Projected misstatement"), "interval projection", projected, True),
        *bounds,
    ]


def _weighted(sample: AuditSample) -> float:
    """The rate of errors over the strata, each weighted with its items."""
    drawn = [[d for d in sample.drawn if d.item.stratum == n] for n in range(sample.strata)]
    filled = [(n, own) for n, own in enumerate(drawn) if own]
    weights = [sample.items_of[n] for n, _ in filled]
    errors = [sum(d.audited is not None and d.audited != d.item.fen for d in own) for _, own in filled]
    return stratified_rate(weights, [len(own) for _, own in filled], errors, "weighted")


def within_tolerable(sample: AuditSample) -> bool | None:
    """Whether the upper limit (stringer for monetary units) keeps within what is tolerable; None before the results are in."""
    if not sample.evaluated:
        return None
    limit = figures_of(sample)[1].value
    whole = sample.fen if sample.method is SampleMethod.MONETARY_UNIT else 1
    return limit <= float(sample.tolerable) * whole
