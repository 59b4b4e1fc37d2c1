"""The documents that rules cite, with the days they are in force.

Days follow the rulebook; where it gives none, the day is from general knowledge or the first day of the year
of issue, and `note` says so.
"""

from __future__ import annotations

import datetime as dt

from fof.rules.registry import FIRST_DAY, RuleSource
from models.frozen import frozen
from models.text import NO_TEXT, Text, joined

_YEAR = Text("施行日未查到原文，取当年首日", "Day in force not read: the first day of its year is used")
_RECALLED = Text("施行日凭记忆，待核", "Day in force recalled, not read")
_NO_ARTICLE = Text("条款未查到原文", "Article not read")
_NEXT = Text("；", "; ")
_NO_NUMBER = Text("无文号", "No document number")


@frozen
class CitedDocument:
    """A document: number (or name), days in force, and how those days are known."""

    number: str
    since: dt.date
    until: dt.date | None = None
    note: Text = NO_TEXT

    def at(
        self, article: str | None, since: dt.date | None = None, until: dt.date | None = None
    ) -> RuleSource:
        """An article of it; `since` and `until` where the article's days differ from the document's."""
        note = self.note if article is not None else joined(filter(None, (self.note, _NO_ARTICLE)), _NEXT)
        return RuleSource(self.number, article, since or self.since, until or self.until, note)


# Statutes and State Council regulations
PARTNERSHIP_LAW = CitedDocument("合伙企业法", dt.date(2007, 6, 1), note=_RECALLED)
STATE_ASSETS_LAW = CitedDocument("企业国有资产法", dt.date(2009, 5, 1), note=_RECALLED)
SECURITIES_FUND_LAW = CitedDocument("证券投资基金法", dt.date(2013, 6, 1), note=_RECALLED)
ORDER_762 = CitedDocument("国务院令第762号", dt.date(2023, 9, 1))

# State Council and ministries
ORDER_39 = CitedDocument("十部委令第39号", FIRST_DAY, note=_RECALLED)
MOF_128 = CitedDocument("财企〔2007〕128号", dt.date(2007, 7, 6), note=_RECALLED)
GUOBAN_116 = CitedDocument("国办发〔2008〕116号", dt.date(2008, 10, 18), note=_RECALLED)
STATE_APPRAISAL = CitedDocument(
    "企业国有资产评估管理办法", FIRST_DAY, note=joined((_NO_NUMBER, _RECALLED), _NEXT)
)
SASAC_139 = CitedDocument("国资发改革〔2008〕139号", dt.date(2008, 9, 16), note=_RECALLED)
SASAC_133 = CitedDocument("国资发改革〔2016〕133号", dt.date(2016, 8, 2), note=_RECALLED)
GUOFA_53 = CitedDocument("国发〔2016〕53号", dt.date(2016, 9, 16), note=_RECALLED)
GUOFA_9 = CitedDocument("国发〔2019〕9号", dt.date(2019, 4, 19), note=_RECALLED)
MOF_668 = CitedDocument("财建〔2011〕668号", dt.date(2011, 8, 17), note=_RECALLED)
CSRC_105 = CitedDocument("证监会令第105号", dt.date(2014, 8, 21), note=_RECALLED)
MOF_210 = CitedDocument("财预〔2015〕210号", dt.date(2015, 11, 12), note=_RECALLED)
NDRC_1509 = CitedDocument("发改办高技〔2016〕1509号", dt.date(2016, 1, 1), note=_YEAR)
NDRC_2800 = CitedDocument("发改财金规〔2016〕2800号", dt.date(2017, 4, 1), note=_RECALLED)
MOST_115 = CitedDocument("国科发政〔2017〕115号", dt.date(2017, 5, 3), note=_RECALLED)
MOF_TAX_55 = CitedDocument("财税〔2018〕55号", dt.date(2018, 1, 1), note=_RECALLED)
MOF_TAX_13 = CitedDocument("财税〔2019〕13号", dt.date(2019, 1, 1), note=_RECALLED)
SEI_2018 = CitedDocument("国家统计局令第23号", dt.date(2018, 11, 7), note=_RECALLED)
NDRC_1638 = CitedDocument("发改财金规〔2019〕1638号", dt.date(2019, 10, 19), note=_RECALLED)
MOF_7 = CitedDocument("财预〔2020〕7号", dt.date(2020, 2, 12), note=_RECALLED)
CSRC_17 = CitedDocument("证监会公告〔2020〕17号", dt.date(2020, 3, 31), note=_RECALLED)
MOF_176 = CitedDocument("财教〔2021〕176号", dt.date(2021, 1, 1), note=_YEAR)
MOF_TAX_17 = CitedDocument(
    "财政部 税务总局公告2023年第17号", dt.date(2024, 1, 1), dt.date(2027, 12, 31), note=_RECALLED
)
AMAC_FILING_2 = CitedDocument(
    "私募投资基金备案指引第2号", dt.date(2023, 9, 28), note=joined((_NO_NUMBER, _RECALLED), _NEXT)
)
AMAC_5 = CitedDocument("中基协发〔2023〕5号", dt.date(2023, 5, 1), note=_RECALLED)
GUOBAN_31 = CitedDocument("国办发〔2024〕31号", dt.date(2024, 6, 15), note=_RECALLED)
GUOBAN_1 = CitedDocument("国办发〔2025〕1号", dt.date(2025, 1, 7))
NDRC_BRIEFING = CitedDocument(
    "国家发展改革委国家创业投资引导基金新闻发布 2025-12-26", dt.date(2025, 12, 26), note=_NO_NUMBER
)
NDRC_1752 = CitedDocument("发改财金规〔2025〕1752号", dt.date(2026, 1, 12), dt.date(2031, 1, 11))
NDRC_1753 = CitedDocument("发改财金规〔2025〕1753号", dt.date(2026, 1, 12), dt.date(2031, 1, 11))

