"""Subjects: everything that has a number, under one address.

A subject is a kind and a code. Parties and deals have tables of their own; what came later (plans, loans, vouchers …) is
registered in the table `subject`, where (kind, code) is unique. A stake of an investor in a fund, a notice and an ownership
edge have no code: their address is made of their components, which stand in fields of their own and never in one text.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, NamedTuple

from models.kinds import Word


class SubjectKind(Word):
    """What a subject is. People and pools are parties."""

    OFFICE = "office", "全部组合"
    PARTY = "party", "主体"
    DEAL = "deal", "交易"
    STAKE = "stake", "出资人份额"
    NOTICE = "notice", "通知"
    EDGE = "edge", "权属关系"
    PLAN = "plan", "跟投方案"
    STAFF_STAKE = "staff_stake", "跟投份额"
    EMPLOYMENT = "employment", "任职"
    AGREEMENT = "agreement", "合作协议"
    LOAN = "loan", "入池贷款"
    CLAIM = "claim", "补偿申请"
    VOUCHER = "voucher", "创新券"
    USER = "user", "用户"
    # staff co-investment: who may, who declared, who decided, who paid, and what the audit asks and answers
    ELIGIBILITY = "eligibility", "跟投资格"
    DECLARATION = "declaration", "投资申报"
    MEETING = "meeting", "投决会"
    BALLOT = "ballot", "投决表决"
    NOMINEE = "nominee", "代持协议"
    KINSHIP = "kinship", "亲属关系"
    BUSINESS_TIE = "business_tie", "业务往来"
    INCIDENT = "incident", "泄密事件"
    COINVEST_PAYMENT = "coinvest_payment", "跟投收付"
    EVIDENCE = "evidence", "证据材料"
    REQUEST = "request", "资料需求"
    SAMPLE = "sample", "审计抽样"
    AUDIT_CASE = "audit_case", "审计事项"
    SCENARIO = "scenario", "情景"
    # risk-compensation pools: what limits one, who contributes, what happened to a loan, a payment
    POOL_LIMIT = "pool_limit", "资金池限额"
    POOL_SHARE = "pool_share", "资金池出资约定"
    LOAN_EVENT = "loan_event", "贷款事项"
    POOL_PAYMENT = "pool_payment", "资金池收付"
    # small instruments: what is paid afterwards, publicly funded results, deductions, services, who works where
    SUBSIDY = "subsidy", "后补助"
    RESULT = "result", "财政资金成果"
    DEDUCTION = "deduction", "投资抵扣"
    SERVICE = "service", "投后服务"
    RESIDENCY = "residency", "入驻"


BY_COMPONENTS = {
    SubjectKind.STAKE: ("party", "counterparty"),  # fund, investor
    SubjectKind.NOTICE: ("party", "number"),  # fund, the notice's number
    SubjectKind.EDGE: ("party", "counterparty"),  # owner, owned
}
"""Kinds whose address is made of components, and the columns that hold them."""
REGISTERED = frozenset(SubjectKind) - {
    SubjectKind.OFFICE,
    SubjectKind.PARTY,
    SubjectKind.DEAL,
    *BY_COMPONENTS,
}
"""Kinds whose identities stand in the table `subject`."""

MONEY_ORDER = (
    SubjectKind.POOL_PAYMENT,
    SubjectKind.LOAN_EVENT,
    SubjectKind.CLAIM,
    SubjectKind.VOUCHER,
    SubjectKind.SUBSIDY,
    SubjectKind.COINVEST_PAYMENT,
    SubjectKind.STAFF_STAKE,
    SubjectKind.LOAN,
    SubjectKind.AGREEMENT,
)
"""Of several subjects that money is about, the posting names the one that comes first: the most specific (held at
the door by fof.ledger.checks.most_specific). Money is of no other kind."""


class LinkRole(Word):
    """What a party, a deal or another subject is to the subject that names it."""

    HOLDER = "holder", "持有人"
    PERSON = "person", "人员"
    EMPLOYER = "employer", "任职单位"
    COMPANY = "company", "企业"
    DEAL = "deal", "交易"
    PLAN = "plan", "跟投方案"
    POOL = "pool", "资金池"
    AGREEMENT = "agreement", "合作协议"
    BORROWER = "borrower", "借款人"
    LENDER = "lender", "贷款人"
    GUARANTOR = "guarantor", "担保人"
    INSURER = "insurer", "保险人"
    LOAN = "loan", "入池贷款"
    CLAIM = "claim", "补偿申请"
    ISSUER = "issuer", "发放机构"
    PROVIDER = "provider", "服务机构"
    INSTITUTION = "institution", "国有创投机构"
    VEHICLE = "vehicle", "持股平台"
    RELATIVE = "relative", "亲属"
    BENEFICIARY = "beneficiary", "实际出资人"
    EMPLOYMENT = "employment", "任职"
    STAFF_STAKE = "staff_stake", "跟投份额"
    ELIGIBILITY = "eligibility", "跟投资格"
    DECLARATION = "declaration", "投资申报"
    MEETING = "meeting", "投决会"
    NOMINEE = "nominee", "代持协议"
    COINVEST_PAYMENT = "coinvest_payment", "跟投收付"
    REQUEST = "request", "资料需求"
    SAMPLE = "sample", "审计抽样"
    REGUARANTOR = "reguarantor", "再担保人"
    NATIONAL_FUND = "national_fund", "国家融资担保基金"
    LOCAL_GOVERNMENT = "local_government", "地方财政"
    INVESTOR_ARM = "investor_arm", "投资子公司"
    CONTRIBUTOR = "contributor", "出资方"
    CLAIMANT = "claimant", "申请人"
    PAYER = "payer", "付款方"
    PAYEE = "payee", "收款方"
    FUNDER = "funder", "资助机构"
    LICENSEE = "licensee", "被许可方"
    INCUBATOR = "incubator", "孵化载体"
    TENANT = "tenant", "入驻方"


_NAMES_REGISTERED = frozenset(kind.value for kind in REGISTERED)


def end_of(role: str) -> str:
    """The column of a link that holds what a role names: a party, a deal, or another registered subject."""
    if role == LinkRole.DEAL:
        return "deal"
    return "other" if role in _NAMES_REGISTERED else "party"


class Subject(NamedTuple):
    """The address of a subject: its kind and its code; of a kind by components the two in order, of the office neither.

    code   : of the party, deal or registered subject; of the fund of a stake or notice, of the owner of an edge; of a part
             of the office that is judged by itself (a lifecycle stage)
    second : of the investor, the notice's number, of the party that is owned; of a party that is judged once for each
             currency, the currency
    day    : of what happened to it without an identity of its own (the sale of a stake that no deal records)
    """

    kind: SubjectKind
    code: str = ""
    second: str = ""
    day: dt.date | None = None

    @property
    def codes(self) -> tuple[str, str]:
        """The components in the order of the columns that hold them."""
        return self.code, self.second

    def __str__(self) -> str:
        """As a person reads it, and as a document names it; nothing is ever read back from this."""
        day = "" if self.day is None else self.day.isoformat()
        return "/".join(part for part in (self.code, self.second, day) if part) or self.kind.value


OFFICE = Subject(SubjectKind.OFFICE)
"""The address of the office as a whole."""


Bearer = tuple[str | int, ...]
"""A subject as the journal's rows name it: the kind, then the ids (of a notice: the fund's id and the number)."""


class Address(NamedTuple):
    """The columns by which a row names a subject of any kind; what the kind does not need is None."""

    kind: str
    party: int | None = None
    counterparty: int | None = None
    deal: int | None = None
    subject: int | None = None
    number: str | None = None


def _columns_of(kind: SubjectKind) -> tuple[str, ...]:
    if kind is SubjectKind.OFFICE:
        return ()
    if kind in (SubjectKind.PARTY, SubjectKind.DEAL):
        return (kind.value,)
    return BY_COMPONENTS.get(kind, ("subject",))


_COLUMNS = {kind.value: _columns_of(kind) for kind in SubjectKind}
"""Every kind's columns: asked for each row that is read."""


