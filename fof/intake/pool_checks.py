"""What no agreement allows, asked of the book as it would be with the drafts of a plan: shares that do not add to one, repayments
above what is outstanding, claims that cannot be, payments above a limit, recoveries above the loss (RC-01, RC-21, RC-22, RC-24,
RC-36). Asked under the writer's lock, so the order in which several writers come does not matter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import cached_property

from fof.book.laid import laid, let_go
from fof.book.pools import Pools
from fof.book.pools.angel import angel_terms
from fof.book.pools.claims import Claim, PoolPayment
from fof.book.pools.concerned import LoanNames
from fof.book.pools.contributors import PoolAccounts
from fof.book.pools.loans import Loan
from fof.book.pools.sharing import SHARE_OF, shares_on, sums_to_one
from fof.errors import Problem
from fof.intake.planning import Planning
from fof.intake.pool_limit_checks import above_limits, above_year, problem
from fof.ledger import Draft
from models.kinds import EntryKind
from models.money import yuan_text
from models.pools import ClaimDecision, PoolLeg, RecoveryPart
from models.rows import SubjectFact, SubjectLink
from models.subjects import LinkRole as R
from models.subjects import SubjectKind as S
from models.text import Text


def check_pools(planning: Planning) -> None:
    """A problem for each draft after which a loan, a claim, a pool or an agreement would be what it cannot be."""
    drafts = [draft for draft in planning.drafts if draft.kind is EntryKind.POOL]
    if not drafts or planning.problems:
        return
    then = laid(planning.view, planning.drafts)
    names = LoanNames(then.prefix)
    only = names.with_events(names.concerned({n for draft in drafts for n in _subjects(draft)}))
    del names
    before, after = Pools(planning.view, only), Pools(then, only)
    planning.met(PoolChecks(before, after, planning.drafts, planning.view.known_at).problems())
    let_go(then)


_CUT = "paid_above_cut"
FOR_CLAIMS = (PoolLeg.COMPENSATION, PoolLeg.GUARANTOR_PAID)


def _subjects(draft: Draft) -> Iterator[int]:
    for row in draft.rows:
        if isinstance(row, SubjectFact | SubjectLink) and row.subject is not None:
            yield row.subject
    for posting in draft.postings:
        if posting.loan is not None:
            yield posting.loan


class PoolChecks:
    """The book before and after, and which draft speaks of what."""

    def __init__(self, before: Pools, after: Pools, drafts: Sequence[Draft], known_at: int) -> None:
        self.before, self.after, self.drafts, self.known_at = before, after, drafts, known_at
        self.by_subject: dict[int, list[Draft]] = {}
        for draft in sorted(drafts, key=lambda d: d.effective_on):
            if draft.kind is EntryKind.POOL:
                for subject in _subjects(draft):
                    own = self.by_subject.setdefault(subject, [])
                    if draft not in own[-1:]:
                        own.append(draft)

    def problems(self) -> Iterator[Problem]:
        """Everything wrong, by the kind of what is wrong."""
        for number in self.after.of(S.AGREEMENT):
            if number in self.by_subject:
                yield from self._agreement(number)
        loans, claims, payments = self._touched()
        for loan, draft in loans:
            yield from self.of_loan(loan, draft)
        for claim, draft in claims:
            yield from self._claim(claim, draft)
        yield from self._standing(loans, claims)
        wrong = list(self._money(payments))
        refused = {problem.where for problem in wrong if problem.code != _CUT}
        # money that passes a limit today is refused for that; what was cut before is a reason where today leaves room
        yield from (problem for problem in wrong if problem.code != _CUT or problem.where not in refused)

    def _standing(
        self, loans: Sequence[tuple[Loan, Draft]], claims: Sequence[tuple[Claim, Draft]]
    ) -> Iterator[Problem]:
        """Claims that were booked earlier, and payments for them, which a later word about the loan or the claim makes wrong:
        whoever finds it true reverses them first. What was wrong already stands in nobody's way."""
        stated = {claim.subject.number: draft for claim, draft in claims}
        spoken = dict(stated)
        last_word = {loan.subject.number: draft for loan, draft in loans}
        for number, claim in self.before.claims.items():
            if claim.loan is not None and claim.loan.subject.number in last_word:
                spoken.setdefault(number, last_word[claim.loan.subject.number])
        was = PoolChecks(self.before, self.before, (), self.known_at)
        for number, draft in spoken.items():
            before, now = self.before.claims.get(number), self.after.claims.get(number)
            if before is None or now is None:
                continue
            known = {p.code for p in was.of_claim(before, draft, whole=number not in stated)}
            for wrong in self.of_claim(now, draft, whole=number not in stated):
                if wrong.code not in known:
                    text = Text(
                        f"申请 {now.code} 已登记：{wrong.expected.zh}；须先冲销",
                        f"claim {now.code} is booked: {wrong.expected.en}; reverse it first",
                    )
                    yield problem(draft, "code", wrong.code, text, now.code)

    def of_claim(self, claim: Claim, draft: Draft, *, whole: bool) -> Iterator[Problem]:
        """What is wrong with the payments for a claim that were booked earlier; `whole`: with the claim itself too."""
        if whole:
            yield from self._claim(claim, draft)
        for payment in claim.payments:
            if payment.entry <= self.known_at and payment.leg in FOR_CLAIMS:
                yield from self._decided(claim, payment, draft)

    def _touched(
        self,
    ) -> tuple[list[tuple[Loan, Draft]], list[tuple[Claim, Draft]], list[tuple[PoolPayment, Draft]]]:
        """Loans, claims and payments that drafts speak of, each with the last of the drafts."""
        after = self.after
        loans: dict[int, Draft] = {}
        claims: dict[int, Draft] = {}
        for number, drafts in self.by_subject.items():
            last = drafts[-1]
            if number in after.loans:
                loans.setdefault(number, last)
            elif (event := after.of(S.LOAN_EVENT).get(number)) is not None:
                loans[event.linked(R.LOAN) or -1] = last
            elif number in after.of(S.CLAIM):
                claims[number] = last
        payments = []
        for payment in after.payments:
            if payment.entry > self.known_at:
                draft = self.drafts[payment.entry - self.known_at - 1]
                payments.append((payment, draft))
                if (loan := after.loan_of(payment)) is not None and payment.leg is PoolLeg.RECOVERY:
                    loans[loan] = draft
        return (
            [(after.loans[n], d) for n, d in loans.items() if n in after.loans],
            [(after.claims[n], d) for n, d in claims.items()],
            payments,
        )

    # -- agreements ---------------------------------------------------------------------------------------------------

    def _agreement(self, number: int) -> Iterator[Problem]:
        own, before = self.after.of(S.AGREEMENT)[number], self.before.of(S.AGREEMENT).get(number)
        paid = [
            payment.day
            for claim in self.before.claims.values()
            if claim.agreement is not None and claim.agreement.number == number
            for payment in claim.payments
            if payment.leg in FOR_CLAIMS
        ]
        for draft in self.by_subject[number]:
            day = draft.effective_on
            facts = [r for r in draft.rows if isinstance(r, SubjectFact) and r.subject == number]
            shares = shares_on(own, day)
            if any(f.name in SHARE_OF.values() for f in facts) and not sums_to_one(shares):
                text = Text(
                    f"各方分担比例合计为 {sum(shares.values())}，应为 1（RC-01）",
                    f"the shares add to {sum(shares.values())}, not to 1 (RC-01)",
                )
                column = next(iter(SHARE_OF[role] for role in shares), "share_pool")
                yield problem(draft, column, "shares_not_one", text, str(sum(shares.values())))
            if before is not None and facts and any(day <= last for last in paid):
                text = Text(
                    f"{max(paid)} 已按本协议赔付，不得改动此前的条款（RC-22）；须先冲销赔付，或写较晚的生效日",
                    f"claims were paid under it until {max(paid)}: terms of earlier days are not changed (RC-22); reverse the "
                    "payment first, or give a later day",
                )
                yield problem(draft, "since", "over_paid_claims", text, str(day))

    # -- loans --------------------------------------------------------------------------------------------------------

    def of_loan(self, loan: Loan, draft: Draft) -> Iterator[Problem]:
        """What is wrong with the money of a loan."""
        last = dt.date.max
        if (low := loan.lowest()) < 0:
            recovered = any(part is RecoveryPart.PRINCIPAL for _, _, part in loan.recovered)
            code, named = (
                ("recovered_above_claim", "RC-24") if recovered else ("repaid_above_outstanding", "RC-21")
            )
            text = Text(
                f"贷款 {loan.code} 的还款或追偿超出未偿本金 {yuan_text(-low)} 元（{named}）",
                f"loan {loan.code}: {yuan_text(-low)} yuan more came back than was outstanding ({named})",
            )
            yield problem(draft, "amount", code, text, yuan_text(-low))
        whole = loan.on("contract_amount", last)
        if whole is not None and loan.drawn(last) > whole:
            text = Text(
                f"放款合计 {yuan_text(loan.drawn(last))} 元，超过合同金额 {yuan_text(whole)} 元（RC-21）",
                f"{yuan_text(loan.drawn(last))} yuan drawn, the contract is of {yuan_text(whole)} (RC-21)",
            )
            yield problem(draft, "amount", "drawn_above_contract", text, loan.code)

    # -- claims -------------------------------------------------------------------------------------------------------

    def _claim(self, claim: Claim, draft: Draft) -> Iterator[Problem]:
        last = dt.date.max
        if (wrong := claim.wrong_step()) is not None:
            day, step = wrong
            text = Text(
                f"{day} 的“{step.zh}”不能接在前一步之后（RC-21）",
                f"{step.en.lower()} on {day} cannot follow the step before it (RC-21)",
            )
            yield problem(draft, "claim_step", "wrong_step", text, step.value)
        loan = claim.loan
        if loan is None:
            if claim.deal is None:
                text = Text("须写入池贷款编号，或交易编号", "an enrolled loan is needed, or a deal")
                yield problem(draft, "loan", "not_enrolled", text, claim.code)
            else:
                yield from self._second(
                    claim, draft, [c for c in self.after.claims.values() if c.deal == claim.deal]
                )
            return
        enrolled, trouble = loan.enrolled_on(last), loan.ever_in_trouble(last)
        overdue = claim.on("overdue_since", last)
        troubled = min((d for d in (trouble, overdue) if d is not None), default=None)
        if enrolled is None or loan.on("enrolment_confirmation_id", last) is None:
            text = Text(
                f"贷款 {loan.code} 没有入池日与入池确认编号（RC-21）",
                f"loan {loan.code} has no confirmed enrolment (RC-21)",
            )
            yield problem(draft, "loan", "not_enrolled", text, loan.code)
        elif troubled is not None and enrolled > troubled:
            text = Text(
                f"贷款 {loan.code} 于 {enrolled} 入池，晚于 {troubled} 逾期或违约（RC-21）",
                f"loan {loan.code} was enrolled on {enrolled}, after it was in trouble on {troubled} (RC-21)",
            )
            yield problem(draft, "loan", "enrolled_after_default", text, loan.code)
        chain = self.after.chains[loan.subject.number]
        yield from self._second(claim, draft, self._of_chain.get(chain, []))
        yield from self._amounts(claim, loan, draft)

    @cached_property
    def _of_chain(self) -> dict[int, list[Claim]]:
        """The claims of each chain of renewals, by its first loan."""
        by_chain: dict[int, list[Claim]] = {}
        for claim in self.after.claims.values():
            if claim.loan is not None:
                by_chain.setdefault(self.after.chains[claim.loan.subject.number], []).append(claim)
        return by_chain

    def _second(self, claim: Claim, draft: Draft, same: Sequence[Claim]) -> Iterator[Problem]:
        last = dt.date.max
        others = [
            c
            for c in same
            if c.subject.number != claim.subject.number
            and c.live(last)
            and self.after.pool_of(c.agreement) == self.after.pool_of(claim.agreement)
        ]
        if others and claim.live(last):
            text = Text(
                f"同一损失已由 {others[0].code} 申请（RC-36）",
                f"claim {others[0].code} is for the same loss (RC-36)",
            )
            yield problem(draft, "code", "second_claim", text, claim.code)

    def _amounts(self, claim: Claim, loan: Loan, draft: Draft) -> Iterator[Problem]:
        on = claim.submitted_on(dt.date.max)
        asked = claim.on("claim_principal", dt.date.max)
        if on is not None and asked is not None and asked > loan.balance(on):
            text = Text(
                f"申请本金 {yuan_text(asked)} 元，申请日未偿本金 {yuan_text(loan.balance(on))} 元（RC-21）",
                f"{yuan_text(asked)} yuan of principal claimed, {yuan_text(loan.balance(on))} outstanding on that day (RC-21)",
            )
            yield problem(draft, "claim_principal", "claimed_above_outstanding", text, claim.code)

    # -- money --------------------------------------------------------------------------------------------------------

    def _money(self, payments: Sequence[tuple[PoolPayment, Draft]]) -> Iterator[Problem]:
        fresh = {payment.entry: draft for payment, draft in payments}
        for payment, draft in payments:
            claim = self.after.claims.get(payment.claim or -1)
            if payment.leg in FOR_CLAIMS and claim is not None:
                yield from self._decided(claim, payment, draft)
            if payment.leg is PoolLeg.RECOVERY_SHARED:
                yield from self._shared(payment, draft)
        touched = {
            party
            for payment, _ in payments
            for party in (payment.payer, payment.payee)
            if party in self.after.payments_of
        }
        for pool in sorted(touched):
            yield from self._pool(pool, fresh)

    def _decided(self, claim: Claim, payment: PoolPayment, draft: Draft) -> Iterator[Problem]:
        if payment.leg is PoolLeg.GUARANTOR_PAID:
            loss = claim.loss(payment.day)
            paid = sum(
                p.fen for p in claim.payments if p.leg is PoolLeg.GUARANTOR_PAID and p.day <= payment.day
            )
            asked = claim.principal(payment.day) + (claim.on("claim_interest", payment.day) or 0)
            if loss is not None and paid > asked:
                text = Text(
                    f"代偿合计 {yuan_text(paid)} 元，超过申请 {yuan_text(asked)} 元（RC-36）",
                    f"{yuan_text(paid)} yuan paid by guarantors, {yuan_text(asked)} claimed (RC-36)",
                )
                yield problem(draft, "amount", "paid_above_claim", text, claim.code)
            return
        if claim.decision(payment.day) in (None, ClaimDecision.REFUSED):
            text = Text(
                f"申请 {claim.code} 在 {payment.day} 尚未审定同意（RC-21）",
                f"claim {claim.code} was not granted by {payment.day} (RC-21)",
            )
            yield problem(draft, "claim", "not_granted", text, claim.code)
            return
        terms = angel_terms(self.after.view, claim, payment.day)
        if terms is None:
            allowed = self.after.most(claim, payment.day)
        else:  # the rate of the stage is judged (RC-37), caps are held
            bounds = (
                claim.on("decided_amount", payment.day),
                claim.public_left(payment.day),
                terms.project_cap,
            )
            allowed = min((int(x) for x in bounds if x is not None), default=None)
        paid, cut = claim.compensated(payment.day), self.after.lapsed(claim, payment.day)[0]
        if allowed is not None and allowed >= paid > allowed - cut:
            text = Text(
                f"申请 {claim.code} 首次支付时被截去 {yuan_text(cut)} 元，协议未约定结转，不再补偿（RC-22）",
                f"claim {claim.code}: {yuan_text(cut)} yuan were cut when it was first paid; the agreement does not carry them on, "
                "and they are no debt (RC-22)",
            )
            yield problem(draft, "amount", _CUT, text, claim.code)
        if allowed is None or paid > allowed:
            text = Text(
                f"申请 {claim.code} 已付 {yuan_text(paid)} 元，应付至多 {yuan_text(allowed or 0)} 元（RC-22）",
                f"claim {claim.code}: {yuan_text(paid)} yuan paid, at most {yuan_text(allowed or 0)} due (RC-22)",
            )
            yield problem(draft, "amount", "paid_above_claim", text, claim.code)
        if terms is not None:
            yield from above_year(self.after, claim, terms.yearly_cap, payment, draft)

    def _shared(self, payment: PoolPayment, draft: Draft) -> Iterator[Problem]:
        claim = self.after.claims.get(payment.claim or -1)
        if claim is None or payment.part is not RecoveryPart.PRINCIPAL:
            return
        borne = claim.borne(payment.day).get(payment.payee, 0)
        back = claim.returned(payment.day).get(payment.payee, 0)
        if back > borne:
            text = Text(
                f"收款方承担 {yuan_text(borne)} 元，追偿收回 {yuan_text(back)} 元（RC-24）",
                f"the payee bore {yuan_text(borne)} yuan and would get {yuan_text(back)} back (RC-24)",
            )
            yield problem(draft, "amount", "recovered_above_borne", text, yuan_text(payment.fen))

    def _pool(self, pool: int, fresh: dict[int, Draft]) -> Iterator[Problem]:
        """The pool's payments gone through in order: never more than there is, than the parts hold, than a limit allows."""
        after = self.after
        shares = [own for own in after.of(S.POOL_SHARE).values() if own.linked(R.POOL) == pool]
        made = PoolAccounts(shares, lambda on: after.division(pool, on))
        cash = 0
        latest: Draft | None = None
        for payment in after.payments_of[pool]:
            draft = fresh.get(payment.entry)
            latest = draft or latest
            paid_out = payment.payer == pool
            if draft is not None and payment.leg is PoolLeg.COMPENSATION and paid_out:
                _, rest = made.divided(payment.fen, payment.day)
                if rest and cash >= payment.fen:
                    text = Text(
                        f"应承担的出资方份额不足 {yuan_text(rest)} 元，不足部分不予补偿（RC-22）",
                        f"{yuan_text(rest)} yuan short in the parts that bear it: not compensated (RC-22)",
                    )
                    yield problem(draft, "amount", "part_empty", text, yuan_text(payment.fen))
            if draft is not None and payment.leg is PoolLeg.RETURNED:
                own = made.of[payment.payee].balance
                if payment.fen > own:
                    text = Text(
                        f"该出资方余额 {yuan_text(own)} 元", f"the contributor has {yuan_text(own)} yuan left"
                    )
                    yield problem(draft, "amount", "returned_above_balance", text, yuan_text(payment.fen))
            made.take(payment, pool)
            cash += -payment.fen if paid_out else payment.fen
            if cash < 0 and latest is not None:
                text = Text(
                    f"{payment.day} 资金池余额将为 {yuan_text(cash)} 元（RC-22）",
                    f"the pool would hold {yuan_text(cash)} yuan on {payment.day} (RC-22)",
                )
                yield problem(latest, "amount", "pool_below_zero", text, yuan_text(payment.fen))
                return
        yield from above_limits(after, pool, fresh)
