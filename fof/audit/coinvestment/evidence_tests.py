"""A document of evidence held against its stake: the right person, project and plan, the right amount, a day before or after what it
must precede or follow. The table of items is fof.audit.casefile.evidence_items.

What a document says otherwise than the stake is a doubt; a doubtful document is no evidence, and its item is not there (CI-31). Whether a
document comes in time cannot be told where it states no day, or where nobody recorded the day that it must precede or follow: its item is
neither there nor missing.
"""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from fof.book.coinvestment import Coinvestment, StaffPayment
from fof.book.identities import Registered
from fof.rules.facts_coinvest import PaymentFacts, ProjectFacts, SpellFacts
from models.coinvest import EvidenceItem, PaymentLeg
from models.subjects import LinkRole, SubjectKind
from models.text import Text

I = EvidenceItem  # noqa: E741 - the table below is read by its rows
_ALWAYS = Text("每份份额", "every stake")
_PROJECT, _FIRST, _MET, _LEFT = "project", "first_payment", "committee", "left"
DAYS: dict[str, Text] = {
    _PROJECT: Text("机构首次付款日", "the institution's first payment"),
    _FIRST: Text("本人首次缴款日", "the person's first payment"),
    _MET: Text("投决会日", "the committee meeting"),
    _LEFT: Text("离职日", "the day of leaving"),
}


class EvidenceRule(NamedTuple):
    """An item: its id, when it applies, by which day it must be dated (or from which), whether its amount is that of the payments."""

    id: str
    applies: Text
    not_after: str | None = None
    not_before: str | None = None
    amount: bool = False


EVIDENCE_RULES: dict[EvidenceItem, EvidenceRule] = {
    I.PLAN_VERSION: EvidenceRule("EV-01", _ALWAYS, _PROJECT),
    I.BASIS: EvidenceRule("EV-02", _ALWAYS, _PROJECT),
    I.PERSON: EvidenceRule("EV-03", _ALWAYS),
    I.ROLE: EvidenceRule("EV-04", _ALWAYS),
    I.DECLARATION: EvidenceRule("EV-05", _ALWAYS, _MET),
    I.MONEY_PROOF: EvidenceRule("EV-06", _ALWAYS, None, None, True),
    I.INSTITUTION_TERMS: EvidenceRule("EV-07", _ALWAYS, _PROJECT),
    I.STAFF_TERMS: EvidenceRule("EV-08", _ALWAYS, _FIRST),
    I.COMMITTEE_MINUTES: EvidenceRule("EV-09", _ALWAYS, _PROJECT),
    I.PAYMENT_DATES: EvidenceRule("EV-10", _ALWAYS, None, _FIRST, True),
    I.APPRAISAL: EvidenceRule("EV-11", _ALWAYS, _PROJECT),
    I.EXITS: EvidenceRule("EV-12", Text("有退出或转让", "there was an exit or a transfer"), None, _FIRST),
    I.DISTRIBUTIONS: EvidenceRule("EV-13", Text("收到过款项", "money was received"), None, _FIRST),
    I.LEAVER: EvidenceRule("EV-14", Text("已离职", "the person has left"), None, _LEFT),
}


class StakeTerms(NamedTuple):
    """What documents of a stake are held against."""

    project: ProjectFacts | None
    payments: Sequence[PaymentFacts | StaffPayment]
    last_spell: SpellFacts | None
    paid_in: int


def evidence_standing(
    own: Coinvestment, stake: Registered, documents: Iterable[Registered], terms: StakeTerms, day: dt.date
) -> tuple[frozenset[EvidenceItem], frozenset[EvidenceItem]]:
    """The items that a document stands for which fits the stake, and those of which it cannot be told whether one does."""
    there, open_ones = set[EvidenceItem](), set[EvidenceItem]()
    for document in documents:
        item = document.on("evidence_item", day)
        if item is None or item in there or any(contradicted(own, stake, document, item, terms, day)):
            continue
        untold = any(undated(item, document.on("evidence_on", day), terms))
        (open_ones if untold else there).add(item)
    return frozenset(there), frozenset(open_ones - there)


