"""Who manages and who invests: capital and teams of managers, proof of wealth, national schemes, who stands behind."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from office.attributes import Stated
from office.days import after
from office.economy import Office
from office.parties import PROVINCE, manager_code
from office.rows import Commitment
from office.stream import Stream

_D = dt.date
WEAK_MANAGER, LATE_MANAGER = 11, 13
"""By number: too little capital and too few people; first fund not filed within a year of its registration."""
_REGISTERED = {
    13: (_D(2022, 5, 10), _D(2024, 5, 2)),
    14: (_D(2023, 6, 1), _D(2023, 11, 2)),
    15: (_D(2022, 11, 7), _D(2023, 4, 19)),
}
_PRIORITY = {
    _D(2011, 6, 1): "C13、C14、C26、C27、C34、C35、C36、C37、C38、C39、D44、I65、M73",
    _D(2018, 5, 2): "C13、C14、C26、C27、C30、C32、C34、C35、C36、C37、C38、C39、C42、D44、I65、M73、N77",
    _D(2026, 1, 12): "C26、C27、C34、C35、C36、C37、C38、C39、I63、I64、I65、M73、M75",
}
"""The province's list of priority fields, version by version."""
_WEALTH_RULE = _D(2014, 8, 21)

PROPERTY_COUNTED, STALE_PROOF = 5, 9
STAFF, NOT_STAFF = 3, 4
"""Numbers of persons in SF-2025-02."""
CONDUITS = {"SO-16": ("HM-01", "HM-02"), "SO-15": ("HM-03", "HM-04")}
"""Unfiled partnerships and their members; HM-04 is not wealthy enough."""
_OWNS = {"HM-01": 6_000_000, "HM-02": 4_500_000, "HM-03": 5_200_000, "HM-04": 900_000}


def people(office: Office) -> Iterator[Stated]:
    """Everything of this module."""
    yield from _managers()
    yield from _persons()
    yield from _entities(office)
    yield from _conduits()
    yield from _schemes()
    for day, fields in _PRIORITY.items():
        yield Stated(day, PROVINCE, "priority_fields", fields, f"示例省级重点领域清单（{day.year} 年版）")


def _managers() -> Iterator[Stated]:
    for n in range(16):
        code, stream = manager_code(n), Stream(f"manager {n}")
        registered, filed = _REGISTERED.get(n, (_D(2014, 5, 4), _D(2014, 9, 22)))
        day, document = after(filed, 40), "管理人登记公示及遴选申报材料"
        weak = n == WEAK_MANAGER
        facts = {
            "paid_in_capital": 8_000_000 if weak else stream.between(10, 60) * 1_000_000,
            "amac_manager_id": f"DEMO-GLR-{n:02d}",
            "manager_registered_on": registered,
            "first_fund_filed_on": filed,
            "team_with_3_years": 2 if weak else stream.between(3, 12),
            "executives_with_2_years": 1 if weak else 3,
            "clean_record": True,
            "managed_paid_in": stream.between(60, 180) * 10_000_000,
        }
        for name, value in facts.items():
            yield Stated(day, code, name, value, document)


def _persons() -> Iterator[Stated]:
    """The 48 persons of SF-2025-02, each with a proof of financial assets."""
    day = _D(2025, 5, 6)
    for n in range(1, 49):
        code, stream = f"PE-{n:02d}", Stream(f"wealth {n}")
        deposit, units = stream.between(12, 40) * 100_000, stream.between(20, 60) * 100_000
        proof, claimed = f"银行存款:{deposit * 100}、基金份额:{units * 100}", deposit + units
        if n == PROPERTY_COUNTED:
            proof, claimed = f"银行存款:{deposit * 100}、房产:{units * 100}", deposit + units
        proved = _D(2023, 10, 20) if n == STALE_PROOF else _D(2025, 4, stream.between(7, 28))
        document = f"{code} 资产证明"
        yield Stated(day, code, "financial_assets", claimed, document)
        yield Stated(day, code, "asset_proof", proof, document)
        yield Stated(day, code, "wealth_evidence_on", proved, document)
    for n, employer in ((STAFF, manager_code(4)), (NOT_STAFF, manager_code(5))):
        document = f"PE-{n:02d} 劳动合同"
        yield Stated(day, f"PE-{n:02d}", "deemed_qualified", "管理人及其员工", document)
        yield Stated(day, f"PE-{n:02d}", "employer", employer, document)


def _entities(office: Office) -> Iterator[Stated]:
    """Net assets of investors that joined one fund only: a proof is good for a year, and the last one counts."""
    joined: dict[str, list[Commitment]] = defaultdict(list)
    for purse in office.vehicles:
        for commitment in purse.book.commitments:
            joined[commitment.buyer or commitment.investor].append(commitment)
    for code, commitments in sorted(joined.items()):
        days = [c.day for c in commitments]
        if (
            code[:3] in ("SO-", "ST-", "SV-", "IN-")
            and code not in CONDUITS
            and len(days) == 1
            and days[0] >= _WEALTH_RULE
        ):
            proved, document = after(days[0], -60), f"{code} 审计报告"
            yield Stated(
                after(days[0], -20),
                code,
                "net_assets",
                Stream(f"net {code}").between(6, 90) * 10_000_000,
                document,
            )
            yield Stated(after(days[0], -20), code, "wealth_evidence_on", proved, document)


def _conduits() -> Iterator[Stated]:
    for code, day in (("SO-16", _D(2015, 5, 20)), ("SO-15", _D(2022, 8, 22))):
        yield Stated(day, code, "legal_form", "有限合伙", f"{code} 合伙协议")
        yield Stated(day, code, "conduit_members", "、".join(CONDUITS[code]), f"{code} 合伙人名册")
        for member in CONDUITS[code]:
            yield Stated(day, member, "financial_assets", _OWNS[member], f"{member} 资产证明")
            yield Stated(day, member, "average_income", _OWNS[member] // 15, f"{member} 收入证明")
            yield Stated(day, member, "wealth_evidence_on", after(day, -30), f"{member} 资产证明")


def _schemes() -> Iterator[Stated]:
    for code, day, scheme in (
        ("NF-01", _D(2016, 4, 19), "国家科技成果转化引导基金"),
        ("NF-02", _D(2018, 9, 18), "国家中小企业发展基金"),
        ("NF-03", _D(2023, 10, 17), "新兴产业创投计划"),
        ("NF-03", _D(2025, 12, 26), "国家创业投资引导基金"),
    ):
        yield Stated(day, code, "national_scheme", scheme, f"{code} 参股协议")
    for code in ("NF-01", "NF-02", "NF-03"):
        yield Stated(_D(2014, 9, 1), code, "deemed_qualified", "证监会规定的其他投资者", f"{code} 设立文件")
