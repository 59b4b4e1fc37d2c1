"""Opens a figure of a risk-compensation pool, of a contributor or limit of one, of an enrolled loan or a claim: every payment, loan
and attribute that it is made of. Values are those of the tables (fof.figures.pools)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from fof.book.identities import Registered
from fof.book.pools.contributors import PoolAccount
from fof.book.pools.loans import SIGN, Loan
from fof.book.pools.rates import LimitState, window
from fof.book.pools.tallied import TalliedRows
from fof.book.reading import Reason
from fof.errors import Unknown, WrongArgument
from fof.explain.formulas import Explanation, declared
from fof.explain.pool_rows import PoolMovement, PoolRows
from fof.explain.sources import FigureTerm, SourceRow, part, with_documents
from fof.figures.pools import (
    claims_document,
    contributors_document,
    limits_document,
    loan_document,
    pools_document,
    waits,
)
from fof.figures.register import figure as of_register
from fof.ledger import View
from models.facts import FACTS
from models.kinds import PartyKind
from models.pools import Denominator, Grossness, LimitKind, LimitPeriod, PoolLeg, RecoveryPart
from models.subjects import LinkRole as R
from models.subjects import SubjectKind as S
from models.text import Text

_ACCOUNT: Mapping[str, tuple[int, Callable[[PoolAccount], int]]] = {
    "pool_contributed": (1, lambda own: own.contributed),
    "pool_compensated": (-1, lambda own: own.compensated),
    "pool_recovered": (1, lambda own: own.recovered),
    "recovered_beside": (1, lambda own: own.recovered_beside),
    "pool_interest": (1, lambda own: own.interest),
    "pool_costs": (-1, lambda own: own.costs),
    "pool_returned": (-1, lambda own: own.returned),
}
"""Figure of a contributor's account → its sign in the balance, and how it is read."""
_RECOVERED, _ALL_RECOVERED = ("pool_recovered", "recovered_beside"), "pool_recovered_all"
"""Figures that are one in the cockpit, where contributors' accounts show them apart."""
_RATES = {
    "rate_released": Denominator.RELEASED,
    "rate_matured": Denominator.MATURED,
    "rate_outstanding": Denominator.OUTSTANDING,
    "rate_enrolled": Denominator.ENROLLED,
}
_OF_POOL = (
    *(name for name in _ACCOUNT if name not in _RECOVERED),
    _ALL_RECOVERED,
    "pool_balance",
    "pool_loans",
    "pool_outstanding",
    "pool_leverage",
    "pool_leverage_max",
    *_RATES,
    "claims_open",
    "claims_amount",
    "statement_apart",
)
_OF_CONTRIBUTOR = (*_ACCOUNT, "pool_balance")
_OF_LIMIT = ("limit_used", "limit_allowed", "limit_left", "rate_counted", "points_left")
_OF_CLAIM = (
    "principal",
    "covered_loss",
    "pool_part",
    "payable",
    "uncompensated",
    "paid_by_pool",
    "recovered_of_claim",
)
_OF_LOAN = ("balance", "pool_outstanding")
POOL_FIGURES = tuple(dict.fromkeys((*_OF_POOL, *_OF_CONTRIBUTOR, *_OF_LIMIT, *_OF_CLAIM, *_OF_LOAN)))
"""Names of what `explain_pool_figure` opens."""
POOL_OWNERS = ("pool", "contributor", "limit", "claim", "loan")
"""Whose a figure is that opens here."""
NOT_THERE = Reason(
    "not_stated",
    Text("分母为零，或所需约定与数字未登记", "nothing to divide by, or what it needs is not recorded"),
)
_TERMS_OF_CLAIM = (
    "claim_principal",
    "claim_interest",
    "claim_deducted",
    "decided_amount",
    "other_compensation",
    "loss_invested",
    "loss_recovered",
    "stage_invested",
)
_TERMS_OF_AGREEMENT = (
    "coverage",
    "covers_principal",
    "covers_interest",
    "share_pool",
    "public_money_cap",
    "compensation_rate",
    "startup_compensation_rate",
    "project_cap",
    "yearly_cap",
)


