"""The subjects of an office by scope: what every rule speaks about, listed once for all of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from fof.rules.facts import FundFacts, Matter, OfficeFacts
from fof.rules.facts_parties import StakeFacts
from fof.rules.registry import Rule, Scope
from models.subjects import OFFICE, Subject, SubjectKind

OF_A_FUND = frozenset({Scope.FUND, Scope.STAKE})
"""Scopes whose subjects belong to one fund."""


class Matters:
    """The subjects of an office by scope: listed once for all rules, and not before a rule of the scope is applied.

    only : codes of the funds whose subjects are listed, and the office itself; None: all
    """

    def __init__(self, office: OfficeFacts, only: Collection[str] | None = None) -> None:
        self.office, self.only = office, only
        self._listed: dict[Scope, list[Matter]] = {}
        self._promises: list[Matter] | None = None

    def of(self, scope: Scope) -> list[Matter]:
        """All subjects of a scope."""
        subjects = self._listed.get(scope)
        if subjects is None:
            further = [subject for subject in self.office.further if subject.scope is scope]
            listed = [*self._own(scope), *further]
            if self.only is not None and scope is not Scope.OFFICE:
                listed = [subject for subject in listed if subject.fund in self.only]
            subjects = self._listed[scope] = listed
        return subjects

    def promises(self) -> list[Matter]:
        """Stakes by the party that made the promise: what an event rule about stakes judges."""
        if self._promises is None:
            self._promises = [_stake(s, fund) for fund in self._funds() for s in fund.promises]
        return self._promises

    def _funds(self) -> Sequence[FundFacts]:
        funds, only = self.office.funds, self.only
        return funds if only is None else [fund for fund in funds if fund.code in only]

    def for_rule(self, rule: Rule) -> list[Matter]:
        """All subjects that a rule speaks about. Who went on with another's stake has no event of its own."""
        if rule.scope is not Scope.STAKE or rule.facts_on is None:
            return self.of(rule.scope)
        day = rule.facts_on
        return [s for s in self.promises() if getattr(s.args[0], day) is not None or not _shared(s)]

    def about(self, rule: Rule, wanted: Collection[Subject]) -> list[Matter]:
        """Those of the subjects of a rule that are wanted; of other funds nothing is gathered. A rule about the office speaks
        about several subjects at once."""
        if rule.scope is Scope.OFFICE:
            return self.for_rule(rule)
        own = Matters(self.office, {s.code for s in wanted}) if rule.scope in OF_A_FUND else self
        return [s for s in own.for_rule(rule) if s.subject in wanted]

    def _own(self, scope: Scope) -> Iterable[Matter]:
        office = self.office
        if self.only is not None and scope in (Scope.INVESTOR, Scope.COMPANY):
            return ()
        match scope:
            case Scope.OFFICE:
                return [Matter(scope, (office,), OFFICE)]
            case Scope.FUND:
                return [Matter(scope, (fund,), party_address(fund.code), fund.code) for fund in self._funds()]
            case Scope.STAKE:
                return [_stake(s, fund) for fund in self._funds() for s in fund.every_stake]
            case Scope.DEAL:
                return [
                    Matter(scope, (d,), Subject(SubjectKind.DEAL, d.code), d.fund.code, d.company)
                    for fund in self._funds()
                    for d in fund.deals
                ]
            case Scope.INVESTOR:
                investors = {s.investor.code: s.investor for f in self._funds() for s in f.every_stake}
                return [
                    Matter(scope, (facts,), party_address(code), None, code)
                    for code, facts in investors.items()
                ]
            case Scope.COMPANY:
                return [Matter(scope, (c,), party_address(c.code), None, c.code) for c in office.companies]
            case Scope.TRANSFER:
                return [
                    Matter(scope, (sale,), sale.subject, sale.fund, sale.seller) for sale in office.transfers
                ]
            case Scope.REORGANISATION:
                return [
                    Matter(scope, (m,), party_address(m.successor), m.successor)
                    for m in office.reorganisations
                ]
            case _:
                return ()


def party_address(code: str) -> Subject:
    """The address of a party."""
    return Subject(SubjectKind.PARTY, code)


def _stake(stake: StakeFacts, fund: FundFacts) -> Matter:
    fund_code, investor = fund.code, stake.investor.code
    address = Subject(SubjectKind.STAKE, fund_code, investor)
    return Matter(Scope.STAKE, (stake, fund), address, fund_code, investor)


def _shared(subject: Matter) -> bool:
    return isinstance(subject.args[0], StakeFacts) and subject.args[0].shared
