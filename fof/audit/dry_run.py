"""Dry run: what a proposed deal, or a new investor's commitment, would change in the audit. Nothing is written."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from fof.audit.book import VEHICLES, Book, book_of
from fof.audit.collector import collector_waits
from fof.audit.deals import holding_facts
from fof.audit.findings import Audit, AuditFinding, Auditor, audit_of, auditor_of, day_of
from fof.audit.gather import office_facts, worths
from fof.audit.rows import DealRow, FactRow, MarkRow, PostingRow, Rows
from fof.errors import BookingRefused, Problem, Where
from fof.ledger import View
from fof.ledger.prefix import PartyRecord
from fof.rules.registry import Verdict
from models.facts import FACTS
from models.kinds import DealKind, PartyKind
from models.posting_kinds import PostingKind
from models.rows import Deal

PROPOSED_DEAL = "拟议"
"""Code of the deal that has not happened."""
_LAST_ENTRY = 2**31 - 1
"""Entry of what has not happened: after all others, and still an entry's number in the journal's columns."""


@dataclass(frozen=True, slots=True)
class ProposedDeal:
    """A deal under consideration, paid in full on the day of the look and held at cost.

    fund, company : codes; a company that is not in the book is made up for the look, with `attributes`
    fen           : the ticket          share_nano : of the company, in billionths, None where not known
    attributes    : of the company and of the deal, by name of the fact, as stored text
    """

    fund: str
    company: str
    fen: int
    kind: DealKind = DealKind.INITIAL
    instrument: str | None = "equity"
    share_nano: int | None = None
    stage: str | None = None
    stage_definition: str | None = None
    attributes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProposedCommitment:
    """A promise under consideration: who would promise how much more to which fund.

    kind : of an investor that is not in the book; attributes: its facts, as stored text
    """

    fund: str
    investor: str
    fen: int
    kind: PartyKind = PartyKind.SOCIAL_INVESTOR
    attributes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """A finding that would be new or other than now (before is None or differs), or would go (after is None)."""

    before: AuditFinding | None
    after: AuditFinding | None

    @property
    def worse(self) -> bool:
        """Whether it would be a breach, warning or unknown that is not one of that kind now."""
        bad = (Verdict.BREACH, Verdict.WARN, Verdict.UNKNOWN)
        if self.after is None or self.after.verdict not in bad:
            return False
        return self.before is None or self.before.verdict is not self.after.verdict


@collector_waits()
def would(
    view: View, deal: ProposedDeal | None = None, commitment: ProposedCommitment | None = None
) -> tuple[Change, ...]:
    """The findings that a deal or a commitment on the view's day would add or change, worst first.

    The hypothetical rows are added to a copy of what was read; the journal is not touched. BookingRefused lists what
    is wrong with the proposal: unknown fund, no amount, unknown attribute.
    """
    book, day = book_of(view), day_of(view)
    problems = [*_wrong(book, deal), *_wrong(book, commitment)]
    if problems:
        raise BookingRefused(problems, "试算")
    rows = book.rows
    if deal is not None:
        rows = _with_deal(rows, book, deal, day)
    if commitment is not None:
        rows = _with_commitment(rows, book, commitment, day)
    auditor = auditor_of(view)
    now = auditor.office(view)
    before = audit_of(auditor, now, auditor.judge(now), view.known_at)
    other = Auditor(Book(rows))
    then = office_facts(other.book, day, lambda on: worths(view.journal.view(on, view.known_at)))
    after = audit_of(other, then, other.judge(then), view.known_at)
    return _changes(before, after)


def _changes(before: Audit, after: Audit) -> tuple[Change, ...]:
    old = {(f.rule, f.subject): f for f in before.findings}
    new = {(f.rule, f.subject): f for f in after.findings}
    found = [
        Change(old.get(key), f) for key, f in new.items() if _differs(old.get(key), f)
    ]  # in the order of the audit: worst first
    found += [
        Change(f, None)
        for key, f in old.items()
        if key not in new and f.verdict is not Verdict.NOT_APPLICABLE
    ]
    return tuple(sorted(found, key=lambda c: not c.worse))


def _differs(before: AuditFinding | None, after: AuditFinding) -> bool:
    if before is None:
        return after.verdict is not Verdict.NOT_APPLICABLE
    a, b = before.finding, after.finding
    return (a.verdict, a.measured, a.threshold, a.money_at_stake) != (
        b.verdict,
        b.measured,
        b.threshold,
        b.money_at_stake,
    )


def _wrong(book: Book, proposed: ProposedDeal | ProposedCommitment | None) -> list[Problem]:
    if proposed is None:
        return []
    found = []
    fund = book.by_code.get(proposed.fund)
    if fund is None or book.parties[fund].kind not in VEHICLES:
        found.append(
            Problem(
                "unknown_fund",
                "账中的基金编号",
                "code of a fund in the book",
                proposed.fund,
                Where(field="fund"),
            )
        )
    if proposed.fen <= 0:
        found.append(
            Problem(
                "no_amount", "大于零的金额", "an amount above zero", str(proposed.fen), Where(field="fen")
            )
        )
    for name, text in proposed.attributes.items():
        try:
            FACTS[name].parse(text)
        except (KeyError, ValueError):
            found.append(
                Problem(
                    "bad_attribute",
                    "属性名及其值",
                    "an attribute and its value",
                    f"{name}={text}",
                    Where(field="attributes"),
                )
            )
    return found


def _party(
    rows: Rows, book: Book, code: str, kind: PartyKind, attributes: dict[str, str], day: dt.date
) -> tuple[int, Rows]:
    """The party of a code, made up where the book has none; attributes of the proposal are in force from the day."""
    number = book.by_code.get(code)
    parties: dict[int, PartyRecord] = {}
    if number is None:
        number = max(rows.parties, default=0) + 1
        parties[number] = PartyRecord(number, code, kind, 0)
    facts = [
        FactRow(day, 0, number, None, name, text, None)
        for name, text in attributes.items()
        if FACTS[name].of == "party"
    ]
    return number, rows.more(parties=parties, facts=facts)


def _with_deal(rows: Rows, book: Book, deal: ProposedDeal, day: dt.date) -> Rows:
    company, rows = _party(rows, book, deal.company, PartyKind.COMPANY, deal.attributes, day)
    fund, number, entry = book.by_code[deal.fund], max(book.deals, default=0) + 1, _LAST_ENTRY
    row = Deal(
        number,
        PROPOSED_DEAL,
        fund,
        company,
        deal.kind.value,
        None,
        deal.instrument,
        deal.share_nano,
        None,
        deal.stage,
        deal.stage_definition,
    )
    facts = [
        FactRow(day, entry, None, number, name, text, None)
        for name, text in deal.attributes.items()
        if FACTS[name].of == "deal"
    ]
    held = holding_facts(book, fund, company, day) if (fund, company) in book.costs else None
    known = 0 if held is None else held.value
    marks = [] if known is None else [MarkRow(day, fund, company, known + deal.fen)]
    return rows.more(
        postings=[PostingRow(day, entry, int(PostingKind.INVESTMENT), fund, company, fund, number, deal.fen)],
        deals=[DealRow(day, entry, row)],
        marks=marks,
        facts=facts,
    )


def _with_commitment(rows: Rows, book: Book, promise: ProposedCommitment, day: dt.date) -> Rows:
    investor, rows = _party(rows, book, promise.investor, promise.kind, promise.attributes, day)
    fund = book.by_code[promise.fund]
    return rows.more(
        postings=[
            PostingRow(day, _LAST_ENTRY, int(PostingKind.COMMITMENT), investor, fund, fund, None, promise.fen)
        ]
    )
