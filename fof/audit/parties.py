"""Companies, investors and managers as the rules see them on a day."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import fields, replace
from functools import cache
from operator import itemgetter
from typing import Any

from fof.audit.on_demand import begin, gathered
from fof.book.declared import shares_declared_of
from fof.book.grants import of_kind
from fof.book.identities import Registered
from fof.book.index import Book
from fof.book.strategic_industries import StrategicReading, strategic_group
from fof.rules.facts_parties import CompanyFacts, InvestorFacts, ManagerFacts, YearFigures
from models.facts import FACTS
from models.kinds import Ownership, PartyKind
from models.rule_kinds import AssetKind, SeiGroup
from models.subjects import LinkRole, SubjectKind


def plain_names(kind: type[Any], *apart: str, of: str = "party") -> frozenset[str]:
    """Fields that are attributes of the same name, read as they are, None where nothing is stated; `apart` are read
    otherwise."""
    own = [f for f in fields(kind) if f.name in FACTS and FACTS[f.name].of == of and f.name not in apart]
    assert all(f.default is None for f in own), f"{kind.__name__}: a plain attribute that is missing is None"
    return frozenset(f.name for f in own)


_COMPANY = plain_names(CompanyFacts, "sei_group")
_INVESTOR = plain_names(InvestorFacts, "asset_proof", "st_guidance_fund", "employer")
_MANAGER = plain_names(ManagerFacts)
YEARLY = tuple(n for n in YearFigures._fields if n != "year")
"""Attributes of a company that belong to a fiscal year."""
_YEARLY = frozenset(YEARLY)


def year_figures(book: Book, company: int, day: dt.date) -> tuple[YearFigures, ...]:
    """A company's yearly figures known on a day, oldest first; the same object while nothing was added.

    A figure's own day lies in its fiscal year, so those known on a 31 December are those of the years up to it.
    """
    years: _Years | None = book.remembered.get(("years", company))
    if years is None:
        years = book.remembered["years", company] = _Years(book, company)
    return years.upto(day)


class _Years:
    """Everything that is stated of a company by fiscal year; a year that is over is made once for all later days."""

    def __init__(self, book: Book, company: int) -> None:
        lines = [(n, line) for n, line in book.facts.names(company).items() if n in _YEARLY]
        every = [(on, n, value) for n, line in lines for on, value in line.dated(dt.date.max)]
        self._stated = sorted(every, key=itemgetter(0))  # of two of one day the later stated stays the later
        self._days = [on for on, _, _ in self._stated]
        self._known: dict[int, tuple[YearFigures, ...]] = {0: ()}

    def upto(self, day: dt.date) -> tuple[YearFigures, ...]:
        """The figures of days up to one, by year."""
        end = bisect_right(self._days, day)
        yearly = self._known.get(end)
        if yearly is None:
            year = self._days[end - 1].year
            first = bisect_left(self._days, dt.date(year, 1, 1), 0, end)
            own = {name: value for _, name, value in self._stated[first:end]}
            before = self.upto(self._days[first - 1]) if first else ()
            yearly = self._known[end] = (*before, YearFigures(year, **own))
        return yearly


def company_facts(
    book: Book, company: int, day: dt.date, years: tuple[YearFigures, ...] | None = None
) -> CompanyFacts:
    """A company on a day; `years`: figures known later than that day (for a company as of a deal's day)."""
    facts: CompanyFacts = begin(
        CompanyFacts, code=book.code(company), as_of=day, **_company(book, company, day, years)
    )
    return facts


def company_on(book: Book, company: int, day: dt.date) -> CompanyFacts:
    """A company on a day; what is known of it is gathered when a rule first asks."""
    facts: CompanyFacts = begin(_GATHERED, book=book, number=company, code=book.code(company), as_of=day)
    return facts


def _company(book: Book, company: int, day: dt.date, years: tuple[YearFigures, ...] | None) -> dict[str, Any]:
    facts = book.facts
    group = facts.of(company, "sei_group", day)
    by_table = (
        strategic_group(book.view, facts.of(company, "industry", day), day)
        if group is None
        else StrategicReading(True, SeiGroup.read(group))
    )
    stated = facts.among(company, _COMPANY, day)
    if "publicly_funded_result" not in stated:
        stated |= _registered_results(book, company, day)
    return {
        **stated,
        "sei_known": by_table.known,
        "sei_group": by_table.group,
        "stage_definition": facts.basis(company, "stage", day),
        "claims_st_sme": facts.of(company, "st_sme", day),
        "years": year_figures(book, company, day) if years is None else years,
    }


def _registered_results(book: Book, company: int, day: dt.date) -> dict[str, Any]:
    """What the register of publicly funded results says of a company of which nobody stated it: that it rests on one, the
    earliest day agreed of those that are not converted, and where all are, the day of the last."""
    by_company: dict[int, list[Registered]] | None = book.remembered.get("results")
    if by_company is None:
        by_company = book.remembered["results"] = defaultdict(list)
        for own in of_kind(book.view, SubjectKind.RESULT).values():
            if (of := own.linked(LinkRole.COMPANY)) is not None:
                by_company[of].append(own)
    known = [own for own in by_company.get(company, ()) if own.first_day <= day]
    if not known:
        return {}
    converted = [own.on("result_converted_on", day) for own in known]
    open_ones = [own for own, on in zip(known, converted, strict=True) if on is None or on > day]
    dues = [own.on("result_due", day) for own in open_ones]
    return {
        "publicly_funded_result": True,
        "conversion_due": None if None in dues else min(dues, default=None),
        "converted_on": None if open_ones else max(on for on in converted if on is not None),
    }


_OF_COMPANY = frozenset(f.name for f in fields(CompanyFacts)) - {"code", "as_of"}
_GATHERED = gathered(
    CompanyFacts,
    {},
    (
        _OF_COMPANY,
        lambda facts: {
            **dict.fromkeys(_OF_COMPANY),
            **_company(facts.book, facts.number, facts.as_of, None),
            **facts.__dict__,
        },
    ),
)


def investor_facts(book: Book, party: int, day: dt.date) -> InvestorFacts:
    """An investor on a day, members of a conduit gathered alike; the same object while nothing was added."""
    version = book.version("investor", party, day, lambda: [v.days for v in book.facts.names(party).values()])
    key = ("investor", party, version)
    members = book.facts.of(party, "conduit_members", day)
    if members is None and (known := book.remembered.get(key)) is not None:
        return known  # type: ignore[no-any-return]
    record, facts = book.parties[party], book.facts
    stated = facts.among(party, _INVESTOR, day)
    built = InvestorFacts(
        code=record.code,
        kind=record.kind,
        **stated,
        st_guidance_fund=bool(facts.of(party, "st_guidance_fund", day)),
        employer=facts.of(party, "employer", day),
        deemed=facts.of(party, "deemed_qualified", day),
        asset_proof=_proof(facts.of(party, "asset_proof", day)),
        members=None if members is None else _members(book, party, members, day),
    )
    if members is None:
        book.remembered[key] = built
    return built


def investor_then(book: Book, party: int, joined: dt.date, day: dt.date) -> InvestorFacts:
    """An investor with the proof of wealth that stood behind its joining on `joined`, as known on `day`.

    A proof renewed for a later stake does not stand in for it. Members of a conduit likewise.
    """
    stated = book.facts.dated(party, "wealth_evidence_on", day)
    before = [on for on, proved in stated if proved <= joined]
    at = max(before[-1], joined) if before and len(before) < len(stated) else day
    now = investor_facts(book, party, at)
    if now.members is None:
        return now
    members = (
        investor_then(book, book.by_code[m.code], joined, day) if m.code in book.by_code else m
        for m in now.members
    )
    return replace(now, members=tuple(members))


@cache
def word(of: type[Any], text: str | None) -> Any:
    """A stored word as a member of its closed list, None where none is stored."""
    return None if text is None else of(text)


def _members(book: Book, party: int, codes: tuple[str, ...], day: dt.date) -> tuple[InvestorFacts, ...]:
    known = [book.by_code[code] for code in codes if code in book.by_code and book.by_code[code] != party]
    strangers = [InvestorFacts(code) for code in codes if code not in book.by_code]
    return (*(investor_facts(book, member, day) for member in known), *strangers)


def _proof(codes: tuple[str, ...] | None) -> tuple[tuple[AssetKind, int], ...] | None:
    """Codes "kind:fen"; a code that is neither makes the whole proof unreadable, which is missing."""
    if codes is None:
        return None
    proof = []
    for code in codes:
        word, _, fen = code.partition(":")
        kind = AssetKind.read(word)
        if kind is None or not fen.isdigit():
            return None
        proof.append((kind, int(fen)))
    return tuple(proof)


def manager_then(book: Book, fund: int, selected: dt.date | None, day: dt.date) -> ManagerFacts | None:
    """The manager that was selected, as known for the day of selection; what nobody recorded for that day is taken as
    first recorded after it (up to `day`) and named in `later`. None where the day or the manager is not known."""
    if selected is None or selected > day:
        return None
    code = book.facts.of(fund, "manager", selected) or book.facts.of(fund, "manager", day)
    party = None if code is None else book.by_code.get(code)
    if party is None:
        return None if code is None else ManagerFacts(code)
    stated: dict[str, Any] = {}
    later = []
    for name in (f.name for f in fields(ManagerFacts) if f.name in _MANAGER):
        stated[name] = book.facts.of(party, name, selected)
        if stated[name] is None and (dated := book.facts.dated(party, name, day)):
            stated[name] = dated[0][1]
            later.append(name)
    return ManagerFacts(code, later=tuple(later), **stated)


def manager_facts(book: Book, code: str | None, day: dt.date) -> ManagerFacts | None:
    """A fund's manager on a day, None where the fund names none."""
    if code is None:
        return None
    party = book.by_code.get(code)
    if party is None:
        return ManagerFacts(code)
    registered = book.facts.of(party, "manager_registered_on", day)
    return ManagerFacts(
        code,
        registered_on=registered,
        state_owned=_state_owned(book, party, day),
        **book.facts.among(party, _MANAGER, day),
    )


def _state_owned(book: Book, party: int, day: dt.date) -> bool | None:
    """By kind, by the recorded ownership, or by a declared share above one half of somebody who is the state's."""
    kind, ownership = book.parties[party].kind, book.facts.of(party, "ownership", day)
    if kind in (PartyKind.SOE_VC, PartyKind.STATE_INVESTOR, PartyKind.GOVERNMENT) or ownership in _STATE:
        return True
    shares = shares_declared_of(book.view, party, day)
    if any(
        owned == party and edge.row.share_nano > 500_000_000 and _state_owned(book, owner, day)
        for (owner, owned, _), edge in shares.items()
    ):
        return True
    return None if ownership is None else False


_STATE = (Ownership.GOVERNMENT, Ownership.SOE_WHOLLY_OWNED, Ownership.SOE, Ownership.SOE_CONTROLLED_MIXED)
