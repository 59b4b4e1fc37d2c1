"""Dry run: what a proposed deal, or a new investor's commitment, would change in the audit. Nothing is written."""

from __future__ import annotations

from dataclasses import field

from fof.audit.auditor import auditor_of, day_of
from fof.audit.collector import collector_waits
from fof.audit.field_problems import field_problem
from fof.audit.findings import Audit, AuditFinding
from fof.book.holdings import holding
from fof.book.index import VEHICLES
from fof.book.laid import laid
from fof.errors import BookingRefused, Problem, Where
from fof.importers.identifiers import is_industry
from fof.ledger import Draft, Ids, View
from fof.rules.registry import Verdict
from fof.words import amount
from models.facts import FACTS
from models.frozen import frozen
from models.kinds import DealKind, EntryKind, MarkMethod, PartyKind
from models.posting_kinds import PostingKind
from models.rows import Deal, Fact, Mark, Party, Posting, Row
from models.text import Text

PROPOSED_DEAL = "拟议"
"""Code of the deal that has not happened."""


@frozen
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


@frozen
class ProposedCommitment:
    """A promise under consideration: who would promise how much more to which fund.

    kind : of an investor that is not in the book; attributes: its facts, as stored text
    """

    fund: str
    investor: str
    fen: int
    kind: PartyKind = PartyKind.SOCIAL_INVESTOR
    attributes: dict[str, str] = field(default_factory=dict)


@frozen
class FindingChange:
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
) -> tuple[FindingChange, ...]:
    """The findings that a deal or a commitment on the view's day would add or change, worst first.

    What would happen is laid on the view's prefix (fof.book.laid); the journal is not touched. BookingRefused lists what
    is wrong with the proposal: unknown fund, no amount, unknown attribute.
    """
    problems = [*_wrong(view, deal), *_wrong(view, commitment)]
    if problems:
        raise BookingRefused(problems, Text("试算", "trial"))
    day = day_of(view)
    view, ids = view.on(day), Ids(view)
    rows: list[Row] = []
    postings: list[Posting] = []
    if deal is not None:
        _add_deal(view, deal, ids, rows, postings)
    if commitment is not None:
        investor = _party(view, commitment.investor, commitment.kind, commitment.attributes, ids, rows)
        fund = view.by_code[commitment.fund].id
        postings.append(Posting(PostingKind.COMMITMENT, investor, fund, fund, None, None, commitment.fen))
    draft = Draft(EntryKind.DEAL, day, "dry run", b"", postings, rows)
    before, after = (auditor_of(v).audit(v) for v in (view, laid(view, [draft])))
    return _changes(before, after)


def _changes(before: Audit, after: Audit) -> tuple[FindingChange, ...]:
    old = {(f.rule, f.subject): f for f in before.findings}
    new = {(f.rule, f.subject): f for f in after.findings}
    changes = [
        FindingChange(old.get(key), f) for key, f in new.items() if _differs(old.get(key), f)
    ]  # in the order of the audit: worst first
    changes += [
        FindingChange(f, None)
        for key, f in old.items()
        if key not in new and f.verdict is not Verdict.NOT_APPLICABLE
    ]
    return tuple(sorted(changes, key=lambda c: not c.worse))


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


def _wrong(view: View, proposed: ProposedDeal | ProposedCommitment | None) -> list[Problem]:
    if proposed is None:
        return []
    problems = []
    fund = view.by_code.get(proposed.fund)
    if fund is None or fund.kind not in VEHICLES:
        problems.append(
            field_problem(
                "unknown_fund",
                Text("账中的基金编号", "code of a fund in the book"),
                proposed.fund,
                "fund",
            )
        )
    other, of_whom = (
        (proposed.company, "company")
        if isinstance(proposed, ProposedDeal)
        else (proposed.investor, "investor")
    )
    if not other.strip():
        problems.append(
            field_problem(
                "party_missing", Text("须选择，或写新的编号", "chosen, or a new code"), None, of_whom
            )
        )
    if proposed.fen <= 0:
        problems.append(
            field_problem(
                "no_amount",
                Text("大于零的金额", "an amount above zero"),
                amount(proposed.fen, "元"),
                "amount",
            )
        )
    for name, text in proposed.attributes.items():
        try:
            FACTS[name].parse(text)
            if name == "industry" and not is_industry(text.upper(), section_alone=False):
                raise ValueError(text)
        except (KeyError, ValueError):
            problems.append(
                field_problem(
                    "bad_attribute",
                    Text("属性名及其值", "an attribute and its value"),
                    f"{name}={text}",
                    "attributes",
                )
                if name not in FACTS
                else Problem(
                    "bad_attribute",
                    Text("应为该属性的值", "a value of this attribute"),
                    text,
                    Where(field=FACTS[name].text),
                )
            )
    return problems


def _party(
    view: View, code: str, kind: PartyKind, attributes: dict[str, str], ids: Ids, rows: list[Row]
) -> int:
    """The party of a code, made up where the book has none; attributes of the proposal are in force from the day."""
    known = view.by_code.get(code)
    number = ids.party() if known is None else known.id
    if known is None:
        rows.append(Party(number, code, kind.value))
    rows += [Fact(number, None, n, text) for n, text in attributes.items() if FACTS[n].of == "party"]
    return number


def _add_deal(view: View, deal: ProposedDeal, ids: Ids, rows: list[Row], postings: list[Posting]) -> None:
    """The deal, its money, and a mark at cost above what the position is worth; none where that is not known."""
    company = _party(view, deal.company, PartyKind.COMPANY, deal.attributes, ids, rows)
    fund, number = view.by_code[deal.fund].id, ids.deal()
    rows.append(
        Deal(
            number,
            PROPOSED_DEAL,
            fund,
            company,
            deal.kind.value,
            instrument=deal.instrument,
            share_nano=deal.share_nano,
            stage=deal.stage,
            stage_definition=deal.stage_definition,
        )
    )
    rows += [Fact(None, number, n, text) for n, text in deal.attributes.items() if FACTS[n].of == "deal"]
    held = holding(view, fund, company) if deal.company in view.by_code else None
    known = 0 if held is None or not (held.deals or held.invested) else held.value.fen
    if known is not None:
        rows.append(Mark(fund, company, known + deal.fen, MarkMethod.COST.value))
    postings.append(Posting(PostingKind.INVESTMENT, fund, company, fund, number, None, deal.fen))
