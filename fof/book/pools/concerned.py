"""Which loans of a book some entries are about: of hundreds of thousands an import reads those alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from fof.ledger.prefix import Prefix
from models.subjects import LinkRole, SubjectKind

_MONEY = (SubjectKind.CLAIM.value, SubjectKind.POOL_PAYMENT.value)


class LoanNames:
    """Which subjects of a prefix name which loans.

    kinds  : kind of each registered subject, by id
    naming : loan -> what names it (events, claims, payments, renewals); named: the other way
    """

    def __init__(self, prefix: Prefix) -> None:
        self.kinds = {number: kind for number, kind, _ in prefix.identities()}
        _, (subjects, roles, others) = prefix.columns_of("subject_link", "subject", "role", "other")
        self.naming: dict[int, list[int]] = defaultdict(list)
        self.named: dict[int, int] = {}
        for subject, role, other in zip(subjects, roles, others, strict=True):
            if role == LinkRole.LOAN.value and other is not None:
                self.naming[other].append(subject)
                self.named[subject] = other

    def concerned(self, subjects: Collection[int]) -> set[int]:
        """The loans that these subjects are or name, those that a claim or a payment names, and what each of them renews."""
        money = {loan for subject, loan in self.named.items() if self.kinds.get(subject) in _MONEY}
        own = {n if self.kinds.get(n) == SubjectKind.LOAN.value else self.named.get(n) for n in subjects}
        wanted, waiting = set[int](), [n for n in money | own if n is not None]
        while waiting:
            loan = waiting.pop()
            if loan not in wanted:
                wanted.add(loan)
                waiting += [before for before in (self.named.get(loan),) if before is not None]
        return wanted

    def with_events(self, loans: Collection[int]) -> set[int]:
        """The loans and everything that happened to them."""
        event = SubjectKind.LOAN_EVENT.value
        own = {n for loan in loans for n in self.naming.get(loan, ()) if self.kinds.get(n) == event}
        return own | set(loans)
