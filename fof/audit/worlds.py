"""Two rule worlds: the same book on the same day, judged by the rules of two days."""

from __future__ import annotations

import datetime as dt

from fof.audit.auditor import audit_of, auditor_of
from fof.audit.collector import collector_waits
from fof.audit.findings import Audit, AuditFinding
from fof.ledger import View
from fof.rules import catalogue
from fof.rules.numbers_in_force import NumbersInForce
from fof.rules.registry import RULES, SEVERITY, Value, Verdict
from models.frozen import frozen
from models.subjects import Subject
from models.text import Text


@frozen
class Difference:
    """One subject under one rule that the two worlds judge differently; None where a world has nothing to say.

    why : what differs between the worlds for this subject, in Chinese and English: the rule in force or not, its version,
          each number with both values, the reading used
    """

    rule: str
    subject: Subject
    before: AuditFinding | None
    after: AuditFinding | None
    why: tuple[Text, ...] = ()

    @property
    def finding(self) -> AuditFinding:
        """The finding that has names and sentences: the later world's where there is one."""
        finding = self.after or self.before
        assert finding is not None
        return finding

    @property
    def money_at_stake(self) -> int:
        """The larger of the two, 0 where neither is about an amount."""
        return max(f.money_at_stake or 0 if f is not None else 0 for f in (self.before, self.after))


@frozen
class Worlds:
    """Audits by the rules of two days, what differs, and which rules and numbers changed between the days."""

    before: Audit
    after: Audit
    differences: tuple[Difference, ...]
    rules: tuple[catalogue.RuleChange, ...]


@collector_waits()
def compare_worlds(view: View, day_a: dt.date, day_b: dt.date) -> Worlds:
    """The view's book judged by the rules of day_a and of day_b; differences worst first, then by money at stake."""
    auditor = auditor_of(view)
    office = auditor.office(view)
    before, after = (
        audit_of(auditor, office, auditor.judge(office, day), view.known_at, day) for day in (day_a, day_b)
    )
    old, new = (_by_subject(world) for world in (before, after))
    differences = [
        Difference(
            *key[:2],
            old.get(key),
            new.get(key),
            _why(old.get(key), new.get(key), (day_a, day_b), auditor.settings),
        )
        for key in old.keys() | new.keys()
        if _differs(old.get(key), new.get(key))
    ]
    differences.sort(key=lambda d: (_rank(d), -d.money_at_stake, d.rule, str(d.subject)))
    return Worlds(before, after, tuple(differences), tuple(catalogue.changes(day_a, day_b, auditor.settings)))


def _by_subject(world: Audit) -> dict[tuple[str, Subject, int], AuditFinding]:
    """Findings by rule and subject; of several about one subject the first of one world answers the first of the other."""
    by_subject: dict[tuple[str, Subject, int], AuditFinding] = {}
    for f in world.findings:
        if _speaks(f):
            number = 0
            while (f.rule, f.subject, number) in by_subject:
                number += 1
            by_subject[f.rule, f.subject, number] = f
    return by_subject


def _why(
    before: AuditFinding | None,
    after: AuditFinding | None,
    days: tuple[dt.date, dt.date],
    settings: NumbersInForce,
) -> tuple[Text, ...]:
    either = after or before
    assert either is not None
    rule, fund = RULES[either.rule], either.finding.fund
    why = []
    old, new = (rule.source_on(day) for day in days)
    for source, day in ((old, days[0]), (new, days[1])):
        if source is None:
            first = rule.sources[0].since
            why.append(
                Text(f"{day} 尚无此规定（{first} 起施行）", f"not yet in force on {day} (from {first})")
                if day < first
                else Text(f"{day} 此规定已失效", f"no longer in force on {day}")
            )
    if old is not None and new is not None and old != new:
        why.append(Text(f"版本 {old.cite} → {new.cite}", f"version {old.cite} → {new.cite}"))
    values = [settings.of_rule(rule, day, fund).values for day in days]
    for name in rule.params:
        was, now = (world[name] for world in values)
        if was != now and old is not None and new is not None:
            named = settings.parameters[name]
            why.append(
                Text(
                    f"{named.text.zh} {_value_text(was)} → {_value_text(now)}",
                    f"{named.text.en} {_value_text(was)} → {_value_text(now)}",
                )
            )
    used, then = _reading(before), _reading(after)
    if used is not None and then is not None and used != then:
        why.append(Text(f"口径 {used.zh} → {then.zh}", f"reading {used.en} → {then.en}"))
    return tuple(why)


def _value_text(value: Value) -> str:
    return "—" if value is None else str(value)


def _reading(finding: AuditFinding | None) -> Text | None:
    """The way of reading that gave the verdict, None where there was no choice."""
    readings = () if finding is None else finding.finding.readings
    return next((r.text for r in readings if r.used), None)


def _speaks(finding: AuditFinding) -> bool:
    """Whether a world says something: a rule that is not in force or does not apply says nothing."""
    return finding.verdict is not Verdict.NOT_APPLICABLE


def _differs(before: AuditFinding | None, after: AuditFinding | None) -> bool:
    if before is None or after is None:
        return True
    return before.verdict is not after.verdict or before.finding.threshold != after.finding.threshold


def _rank(difference: Difference) -> int:
    return min(SEVERITY[f.verdict] for f in (difference.before, difference.after) if f is not None)
