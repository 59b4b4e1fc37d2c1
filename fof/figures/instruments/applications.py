"""Applications for vouchers and post-subsidies: cost, what may be granted, decision and reasons, what was paid."""

from __future__ import annotations

from decimal import Decimal

from fof.book.grants import DecidedGrants, Grant, grants_of
from fof.book.index import book_of
from fof.book.legal_entities import LegalEntities
from fof.figures.answers import Answer, declared
from fof.figures.instruments.instrument_desk import InstrumentDesk, Row, word_of, words_of
from fof.ledger import View
from fof.rules.grants import voucher_allowed
from models.instruments import GrantDecision, GrantStep, SubsidyKind, VoucherPeriod
from models.subjects import LinkRole as R
from models.subjects import SubjectKind as S
from models.text import Text

INSTRUMENT_VOUCHERS = declared(
    "instrument_vouchers",
    Text("创新券", "Vouchers"),
    "Applications for innovation vouchers by the day: the cost, what IV-01 allows by the numbers of the day of the decision, the decision with its reasons, what was paid and what the period leaves of the cap.",
    rows="""
        voucher claimant name service_provider grant_state submitted_on decided_on grant_decision refusals
        eligible_cost other_grants granted_before voucher_allowed granted_amount grant_paid period_left
    """,
)
INSTRUMENT_SUBSIDIES = declared(
    "instrument_subsidies",
    Text("后补助", "Post-subsidies"),
    "Applications for post-subsidies and rewards by the day: what they are for, cost and score, the cap of the issuer on the day of the decision, the decision with its reasons, what was paid.",
    rows="""
        subsidy subsidy_kind claimant name grant_state submitted_on decided_on grant_decision refusals
        eligible_cost service_score own_funds subsidy_cap subsidy_allowed granted_amount grant_paid
    """,
)
_CAPS = {SubsidyKind.INCUBATION: "incubation_cap", SubsidyKind.RESEARCH: "research_cap"}


def vouchers_document(view: View) -> Answer:
    """A row for each application for a voucher, by code."""
    desk, grants = InstrumentDesk(view), _known(view, S.VOUCHER)
    decided = DecidedGrants(grants, desk.day, LegalEntities(book_of(view), desk.day))
    return desk.answer(INSTRUMENT_VOUCHERS, (_voucher(desk, decided, g) for g in grants))


def subsidies_document(view: View) -> Answer:
    """A row for each application for a post-subsidy or a reward, by code."""
    desk = InstrumentDesk(view)
    return desk.answer(INSTRUMENT_SUBSIDIES, (_subsidy(desk, g) for g in _known(view, S.SUBSIDY)))


def _known(view: View, kind: S) -> list[Grant]:
    day = InstrumentDesk(view).day
    own = grants_of(view).values()
    return [g for g in own if g.subject.kind == kind and g.subject.first_day <= day]


def _common(desk: InstrumentDesk, grant: Grant) -> Row:
    day = desk.day
    codes, texts = words_of(grant.on("refusal_reasons", day))
    return {
        "claimant": desk.code(grant.claimant),
        "name": desk.name(grant.claimant),
        "grant_state": grant_state(grant, desk),
        "submitted_on": grant.step_on(GrantStep.APPLIED, day),
        "decided_on": grant.step_on(GrantStep.DECIDED, day),
        "grant_decision": word_of(grant.on("grant_decision", day)),
        "refusals": codes,
        "eligible_cost": grant.on("eligible_cost", day),
        "granted_amount": grant.granted(day),
        "grant_paid": grant.paid(day),
        "texts": {"refusals": texts},
    }


def grant_state(grant: Grant, desk: InstrumentDesk) -> str | None:
    """How far an application came: what was decided stands above the step that was taken last."""
    step: GrantStep | None = grant.on("grant_step", desk.day)
    if step is GrantStep.DECIDED:
        refused = grant.on("grant_decision", desk.day) is GrantDecision.REFUSED
        return "refused" if refused else "granted"
    return word_of(step)


def _voucher(desk: InstrumentDesk, decided: DecidedGrants, grant: Grant) -> Row:
    day, own = desk.day, grant.subject
    on = grant.step_on(GrantStep.DECIDED, day) or day
    numbers = desk.numbers("IV-01", on)
    cost, before, allowed, left = grant.on("eligible_cost", day), None, None, None
    if numbers:
        rate, cap = numbers["voucher_rate"], numbers["voucher_cap"]
        assert isinstance(rate, Decimal)
        assert isinstance(cap, int)
        before = decided.in_period(grant, VoucherPeriod(str(numbers["voucher_period"])))
        allowed = None if cost is None else voucher_allowed(cost, before, rate, cap)
        left = max(cap - before - (grant.granted(day) or 0), 0)
    return _common(desk, grant) | {
        "voucher": grant.code,
        "service_provider": desk.linked(own, R.PROVIDER),
        "other_grants": grant.on("other_grants", day),
        "granted_before": before,
        "voucher_allowed": allowed,
        "period_left": left,
    }


def _subsidy(desk: InstrumentDesk, grant: Grant) -> Row:
    day, own = desk.day, grant.subject
    kind: SubsidyKind | None = grant.on("subsidy_kind", day)
    on = grant.step_on(GrantStep.DECIDED, day) or day
    issuer, name = own.linked(R.ISSUER), None if kind is None else _CAPS.get(kind)
    cap = None if issuer is None or name is None else desk.book.facts.of(issuer, name, on)
    score, cost = grant.on("service_score", day), grant.on("eligible_cost", day)
    full = desk.numbers("IN-02", on).get("full_score")
    allowed: int | None = None
    if cap is not None and score is not None and cost is not None and isinstance(full, Decimal | int):
        allowed = min(int(score / full * cost), cap)
    return _common(desk, grant) | {
        "subsidy": grant.code,
        "subsidy_kind": word_of(kind),
        "service_score": None if score is None else float(score),
        "own_funds": grant.on("own_funds", day),
        "subsidy_cap": cap,
        "subsidy_allowed": allowed,
    }
