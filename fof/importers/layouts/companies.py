"""Layouts: companies and their yearly figures."""

from __future__ import annotations

from fof.importers.columns import DOCUMENT, SINCE, SOURCE, UNIT, CellType, Column, Layout, fact
from fof.importers.layouts.shared_columns import CODE, LEGAL, STAGE, STAGE_DEFINITION, name
from models.text import Text

_INDUSTRY_HELP = "门类字母加 2 至 4 位数字（GB/T 4754-2017）。"
_FIGURES = (
    fact("staff", "员工人数", meaning=Text("年末职工人数。", "Staff at year end."), example="86"),
    fact("rd_staff", "研发人数", meaning=Text("年末研发人员。", "R&D staff at year end."), example="31"),
    fact("revenue", meaning=Text("全年营业收入。", "Revenue of the year."), example="32000000"),
    fact(
        "rd_expense",
        "研发投入",
        meaning=Text("全年研发费用。", "R&D expense of the year."),
        example="5600000",
    ),
    fact(
        "net_profit",
        signed=True,
        meaning=Text("全年净利润，亏损为负。", "Profit of the year, a loss is negative."),
        example="-2100000",
    ),
    fact(
        "total_assets",
        "总资产",
        meaning=Text("年末资产总额。", "Total assets at year end."),
        example="90000000",
    ),
    fact(
        "net_assets",
        signed=True,
        meaning=Text("年末净资产。", "Net assets at year end."),
        example="61000000",
    ),
    fact(
        "costs",
        "成本费用",
        meaning=Text("全年成本费用总额。", "Costs and expenses of the year."),
        example="34100000",
    ),
    fact(
        "degree_staff",
        meaning=Text("年末大学本科以上学历职工。", "Staff with a bachelor's degree at year end."),
        example="40",
    ),
    fact(
        "technical_graduates",
        meaning=Text("年末大专以上学历的科技人员。", "College graduates in technical posts at year end."),
        example="52",
    ),
    fact("ip_class_one", meaning=Text("年末有效的Ⅰ类知识产权。", "Class I rights in force at year end.")),
    fact("ip_class_two", meaning=Text("年末有效的Ⅱ类知识产权。", "Class II rights in force at year end.")),
    fact("tax_paid", meaning=Text("全年实缴税额。", "Tax paid in the year.")),
)

COMPANIES = Layout(
    "companies",
    Text("企业", "Companies"),
    30,
    (
        CODE,
        name("企业名称", "公司名称", "company name"),
        SINCE,
        fact("short_name", "企业简称", meaning=Text("屏幕上的简称。", "Short name on screen.")),
        *LEGAL,
        fact(
            "industry",
            "行业代码",
            cell=CellType.INDUSTRY,
            meaning=Text(_INDUSTRY_HELP, "Section letter and 2 to 4 digits (GB/T 4754-2017)."),
            example="C3976",
        ),
        fact("sei_group", "战新产业", meaning=Text("战略性新兴产业分类。", "Strategic emerging industry.")),
        fact(
            "founded_on",
            "成立日",
            "成立时间",
            meaning=Text("营业执照成立日期。", "Day of foundation."),
            example="2019-04-18",
        ),
        fact("listed_on", meaning=Text("首次上市日期。", "Day of listing.")),
        fact("quoted_on", meaning=Text("在股转系统或区域股权市场挂牌的日期。", "Day of quotation.")),
        fact("merged_on", meaning=Text("并购完成日期。", "Day a merger or acquisition closed.")),
        fact("refinanced_on", meaning=Text("账外机构参与的后续融资日期。", "Day of a round by others.")),
        fact("bond_issued_on", meaning=Text("发行债券日期。", "Day a bond was issued.")),
        fact("closed_on", meaning=Text("注销日期。", "Day it was struck off.")),
        fact(
            "high_tech_until",
            meaning=Text("高新技术企业证书到期日。", "Expiry of the high-tech certificate."),
        ),
        fact("st_sme", meaning=Text("是否在科技型中小企业库。", "Whether listed as S&T-SME.")),
        fact(
            "resident",
            meaning=Text("是否中国境内注册的居民企业。", "Whether it is a resident company of China."),
        ),
        fact("audited_accounts", meaning=Text("是否查账征收。", "Whether taxed on audited accounts.")),
        fact("banned_field", meaning=Text("是否属禁止、限制和淘汰类产业。", "Whether in a banned field.")),
        fact(
            "serious_incident",
            meaning=Text(
                "上年及当年是否发生重大安全、质量、环保或失信事件。",
                "Whether it had a serious safety, quality, environment or integrity event this year or last.",
            ),
        ),
        fact("st_award", meaning=Text("近五年国家科技奖励前三名。", "A national award of the last 5 years.")),
        fact(
            "rd_body",
            meaning=Text("有经认定的省部级以上研发机构。", "A provincial or higher R&D body."),
        ),
        fact(
            "standard_lead",
            meaning=Text("近五年主导制定国家或行业标准。", "Led a standard in the last 5 years."),
        ),
        fact("pre_ipo", meaning=Text("已报送上市申请。", "Whether a listing application is filed.")),
        fact("group_head", meaning=Text("所属集团牵头企业的编号。", "Code of the head of its group.")),
        fact("ownership", meaning=Text("由谁控制。", "Who controls it.")),
        fact("successor_of", meaning=Text("更名、合并前企业的编号。", "Codes of the companies it succeeds.")),
        fact("founders", meaning=Text("创始人的人员编号。", "Person codes of the founders.")),
        fact(
            "state_representatives",
            meaning=Text("国有股东代表的人员编号。", "Person codes of the state's representatives."),
        ),
        fact("audited_net_assets_per_share"),
        STAGE,
        STAGE_DEFINITION,
        DOCUMENT,
        SOURCE,
    ),
    aliases=("企业登记", "被投企业", "portfolio companies"),
    meaning=Text(
        "被投或关注的企业。各年数据用“企业年度数据”表。",
        "Companies. Their yearly figures have a sheet of their own.",
    ),
)

COMPANY_YEARS = Layout(
    "company_years",
    Text("企业年度数据", "Company years"),
    35,
    (
        Column(
            "company",
            CellType.CODE,
            Text("企业编号", "company"),
            ("企业代码", "企业", "company code"),
            required=True,
            meaning=Text("企业的编号。", "Code of the company."),
            example="QY-001",
        ),
        Column(
            "year",
            CellType.YEAR,
            Text("年度", "year"),
            ("年份", "会计年度", "fiscal year"),
            required=True,
            meaning=Text("数据截至该年 12 月 31 日。", "Figures as of 31 December of that year."),
            example="2024",
        ),
        *_FIGURES,
        STAGE,
        STAGE_DEFINITION,
        UNIT,
        DOCUMENT,
        SOURCE,
    ),
    aliases=("企业年报", "年度数据", "company figures"),
    one_of=((*(column.name for column in _FIGURES), "stage"),),
    meaning=Text("每家企业每年一行。", "One row for each company and year."),
)
