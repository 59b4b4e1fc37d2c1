"""Who takes part: governments, investors, managers, banks. Invented, all of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from office.names import CITIES, credit_code


@dataclass(frozen=True, slots=True)
class Party:
    """One party and its attributes, all known from the first file on."""

    code: str
    kind: str  # Chinese word of models.kinds.PartyKind
    name: str
    facts: dict[str, str] = field(default_factory=dict)


GUIDANCE_OLD, GUIDANCE_NEW, PARENT = "GF-2011", "GF-2023", "PF-2023"
PROVINCE = "GOV-HLJ"
COUNTY = "GOV-SHANGLIN"
OLD_MANAGER, PARENT_MANAGER = "MG-00", "MG-15"
AUDITOR, BUYER = "OT-AUDIT", "OT-BUYER"


def _government() -> list[Party]:
    rows = [
        Party(
            PROVINCE,
            "政府",
            "示例省财政厅",
            {"province": "黑龙江省", "government_level": "province", "ownership": "government"},
        )
    ]
    rows += [
        Party(
            f"GOV-{code}",
            "政府",
            f"示例{city}市财政局",
            {
                "province": "黑龙江省",
                "city": code,
                "government_level": "prefecture",
                "ownership": "government",
            },
        )
        for code, (city, _, _) in CITIES.items()
    ]
    rows.append(
        Party(
            COUNTY,
            "政府",
            "示例尚林县财政局",
            {
                "province": "黑龙江省",
                "city": "230100",
                "government_level": "county",
                "ownership": "government",
            },
        )
    )
    return rows


_STATE = {
    # code: (kind, name, ownership, owner government, city)
    "ST-01": ("国有企业", "示例龙江国有资本投资集团", "soe_wholly_owned", PROVINCE, "230100"),
    "ST-02": ("国有企业", "示例冰城城市发展集团", "soe_wholly_owned", "GOV-230100", "230100"),
    "ST-03": ("国有企业", "示例油城资产经营公司", "soe_wholly_owned", "GOV-230600", "230600"),
    "ST-04": ("国有企业", "示例北疆农垦投资公司", "soe", PROVINCE, "230100"),
    "ST-05": ("国有企业", "示例鹤城国有投资公司", "soe_wholly_owned", "GOV-230200", "230200"),
    "ST-06": ("国有企业", "示例镜泊实业集团", "soe_controlled_mixed", "GOV-231000", "231000"),
    "SV-01": ("国有创投机构", "示例龙江创业投资公司", "soe_wholly_owned", PROVINCE, "230100"),
}
_FINANCE = {
    "BK-01": ("银行", "示例北疆银行", "soe_controlled_mixed"),
    "BK-02": ("银行", "示例松江银行", "soe_controlled_mixed"),
    "BK-03": ("银行", "示例黑土农村商业银行", "private"),
    "IN-01": ("保险机构", "示例寒地保险公司", "soe_controlled_mixed"),
}
NATIONAL = {
    "NF-01": "示例国家科技成果转化引导基金",
    "NF-02": "示例国家中小企业创投引导基金",
    "NF-03": "示例国家新兴产业创投引导基金",
}
_SOCIAL = [
    "极光科技控股",
    "寒地生物集团",
    "松花资本",
    "冰凌投资",
    "雪原实业",
    "北极光医药",
    "白桦控股",
    "丹顶鹤集团",
    "江畔创业投资",
    "乌苏里资本",
    "完达山林业",
    "龙脉装备",
    "兴凯湖食品",
    "呼玛矿业",
    "五大连池文旅",
    "嫩江农业",
]
_MANAGERS = [
    "龙江科创投资管理",
    "冰川创业投资管理",
    "鹤翔资本管理",
    "油海产业投资管理",
    "松雪天使投资管理",
    "镜湖医药投资管理",
    "三江产业投资管理",
    "星火种子投资管理",
    "黑土成长投资管理",
    "兴安绿色投资管理",
    "北辰创业投资管理",
    "远东跨境投资管理",
    "银河并购投资管理",
    "量子创业投资管理",
    "长风航空产业投资管理",
    "龙江母基金管理",
]


def manager_code(number: int) -> str:
    return f"MG-{number:02d}"


def gp_code(number: int) -> str:
    return f"GP-{number:02d}"


def _legal(code: str, kind: str, name: str, number: int, city: str, ownership: str, **more: str) -> Party:
    facts = {
        "uscc": credit_code(number, city),
        "province": "黑龙江省",
        "city": city,
        "ownership": ownership,
    } | more
    return Party(code, kind, name, facts)


def all_parties() -> list[Party]:
    """Every party but funds and companies."""
    rows = _government()
    for n, (code, (kind, name, ownership, owner, city)) in enumerate(_STATE.items(), start=9001):
        rows.append(_legal(code, kind, name, n, city, ownership, owner_government=owner))
    for n, (code, (kind, name, ownership)) in enumerate(_FINANCE.items(), start=9101):
        rows.append(_legal(code, kind, name, n, "230100", ownership))
    for n, name in enumerate(_SOCIAL, start=1):
        owner = "listed" if n in (2, 6) else "private"
        rows.append(_legal(f"SO-{n:02d}", "社会资本", f"示例{name}", 9200 + n, "230100", owner))
    rows.append(
        Party(
            "SO-90",
            "社会资本",
            "示例南方创业投资公司",
            {"uscc": credit_code(9290, "440300"), "province": "广东省", "ownership": "private"},
        )
    )
    rows += _managers()
    rows.append(_legal(AUDITOR, "其他", "示例北方会计师事务所", 9901, "230100", "private"))
    rows.append(_legal(BUYER, "其他", "示例产业并购受让方", 9902, "230100", "private"))
    rows += [Party(f"PE-{n:02d}", "个人", f"示例自然人{n:02d}号") for n in range(1, 49)]
    rows += [Party(f"HM-{n:02d}", "个人", f"示例平台合伙人{n:02d}号") for n in range(1, 5)]
    return rows


def _managers() -> list[Party]:
    """Managers and their general partners. Two general partners are state firms: GF-13 sees one of each."""
    rows = []
    for n, name in enumerate(_MANAGERS):
        state = n in (0, 15)
        rows.append(
            _legal(
                manager_code(n),
                "管理机构",
                f"示例{name}公司",
                9300 + n,
                "230100",
                "soe" if state else "private",
            )
        )
        owner = {6: "soe_wholly_owned", 12: "soe_controlled_mixed"}.get(n, "private")
        rows.append(_legal(gp_code(n), "管理机构", f"示例{name[:-2]}合伙事务公司", 9400 + n, "230100", owner))
    return rows
