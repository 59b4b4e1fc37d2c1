"""Invented names and numbers. Every name carries 示例, every credit code carries the word DEM0."""

from __future__ import annotations

from office.stream import Stream

CITIES: dict[str, tuple[str, str, int]] = {
    # GB/T 2260 code: (city, word used in company names, weight of the city among companies)
    "230100": ("哈尔滨", "冰城", 41),
    "230200": ("齐齐哈尔", "鹤城", 9),
    "230300": ("鸡西", "兴凯", 5),
    "230400": ("鹤岗", "鹤源", 3),
    "230500": ("双鸭山", "挹娄", 3),
    "230600": ("大庆", "油城", 12),
    "230700": ("伊春", "林都", 3),
    "230800": ("佳木斯", "东极", 6),
    "230900": ("七台河", "桃山", 3),
    "231000": ("牡丹江", "镜泊", 6),
    "231100": ("黑河", "边城", 3),
    "231200": ("绥化", "黑土", 5),
    "232700": ("大兴安岭", "北极村", 1),
}

INDUSTRIES: dict[str, tuple[str, str, str | None]] = {
    # GB/T 4754-2017 class: (word used in company names, family of this office, strategic emerging industry or None)
    "C3962": ("智能车载", "digital", "新一代信息技术产业"),
    "C3973": ("集成电路", "digital", "新一代信息技术产业"),
    "C3921": ("通信设备", "digital", "新一代信息技术产业"),
    "I6511": ("基础软件", "digital", "新一代信息技术产业"),
    "I6513": ("工业软件", "digital", "新一代信息技术产业"),
    "I6550": ("数据科技", "digital", "新一代信息技术产业"),
    "I6572": ("数字文创", "digital", "数字创意产业"),
    "C3491": ("工业机器人", "equipment", "高端装备制造产业"),
    "C3492": ("特种机器人", "equipment", "高端装备制造产业"),
    "C3421": ("数控机床", "equipment", "高端装备制造产业"),
    "C3741": ("航空装备", "aerospace", "高端装备制造产业"),
    "C3742": ("航天科技", "aerospace", "高端装备制造产业"),
    "C3963": ("无人机", "aerospace", "高端装备制造产业"),
    "C3571": ("农机装备", "agriculture", None),
    "C3572": ("智慧农机", "agriculture", None),
    "M7330": ("寒地育种", "agriculture", "生物产业"),
    "C1391": ("玉米深加工", "food", None),
    "C1441": ("寒地乳品", "food", None),
    "C1491": ("营养食品", "food", None),
    "C2710": ("原料药", "bio", "生物产业"),
    "C2720": ("制药", "bio", "生物产业"),
    "C2740": ("北药", "bio", None),
    "C2761": ("生物药", "bio", "生物产业"),
    "C3581": ("医疗器械", "bio", "生物产业"),
    "M7340": ("医学检验", "bio", "生物产业"),
    "C3091": ("石墨新材", "materials", "新材料产业"),
    "C3240": ("合金材料", "materials", "新材料产业"),
    "C2659": ("高分子材料", "materials", "新材料产业"),
    "C3985": ("电子材料", "materials", "新材料产业"),
    "C3825": ("光伏装备", "energy", "新能源产业"),
    "C3841": ("储能电池", "energy", "新能源产业"),
    "D4415": ("风电", "energy", "新能源产业"),
    "D4417": ("生物质能", "energy", "新能源产业"),
    "C3612": ("新能源汽车", "energy", "新能源汽车产业"),
    "C3591": ("环保装备", "green", "节能环保产业"),
    "C4220": ("循环材料", "green", "节能环保产业"),
    "N7723": ("固废治理", "green", "节能环保产业"),
    "K7010": ("置业", "outside", None),
    "H6110": ("酒店", "outside", None),
    "F5211": ("百货", "outside", None),
}


def codes_of(*families: str) -> tuple[str, ...]:
    """The industry classes of some families."""
    return tuple(code for code, (_, family, _) in INDUSTRIES.items() if family in families)


_FIRST = "云岚启恒博瑞鼎晟泽锐辰翰弘昊铭卓越凌沃创"
_SECOND = "岭川源航科信远达智成腾维森洋方华鑫宇拓图"


def brands(stream: Stream) -> list[str]:
    """Four hundred two-character brand words in a fixed random order."""
    return stream.shuffled([a + b for a in _FIRST for b in _SECOND])


_CODE_SET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015: no I, O, S, V, Z
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)  # GB 11714
_CREDIT_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))


def credit_code(number: int, region: str, kind: str = "91") -> str:
    """A unified social credit code (GB 32100-2015) with both check digits right and an invented body DEM0nnnn."""
    body = f"DEM0{number:04d}"
    value = sum(
        weight * (int(c) if c.isdigit() else ord(c) - 55)
        for weight, c in zip(_ORGANISATION_WEIGHTS, body, strict=True)
    )
    organisation = body + "0123456789X0"[11 - value % 11]
    plain = kind + region + organisation
    total = sum(weight * _CODE_SET.index(c) for weight, c in zip(_CREDIT_WEIGHTS, plain, strict=True))
    return plain + _CODE_SET[(31 - total % 31) % 31]
