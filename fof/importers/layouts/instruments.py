"""Layouts of the small instruments: vouchers, post-subsidies, publicly funded results, deductions, services, incubators."""

from __future__ import annotations

from fof.importers.columns import Column, amount, fact, link
from fof.importers.layouts.shared_columns import registering, stating
from models.facts import SUBJECT_FACTS
from models.subjects import LinkRole as R
from models.subjects import SubjectKind as S
from models.text import NO_TEXT, Text


def _optional(role: R, example: str, meaning: Text = NO_TEXT) -> Column:
    return link(role, required=False, example=example, meaning=meaning)


_GRANT = tuple(
    fact(spec.name, required=spec.name == "grant_step")
    for spec in SUBJECT_FACTS.values()
    if spec.subjects == {S.VOUCHER, S.SUBSIDY}
)
"""What applications for vouchers and for post-subsidies have in common."""
_PAID = amount(
    "amount",
    Text("兑付金额", "amount"),
    meaning=Text(
        "只在“兑付”一行填写，付款日写生效日。", "In a row that is paid alone; its day is the day of payment."
    ),
    example="50000",
)
_STEPS = Text(
    "每一步一行：申请、退回补正、审定、兑付、撤回；生效日为该步的日期，留空的内容沿用前值。审定金额不得高于实际费用，"
    "兑付合计不得高于审定金额。",
    "A row for each step: applied, returned, decided, paid, withdrawn, dated its day; what is blank stays as it was. No more "
    "is granted than the actual cost, no more is paid than was granted.",
)
VOUCHER_CLAIMS = registering(
    "voucher_claims",
    Text("创新券申请", "Voucher applications"),
    212,
    S.VOUCHER,
    "CXQ-0001",
    (
        link(R.CLAIMANT, example="QY-001", meaning=Text("申请企业。", "The firm that applies.")),
        link(R.ISSUER, example="HLJ", meaning=Text("兑付创新券的政府。", "The government that redeems it.")),
        _optional(R.PROVIDER, "FW-01", Text("提供技术服务的机构。", "Who sells the service.")),
    ),
    _STEPS,
    *_GRANT,
    _PAID,
)
SUBSIDY_CLAIMS = registering(
    "subsidy_claims",
    Text("后补助申请", "Subsidy applications"),
    213,
    S.SUBSIDY,
    "HBZ-0001",
    (
        link(
            R.CLAIMANT,
            example="FH-01",
            meaning=Text("孵化载体、企业或创投机构。", "An incubator, a firm or a venture investor."),
        ),
        link(R.ISSUER, example="HLJ", meaning=Text("支付补助的政府。", "The government that pays.")),
        _optional(R.DEAL, "XM-2024-008", Text("创投奖励所依据的交易。", "The deal on which a reward rests.")),
    ),
    _STEPS,
    *_GRANT,
    _PAID,
    required=frozenset({"subsidy_kind"}),
)
FUNDED_RESULTS = registering(
    "funded_results",
    Text("财政资金成果", "Publicly funded results"),
    214,
    S.RESULT,
    "CG-0001",
    (
        link(R.FUNDER, example="HLJ", meaning=Text("立项或资助的部门。", "Who funded it.")),
        _optional(R.COMPANY, "QY-001", Text("以此成果为基础的企业。", "The company built on it.")),
        _optional(R.LICENSEE, "QY-002", Text("被许可实施的第三方。", "The other that was licensed.")),
    ),
    Text(
        "每项成果一行：约定转化期限、例外情形（没有的写“无”）、实际转化、团队优先处置、许可他人；有变动另起一行。",
        "A row for each result: conversion agreed by, its exception (none where there is none), conversion, the team's "
        "priority, the licence to others; what changes is another row.",
    ),
)
DEDUCTIONS = registering(
    "tax_deductions",
    Text("投资抵扣", "Tax deductions"),
    215,
    S.DEDUCTION,
    "DK-T-001",
    (
        link(R.HOLDER, example="RY-001", meaning=Text("投资人或合伙人。", "The investor or partner.")),
        link(R.COMPANY, example="QY-001", meaning=Text("被投企业。", "The company invested in.")),
        _optional(R.DEAL, "XM-2024-008", Text("账中的交易，没有的留空。", "The deal of the book, if any.")),
    ),
    Text(
        "每笔投资一个编号；每年抵扣另起一行，生效日写年末，填当年应纳税所得额与抵扣额。",
        "A code for each investment; each year's deduction is a row dated the year's end with taxable income and deduction.",
    ),
)
SERVICES = registering(
    "investor_services",
    Text("投后服务", "Services after investment"),
    216,
    S.SERVICE,
    "TH-0001",
    (
        link(R.HOLDER, example="CY-01", meaning=Text("提供服务的基金。", "The fund that serves.")),
        link(R.COMPANY, example="QY-001", meaning=Text("被投企业。", "The company served.")),
        _optional(R.PROVIDER, "FW-01", Text("受托的服务机构。", "Whom the fund had do it.")),
    ),
    Text("每次服务一行，生效日为服务日。", "A row for each service, dated its day."),
    required=frozenset({"service_kind"}),
)
RESIDENCIES = registering(
    "residencies",
    Text("孵化载体入驻", "Residents of incubators"),
    217,
    S.RESIDENCY,
    "RZ-F-001",
    (
        link(R.INCUBATOR, example="FH-01"),
        link(
            R.TENANT,
            example="QY-001",
            meaning=Text("企业、天使投资人或创投基金。", "A firm, an angel or a fund."),
        ),
    ),
    Text(
        "每个入驻方一行，生效日为入驻日；迁出另起一行。", "A row for each resident from the day of moving in."
    ),
)
INCUBATORS = stating(
    "incubators",
    Text("孵化载体", "Incubators"),
    218,
    Text("孵化载体编号", "incubator"),
    "FH-01",
    ("incubator_kind", "incubator_level", "incubator_until", "incubated_firms"),
    Text(
        "孵化器、众创空间的认定与每年末在孵企业数。", "Recognition, and the firms incubated at each year-end."
    ),
)
SUBSIDY_TERMS = stating(
    "subsidy_terms",
    Text("后补助标准", "Terms of subsidies"),
    219,
    Text("政府编号", "government"),
    "HLJ",
    ("incubation_cap", "incubation_own_share", "research_cap", "research_own_share"),
    Text(
        "支付补助的政府自生效日起的上限与自筹比例，依据文件必写其文号。",
        "Caps and least own shares from a day on, of the government that pays, each with its document.",
    ),
)
COMPANY_STATISTICS = stating(
    "company_statistics",
    Text("企业统计分类", "Statistics of companies"),
    220,
    Text("企业编号", "company"),
    "QY-001",
    ("new_economy_class", "patents_granted"),
    Text(
        "新产业新业态新商业模式统计分类与当年授权专利，每年末一行。",
        "Class of the new economy and patents granted, a row at each year-end.",
    ),
)