def columns_of(kind: str) -> tuple[str, ...]:
    """The columns of an address that a kind fills, in the order of its components. ValueError: there is no such kind."""
    columns = _COLUMNS.get(kind)
    return _COLUMNS[SubjectKind(kind)] if columns is None else columns


def bearer_of(row: Any) -> Bearer:
    """The subject that a row with the columns of an address names."""
    columns = columns_of(row.kind)
    if len(columns) == 1:
        return (row.kind, getattr(row, columns[0]))
    return (row.kind, *(getattr(row, name) for name in columns))


def address_of(bearer: Bearer) -> Address:
    """The columns that name a subject."""
    kind = str(bearer[0])
    return Address(kind, **dict(zip(columns_of(kind), bearer[1:], strict=True)))  # type: ignore[arg-type]


def address_condition() -> str:
    """SQL: the columns of an address are those of its kind and no others. A kind that is not named here is registered."""
    others = [kind for kind in SubjectKind if kind not in REGISTERED]

    def listed(chosen: Iterable[SubjectKind]) -> str:
        return ", ".join(f"'{kind.value}'" for kind in chosen)

    def filled(column: str) -> str:
        if column == "subject":
            return f"(subject IS NOT NULL) = (kind NOT IN ({listed(others)}))"
        return f"({column} IS NOT NULL) = (kind IN ({listed(k for k in others if column in columns_of(k))}))"

    return " AND ".join(filled(column) for column in Address._fields[1:])