# Heilongjiang
ST_GUIDANCE = CitedDocument(
    "黑龙江省科技创业投资政府引导基金管理办法（试行）",
    dt.date(2015, 8, 7),
    note=Text(
        "未见文号；自所读文本之日起", "No document number read; from the day of the copy that was read"
    ),
)
POLICY_2017 = CitedDocument(
    "黑龙江省双创实施意见（2017-10-26）",
    dt.date(2017, 10, 26),
    note=Text("所读文本无文号", "No document number in the copy read"),
)
HLJ_32_KINDS = CitedDocument(
    "黑政办发〔2023〕32号",
    dt.date(2023, 9, 8),
    note=Text(
        "已由黑政办发〔2025〕10号 取代；是否保留该分档未查到原文，故仍保留",
        "Replaced by 黑政办发〔2025〕10号; whether that keeps the split was not read, so the split is kept",
    ),
)
HLJ_10 = CitedDocument("黑政办发〔2025〕10号", dt.date(2025, 4, 6))
HLJ_NOTICE = CitedDocument(
    "龙江现代产业投资引导基金托管母基金管理机构征集遴选公告（2025）",
    dt.date(2025, 4, 6),
    note=Text(
        "无文号；自其所依据的黑政办发〔2025〕10号 施行日起",
        "No document number; from the day of 黑政办发〔2025〕10号 under which it was issued",
    ),
)
HARBIN_2019 = CitedDocument(
    "哈尔滨市战略性新兴产业投资基金管理暂行办法（2019）",
    dt.date(2019, 1, 1),
    note=joined((_NO_NUMBER, _YEAR), _NEXT),
)

# Elsewhere: samples behind a default
CUIHENG = CitedDocument("中翠管〔2020〕6号", dt.date(2020, 1, 1), note=_YEAR)
ZHENGZHOU = CitedDocument("郑州市天使投资基金设立方案（2024-09）", dt.date(2024, 9, 1), note=_NO_NUMBER)
GUANGZHOU = CitedDocument("广州开发区科创母基金直投细则（2025-02）", dt.date(2025, 2, 28), note=_NO_NUMBER)
GUANGDONG_55 = CitedDocument("粤财预〔2025〕55号", dt.date(2025, 1, 1), note=_YEAR)
FUJIAN_14 = CitedDocument("闽财规〔2025〕14号", dt.date(2025, 6, 5))

