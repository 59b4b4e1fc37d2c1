"""Subjects that come some thousand at a time: loans of a large pool. A finding is held for the first subject of which a rule says so, and
of the others who they are: what is made anew of it for one of them is compared with what the rule said, so nothing is assumed alike.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Iterable, Sequence
from typing import NamedTuple

from fof.rules import alike_judging, judging
from fof.rules.facts import Matter
from fof.rules.registry import RULES, Finding, Rule
from models.subjects import Subject


class OfDay(NamedTuple):
    """What stays of a subject that was judged: the day of its event."""

    day: dt.date | None


def judged_in_pieces(
    day: judging.RulesOfDay, pieces: Iterable[Sequence[Matter]], rules: Sequence[Rule]
) -> alike_judging.GroupedFindings:
    """The findings of some rules about all subjects of the pieces, of which one at a time is held; an `on` of the rules is `day`."""
    held = _FirstOfEach(day)
    for piece in pieces:
        held.matters = {id(subject.subject): subject for subject in piece}
        held.light = {}
        for rule in rules:
            subjects = [subject for subject in piece if subject.scope is rule.scope]
            for finding in day.apply_to_all(rule, subjects):
                held.take(finding)
        held.matters, held.light, subjects = {}, {}, []
        del piece  # let go before the next is read
    groups = [group for group in held.groups.values() if group.others]
    return alike_judging.GroupedFindings(held.made, groups, held.anew, _never_by_paid)


def _never_by_paid(finding: Finding) -> bool:
    return False


class _FirstOfEach:
    """What was found so far, and the subjects of the piece that is judged."""

    def __init__(self, day: judging.RulesOfDay) -> None:
        self._day = day
        self.made: list[Finding] = []
        self.groups: dict[Hashable, alike_judging.AlikeStakes] = {}
        self.matters: dict[int, Matter] = {}
        self.light: dict[int, Matter] = {}

    def take(self, finding: Finding) -> None:
        """Adds a finding: to those that it is like, else by itself."""
        subject = self._light_of(finding.subject)
        if subject is None or RULES[finding.rule].on not in (None, *OfDay._fields):
            self.made.append(finding)
            return
        key = finding.rule, finding.verdict, finding.party, finding.text, finding.money_at_stake
        group = self.groups.get(key)
        if group is not None and self.anew(group.findings[0], subject) == finding:
            group.others.append(subject)
            return
        self.made.append(finding)
        if group is None:
            self.groups[key] = alike_judging.AlikeStakes([finding], [])

    def _light_of(self, about: Subject) -> Matter | None:
        """What stays of the subject of a finding; None where it names something else than what was judged."""
        known = self.light.get(id(about))
        whole = self.matters.get(id(about))
        if known is None and whole is not None:
            event: dt.date | None = getattr(whole.args[0], "day", None)
            known = self.light[id(about)] = whole._replace(args=(OfDay(event),))
        return known

    def anew(self, first: Finding, subject: Matter) -> Finding:
        """What a finding about one subject is about another of which the rule says the same."""
        rule = RULES[first.rule]
        made = first._replace(subject=subject.subject, fund=subject.fund, party=subject.party)
        if rule.on is None:
            return made
        event = getattr(subject.args[0], rule.on)
        return made._replace(
            rule_day=event if self._day.rules_as_of is None else first.rule_day,
            event_day=event if rule.is_event else None,
        )
