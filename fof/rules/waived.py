"""Waivers of findings: which one counts for a breach, and what it makes of the verdict."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from fof.rules.facts import Matter
from fof.rules.office_matters import party_address
from fof.rules.registry import Rule, Scope, Verdict, Waiver
from models.subjects import Subject
from models.text import Text


class WaiversOfDay:
    """The waivers that an audit of a day knows."""

    def __init__(self, waivers: Iterable[Waiver], as_of: dt.date) -> None:
        self._as_of = as_of
        self._by_rule: dict[str, dict[Subject, list[Waiver]]] = {}
        for waiver in waivers:
            self._by_rule.setdefault(waiver.rule, {}).setdefault(waiver.subject, []).append(waiver)

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self._by_rule)

    def any_of(self, rule: Rule) -> bool:
        """Whether one was ever granted for a rule."""
        return rule.id in self._by_rule

    def may_cover(self, rule: Rule, subject: Matter) -> bool:
        """Whether one was ever granted for a rule and what it judges: such findings are made anew for each day."""
        granted = self._by_rule.get(rule.id)
        return granted is not None and any(one in granted for one in _waived_by(rule, subject))

    def made_of_breach(
        self, rule: Rule, about: Subject, subject: Matter
    ) -> tuple[Verdict, tuple[Text, ...], Waiver | None]:
        """The verdict of a breach, the notes that keep a waiver visible, and the one that counts: one in force, else the one
        that ended last."""
        granted = self._by_rule.get(rule.id)
        if granted is None:
            return Verdict.BREACH, (), None
        asked = (about, *_waived_by(rule, subject)[1:])
        waivers = [waiver for one in asked for waiver in granted.get(one, ())]
        waiver = max(waivers, key=lambda w: (w.covers(self._as_of), w.until), default=None)
        if waiver is None:
            return Verdict.BREACH, (), None
        verdict, note = _with_waiver(rule, waiver, self._as_of)
        return verdict, (note,), waiver


def _waived_by(rule: Rule, subject: Matter) -> tuple[Subject, ...]:
    """Whose waiver counts for a subject: its own, of a stake the fund's too."""
    if rule.scope is Scope.STAKE and subject.fund is not None:
        return subject.subject, party_address(subject.fund)
    return (subject.subject,)


def _with_waiver(rule: Rule, waiver: Waiver, as_of: dt.date) -> tuple[Verdict, Text]:
    """The verdict of a breach under a waiver, and the note that keeps it visible."""
    name = waiver.reference
    if not rule.in_principle:
        return Verdict.BREACH, Text(
            f"豁免 {name} 不适用：本条不可豁免",
            f"waiver {name} refused: the rule admits none",
        )
    if waiver.covers(as_of):
        until = waiver.until
        return Verdict.PASS, Text(f"经豁免通过：{name}，至 {until}", f"passes by waiver {name} until {until}")
    if as_of < waiver.since:
        return Verdict.BREACH, Text(
            f"豁免 {name} 自 {waiver.since} 起",
            f"waiver {name} starts on {waiver.since}",
        )
    return Verdict.BREACH, Text(
        f"豁免 {name} 已于 {waiver.until} 到期", f"waiver {name} ended on {waiver.until}"
    )