def contradicted(
    own: Coinvestment,
    stake: Registered,
    document: Registered,
    item: EvidenceItem,
    terms: StakeTerms,
    day: dt.date,
) -> Iterator[Text]:
    """What a document says otherwise than the stake."""
    if len(document.links) > 1:  # nearly all name their stake alone
        yield from _of_others(own, document, stake)
    on = document.on("evidence_on", day)
    if on is not None:
        yield from _dated(item, on, terms)
    fen = document.on("evidence_amount", day)
    if fen is not None:
        yield from _amounts(item, fen, terms, own, document)


def undated(item: EvidenceItem, on: dt.date | None, terms: StakeTerms) -> Iterator[Text]:
    """Why it cannot be told whether a document of an item comes in time: it states no day, or the day it is held against is
    not recorded."""
    own_rule = EVIDENCE_RULES[item]
    names = [name for name in (own_rule.not_after, own_rule.not_before) if name is not None]
    if names and on is None:
        yield Text("文件未写明日期", "the document states no day")
        return
    days = _days(terms) if names else {}
    for name in names:
        if days[name] is None:
            yield Text(
                f"未登记{DAYS[name].zh}，先后无法判断", f"{DAYS[name].en} is not recorded: cannot be told"
            )


def _of_others(own: Coinvestment, document: Registered, stake: Registered) -> Iterator[Text]:
    """Whom or what the document names otherwise than the stake does."""
    for role in (LinkRole.PERSON, LinkRole.DEAL, LinkRole.PLAN):
        named, right = document.linked(role), stake.linked(role)
        if named is not None and named != right:
            yield Text(f"{role.zh}不是本份额的{role.zh}", f"another {role.en.lower()} than the stake's")
    paid = document.linked(LinkRole.COINVEST_PAYMENT)
    if paid is not None:
        payment = own.registered.get(SubjectKind.COINVEST_PAYMENT.value, {}).get(paid)
        if payment is not None and payment.linked(LinkRole.STAFF_STAKE) not in (None, stake.number):
            yield Text("所附缴款不是本份额的缴款", "a payment of another stake")


def _dated(item: EvidenceItem, on: dt.date, terms: StakeTerms) -> Iterator[Text]:
    """A day after what the document must precede, or before what it must follow."""
    own_rule = EVIDENCE_RULES[item]
    if own_rule.not_after is None and own_rule.not_before is None:
        return
    days = _days(terms)
    for name, wrong in ((own_rule.not_after, operator.gt), (own_rule.not_before, operator.lt)):
        if name is None:
            continue
        limit = days[name]
        if limit is not None and wrong(on, limit):
            before = name == own_rule.not_after
            yield Text(
                f"文件日期 {on} {'晚' if before else '早'}于{DAYS[name].zh} {limit}",
                f"dated {on}, {'after' if before else 'before'} {DAYS[name].en} {limit}",
            )


def _days(terms: StakeTerms) -> dict[str, dt.date | None]:
    own = [
        p.day for p in terms.payments if p.leg in (PaymentLeg.PERSON_TO_VEHICLE, PaymentLeg.PERSON_TO_COMPANY)
    ]
    project = terms.project
    return {
        _PROJECT: None if project is None else project.day,
        _FIRST: min(own, default=None),
        _MET: None if project is None else project.met_on,
        _LEFT: None if terms.last_spell is None else terms.last_spell.employed_until,
    }


def _amounts(
    item: EvidenceItem, fen: int, terms: StakeTerms, own: Coinvestment, document: Registered
) -> Iterator[Text]:
    """An amount that is not that of the payment it goes with, or of all of them."""
    if not EVIDENCE_RULES[item].amount:
        return
    paid = document.linked(LinkRole.COINVEST_PAYMENT)
    right = terms.paid_in
    if paid is not None:
        right = sum(p.fen for p in own.payments if p.subject.number == paid)
    if item is EvidenceItem.MONEY_PROOF and fen < right:
        yield Text("证明的资金少于缴款", "proves less money than was paid")
    elif item is EvidenceItem.PAYMENT_DATES and fen != right:
        yield Text("凭证金额与缴款不符", "not the amount that was paid")