SICHUAN_REWARD = CitedDocument(
    "四川省推动创业投资高质量发展的若干措施（2025）",
    dt.date(2025, 1, 1),
    dt.date(2026, 12, 31),
    note=joined((_NO_NUMBER, _YEAR), _NEXT),
)

# Guarantees, pools and their loans
GUOBAN_6 = CitedDocument("国办发〔2019〕6号", dt.date(2019, 2, 14), note=_RECALLED)
MOF_60 = CitedDocument("财金〔2024〕60号", dt.date(2024, 7, 24))
MOF_11 = CitedDocument("财金〔2025〕11号", dt.date(2025, 3, 1))
ORDER_683 = CitedDocument("国务院令第683号", dt.date(2017, 10, 1), note=_RECALLED)
CBIRC_1 = CitedDocument("银保监发〔2018〕1号", dt.date(2018, 4, 2), note=_RECALLED)
GUARANTOR_INTERIM = CitedDocument(
    "融资性担保公司管理暂行办法（2010）", dt.date(2010, 3, 8), note=joined((_NO_NUMBER, _RECALLED), _NEXT)
)
MOST_417 = CitedDocument("国科发资〔2015〕417号", dt.date(2015, 1, 1), note=_YEAR)
CBRC_14 = CitedDocument("银监发〔2016〕14号", dt.date(2016, 4, 15), note=_RECALLED)
ANHUI_4321 = CitedDocument(
    "安徽省政策性融资担保风险分担和代偿补偿试点方案（2014）", dt.date(2014, 12, 15), note=_NO_NUMBER
)
HLJ_GUARANTEE_LOSS = CitedDocument(
    "黑龙江省级高新技术企业担保代偿补偿实施细则（2024）", dt.date(2024, 9, 23), note=_NO_NUMBER
)
HLJ_FINANCE_12 = CitedDocument("黑金发〔2020〕12号", dt.date(2020, 1, 1), note=_YEAR)
HLJ_FISCAL_35 = CitedDocument("黑财规〔2023〕35号", dt.date(2023, 12, 1))
HLJ_AID_GUARANTEE = CitedDocument(
    "黑龙江省工业企业助保金贷款风险补偿办法（约2014）",
    dt.date(2014, 1, 1),
    note=joined((_NO_NUMBER, _YEAR), _NEXT),
)
SHANGHAI_INSURED = CitedDocument(
    "上海市科技型中小企业履约保证保险贷款试点（2010-12）", dt.date(2010, 12, 1), note=_NO_NUMBER
)
BEIJING_INSURED = CitedDocument(
    "中关村小额贷款保证保险试点办法（2014）", dt.date(2014, 1, 1), note=joined((_NO_NUMBER, _YEAR), _NEXT)
)
HUNAN_KNOWLEDGE = CitedDocument(
    "湖南省科技型企业知识价值贷款风险补偿实施办法（2025）", dt.date(2025, 6, 16), note=_NO_NUMBER
)
ZIYANG_IP = CitedDocument(
    "资阳市知识产权质押融资风险补偿资金管理办法（2025）",
    dt.date(2025, 1, 1),
    note=joined((_NO_NUMBER, _YEAR), _NEXT),
)
SHANGHAI_ANGEL = CitedDocument(
    "上海市天使投资风险补偿管理暂行办法（2016）", dt.date(2016, 2, 1), note=_NO_NUMBER
)
POOL_STANDARD = CitedDocument(
    "T/IPIF 0028—2024 科技信贷风险补偿金规范", dt.date(2024, 1, 1), note=joined((_NO_NUMBER, _YEAR), _NEXT)
)


def practice(what: str, since: dt.date = FIRST_DAY) -> RuleSource:
    """A contract term or practice with no document of its own; holds from `since`, by default from the start."""
    return RuleSource(what, None, since, note=Text("惯例，无文号", "Practice, no document number"))