def explain_pool_figure(view: View, figure: str, of: str, owner: str | None = None) -> Explanation:
    """The figure of what `of` names: a pool (with `owner`: of a contributor of it), a limit, an enrolled loan or a claim.

    Unknown where the book has no such thing, or the figure is none of it.
    """
    opening = _Opening(view)
    by, row, parts = opening.opened(figure, of, owner)
    if figure not in row:
        raise Unknown(Text(f"{of} 的指标", f"figure of {of}"), figure, [n for n in POOL_FIGURES if n in row])
    return Explanation(
        figure,
        by,
        of if owner is None else owner,
        str(row.get("name") or of),
        *declared(figure),
        row[figure],
        None if row[figure] is not None else NOT_THERE,
        with_documents(view, parts(figure)),
        view.as_of,
        view.known_at,
        currency="CNY",
    )


class _Opening(PoolRows):
    """The pools of a view, opened."""

    def opened(
        self, figure: str, of: str, owner: str | None
    ) -> tuple[str, Mapping[str, Any], Callable[[str], list[FigureTerm]]]:
        """(what is opened, its row of the table, what makes the terms of a figure of it)."""
        party = self.view.by_code.get(of)
        if party is not None and party.kind is PartyKind.POOL:
            if owner is None:
                return (
                    "pool",
                    pools_document(self.view, of).rows[0],
                    lambda name: self.of_pool(name, party.id),
                )
            rows = [r for r in contributors_document(self.view, of).rows if r["contributor"] == owner]
            if not rows:
                raise Unknown(Text(f"{of} 的出资方", f"contributor of {of}"), owner)
            number = self.view.by_code[owner].id
            return "contributor", rows[0], lambda name: self.of_account(name, party.id, number)
        if owner is not None:
            raise WrongArgument(
                Text("出资方须与资金池编号同用", "a contributor goes with the code of a pool"), "owner"
            )
        for kind, document, key, terms in (
            (S.POOL_LIMIT, limits_document, "limit", self.of_limit),
            (S.CLAIM, claims_document, "claim", self.of_claim),
        ):
            number_of = self.view.subject_ids.get((kind.value, of))
            if number_of is None:
                continue
            rows = [r for r in document(self.view).rows if r[key] == of]
            if rows:
                return key, rows[0], partial(terms, subject=self.own.of(kind)[number_of])
        number_of = self.view.subject_ids.get((S.LOAN.value, of))
        if number_of is not None and (loan := loan_document(self.view, number_of).rows):
            return "loan", loan[0], partial(self.of_loan, number=number_of)
        raise Unknown(Text("资金池、限额、入池贷款或补偿申请", "pool, limit, enrolled loan or claim"), of)

    # -- a pool and its contributors --------------------------------------------------------------------------------

    def of_pool(self, figure: str, pool: int) -> list[FigureTerm]:
        day = self.day
        if figure in _ACCOUNT or figure in (_ALL_RECOVERED, "pool_balance"):
            return self.of_account(figure, pool, None)
        if figure in ("pool_loans", "pool_outstanding"):
            return [self._loans(pool)]
        if figure == "pool_leverage":
            return [self._loans(pool), *self.of_account("pool_balance", pool, None)]
        if figure == "pool_leverage_max":
            agreements = self.own.agreements_of(pool, day)
            return [t for own in agreements for t in self.stated(own, ("leverage_max",))]
        if figure in _RATES:
            rows = self.own.tallied(pool)
            return self._rate(rows, _RATES[figure], Grossness.GROSS, LimitPeriod.YEAR)
        if figure == "statement_apart":
            return self._statement(pool)
        waiting = [c for c in self.own.claims_of.get(pool, ()) if waits(c, day)]
        return [t for claim in waiting for t in self.stated(claim.subject, ("claim_principal",))]

    def of_account(self, figure: str, pool: int, owner: int | None) -> list[FigureTerm]:
        """Terms of an account: of one contributor, or of all together."""
        names = tuple(_ACCOUNT) if figure == "pool_balance" else (figure,)
        if figure == _ALL_RECOVERED:
            names = _RECOVERED
        steps = self.own.account_steps(pool, self.day)
        terms = []
        for name in names:
            sign, read = _ACCOUNT[name]
            sign = sign if figure == "pool_balance" else 1
            moves = [
                self.payment(payment, sign * fen)
                for payment, added in steps
                if (fen := sum(read(own) for party, own in added.items() if owner in (None, party)))
            ]
            if moves or name == figure:
                terms.append(self.term(name, of_register(name).text, moves))
        return terms

    def _loans(self, pool: int) -> FigureTerm:
        rows = [
            self.loan_row(loan, fen, self.day)
            for loan in self.own.every_loan(pool, self.day)
            if (fen := loan.outstanding(self.day))
        ]
        text = of_register("pool_outstanding").text
        return part("pool_outstanding", text, sum(r.fen or 0 for r in rows), rows)

    def _statement(self, pool: int) -> list[FigureTerm]:
        stated = self.view.in_force(pool, "account_balance")
        if stated is None or not isinstance(stated.value, int):
            return []
        spec = FACTS["account_balance"]
        row = SourceRow(
            "fact",
            stated.entry,
            None,
            stated.since,
            spec.name,
            spec.text,
            None,
            pool,
            None,
            stated.value,
            document=stated.document,
        )
        booked = [
            self.payment(p, -p.fen if p.payee == pool else p.fen)
            for p in self.own.payments_of.get(pool, ())
            if p.day <= stated.since
        ]
        text = Text("截至对账日的账面收付", "Payments in the book up to the day of the statement")
        return [part("account_balance", spec.text, stated.value, [row]), self.term("booked", text, booked)]

    # -- rates and limits ---------------------------------------------------------------------------------------------

    def _rate(
        self, rows: TalliedRows, of: Denominator, gross: Grossness, period: LimitPeriod
    ) -> list[FigureTerm]:
        """Numerator and denominator of a compensation rate over the period that the day lies in."""
        terms = self._paid(rows, gross, period)
        span = window(period, self.day)
        whole = of is Denominator.OUTSTANDING
        loans: dict[str, tuple[Loan, int, dt.date]] = {}
        for one in rows.of[of]:
            if one.day <= span.until and (whole or one.day > span.after):
                _, fen, last = loans.get(one.loan.code, (one.loan, 0, one.day))
                loans[one.loan.code] = one.loan, fen + one.fen, max(last, one.day)
        listed = [
            self.loan_row(loan, fen, self.day if whole else last) for loan, fen, last in loans.values() if fen
        ]
        return [*terms, part(of.value, Text(of.zh, of.en), sum(r.fen or 0 for r in listed), listed)]

    def _paid(self, rows: TalliedRows, gross: Grossness, period: LimitPeriod) -> list[FigureTerm]:
        span = window(period, self.day)
        made = [self.payment(p.payment, p.fen) for p in rows.paid if span.after < p.day <= span.until]
        terms = [self.term("paid", of_register("pool_compensated").text, made)]
        if gross is Grossness.NET:
            back = [
                self.payment(p.payment, -p.fen) for p in rows.recovered if span.after < p.day <= span.until
            ]
            terms.append(self.term("recovered", of_register("pool_recovered").text, back))
        return terms

    def of_limit(self, figure: str, subject: Registered) -> list[FigureTerm]:
        limit, day, pool = subject, self.day, subject.linked(R.POOL)
        if pool is None:
            return []
        rows = self.own.limited(limit, pool, day)
        gross = limit.on("limit_grossness", day) or Grossness.GROSS
        period = limit.on("limit_period", day) or LimitPeriod.YEAR
        state: LimitState | None = self.own.limit_state(limit, pool, day)
        bounds = self.stated(limit, ("limit_amount", "limit_rate", "limit_period", "limit_denominator"))
        if state is not None and state.rate is not None:
            whole = self._rate(rows, state.rate.of, gross, period)
            return whole[:-1] if figure == "limit_used" else [*whole, *bounds]
        paid = self._paid(rows, gross, period)
        return paid if figure == "limit_used" else [*paid, *bounds] if figure == "limit_left" else bounds

    # -- a claim, a loan -----------------------------------------------------------------------------------------------

    def of_claim(self, figure: str, subject: Registered) -> list[FigureTerm]:
        day, claim = self.day, self.own.claims[subject.number]
        payments = [p for p in claim.payments if p.day <= day]
        if figure == "paid_by_pool":
            moves = [self.payment(p, p.fen) for p in payments if p.leg is PoolLeg.COMPENSATION]
            return [self.term(figure, of_register(figure).text, moves)]
        if figure == "recovered_of_claim":
            own = [p for p in payments if p.leg is PoolLeg.RECOVERY and p.part is RecoveryPart.PRINCIPAL]
            return [self.term(figure, of_register(figure).text, [self.payment(p, p.fen) for p in own])]
        terms = self.stated(subject, _TERMS_OF_CLAIM)
        if claim.agreement is not None and figure != "principal":
            terms += self.stated(claim.agreement, _TERMS_OF_AGREEMENT)
        if claim.loan is not None and (since := claim.submitted_on(day)) is not None:
            repaid = [s for s in self._steps(claim.loan) if s.fen < 0 and since < s.day]
            text = Text("申请之后的还款", "Repaid after the claim")
            terms += [self.term("repaid", text, repaid)] if repaid else []
        if claim.agreement is not None and self.own.beyond_stop_loss(claim, day):
            paid = [p for p in payments if p.leg is PoolLeg.GUARANTOR_PAID]
            text = Text(
                "保险人赔付，超过止损线的由资金池承担",
                "Paid by the insurer; beyond the stop loss by the pool",
            )
            terms += [
                *self.stated(claim.agreement, ("stop_loss",)),
                self.term("insurer_paid", text, [self.payment(p, p.fen) for p in paid]),
            ]
        if figure in ("payable", "uncompensated"):
            terms += self.of_claim("paid_by_pool", subject)
            pool = self.own.pool_of(claim.agreement)
            if pool is not None:
                terms += self.of_account("pool_balance", pool, None)
                caps = (x for x in self.own.binding(claim, pool) if _of_payments(x, day))
                for limit in caps:
                    terms += self.stated(limit, ("limit_amount", "limit_rate"))
        return terms

    def of_loan(self, figure: str, number: int) -> list[FigureTerm]:
        (loan,) = self.own.some_loans([number])
        terms = [self.term("balance", of_register("balance").text, self._steps(loan))]
        if figure == "pool_outstanding" and loan.settled_on is not None and loan.settled_on <= self.day:
            paid = [
                self.payment(p, p.fen)
                for claim in self.own.claims.values()
                if claim.loan is loan
                for p in claim.payments
                if p.day == loan.settled_on and p.leg in (PoolLeg.COMPENSATION, PoolLeg.GUARANTOR_PAID)
            ]
            text = Text("首笔赔付，自此不再在保", "First payment of a claim: guaranteed no longer")
            terms.append(self.term("settled", text, paid))
        return terms

    def _steps(self, loan: Loan) -> list[PoolMovement]:
        """What moved a loan's balance up to the day."""
        moves = [
            PoolMovement(
                s.entry,
                s.day,
                SIGN.get(s.step, -1) * s.fen,
                s.step.value,
                Text(s.step.zh, s.step.en),
                None,
                None,
            )
            for s in loan.steps
            if s.day <= self.day and (s.step in SIGN or s.step.value == "written_off")
        ]
        back = [
            self.payment(p, -p.fen)
            for p in self.own.payments
            if p.leg is PoolLeg.RECOVERY
            and p.part is RecoveryPart.PRINCIPAL
            and p.day <= self.day
            and self.own.loan_of(p) == loan.subject.number
        ]
        return moves + back


def _of_payments(limit: Registered, day: dt.date) -> bool:
    """Whether a limit cuts payments; an enrolment stop does not."""
    return limit.on("limit_kind", day) not in (None, LimitKind.ENROLMENT_STOP)
