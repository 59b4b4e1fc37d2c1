"""Two rule worlds: the same book on the same day, judged by the rules of two days."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from fof.audit.collector import collector_waits
from fof.audit.findings import Audit, AuditFinding, audit_of, auditor_of
from fof.ledger import View
from fof.rules import catalogue
from fof.rules.registry import SEVERITY, Verdict


@dataclass(frozen=True, slots=True)
class Difference:
    """One subject under one rule that the two worlds judge differently; None where a world has nothing to say."""

    rule: str
    subject: str
    before: AuditFinding | None
    after: AuditFinding | None

    @property
    def shown(self) -> AuditFinding:
        """The finding that has names and sentences: the later world's where there is one."""
        found = self.after or self.before
        assert found is not None
        return found

    @property
    def money_at_stake(self) -> int:
        """The larger of the two, 0 where neither is about an amount."""
        return max(f.money_at_stake or 0 if f is not None else 0 for f in (self.before, self.after))


@dataclass(frozen=True, slots=True)
class Worlds:
    """Audits by the rules of two days, what differs, and which rules and numbers changed between the days."""

    before: Audit
    after: Audit
    differences: tuple[Difference, ...]
    rules: tuple[catalogue.Change, ...]


@collector_waits()
def compare_worlds(view: View, day_a: dt.date, day_b: dt.date) -> Worlds:
    """The view's book judged by the rules of day_a and of day_b; differences worst first, then by money at stake."""
    auditor = auditor_of(view)
    office = auditor.office(view)
    before, after = (
        audit_of(auditor, office, auditor.judge(office, day), view.known_at, day) for day in (day_a, day_b)
    )
    old, new = ({(f.rule, f.subject): f for f in a.findings if _speaks(f)} for a in (before, after))
    differences = [
        Difference(rule, subject, old.get((rule, subject)), new.get((rule, subject)))
        for rule, subject in old.keys() | new.keys()
        if _differs(old.get((rule, subject)), new.get((rule, subject)))
    ]
    differences.sort(key=lambda d: (_rank(d), -d.money_at_stake, d.rule, d.subject))
    return Worlds(before, after, tuple(differences), tuple(catalogue.changes(day_a, day_b, auditor.settings)))


def _speaks(found: AuditFinding) -> bool:
    """Whether a world says something: a rule that is not in force or does not apply says nothing."""
    return found.verdict is not Verdict.NOT_APPLICABLE


def _differs(before: AuditFinding | None, after: AuditFinding | None) -> bool:
    if before is None or after is None:
        return True
    return before.verdict is not after.verdict or before.finding.threshold != after.finding.threshold


def _rank(difference: Difference) -> int:
    return min(SEVERITY[f.verdict] for f in (difference.before, difference.after) if f is not None)
