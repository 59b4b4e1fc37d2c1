"""Closed word lists that a rule asks about: promises of contracts, assets, schemes with terms of their own, grades, groups, topics.

As those of models.kinds, of the same form: a list only grows.
"""

from __future__ import annotations

from models.kinds import Word


class SideLetter(Word):
    """What a side letter or supplementary agreement promises (GF-29, GF-30)."""

    GOVERNMENT_BUY_BACK = "government_buy_back", "政府回购承诺"
    PRINCIPAL_PROMISE = "principal_promise", "保本承诺"
    MINIMUM_RETURN = "minimum_return", "最低收益承诺"
    MOST_FAVOURED = "most_favoured", "最惠待遇"
    EXCUSE_RIGHT = "excuse_right", "豁免出资权"
    CO_INVESTMENT_RIGHT = "co_investment_right", "共同投资权"
    INFORMATION_RIGHT = "information_right", "信息权"


class CashProduct(Word):
    """Where a vehicle's idle cash lies (GF-27B, GF-32)."""

    DEPOSIT = "deposit", "银行存款"
    TREASURY_BOND = "treasury_bond", "国债"
    FIXED_INCOME = "fixed_income", "其他固定收益证券"
    WEALTH_PRODUCT = "wealth_product", "非保本理财"
    TRUST = "trust", "信托产品"
    STOCKS = "stocks", "股票"
    FUND_UNITS = "fund_units", "证券投资基金"


class AssetKind(Word):
    """What a person's proof of wealth lists; property is not a financial asset (QI-02)."""

    DEPOSIT = "deposit", "银行存款"
    SHARES = "shares", "股票"
    BONDS = "bonds", "债券"
    FUND_UNITS = "fund_units", "基金份额"
    ASSET_MANAGEMENT = "asset_management", "资产管理计划"
    BANK_WEALTH = "bank_wealth", "银行理财"
    TRUST = "trust", "信托计划"
    INSURANCE = "insurance", "保险产品"
    FUTURES = "futures", "期货权益"
    PROPERTY = "property", "房产"
    OTHER = "other", "其他"


class DeemedQualified(Word):
    """Investors who count as qualified without the test (QI-03)."""

    PENSION_CHARITY = "pension_charity", "社保、养老、慈善基金"
    FILED_PLAN = "filed_plan", "已备案的计划"
    MANAGER_STAFF = "manager_staff", "管理人及其员工"
    CSRC_NAMED = "csrc_named", "证监会规定的其他投资者"


class NationalScheme(Word):
    """National money with terms of its own (GF-25, GF-26, GF-67)."""

    VC_GUIDANCE = "vc_guidance", "国家创业投资引导基金"
    SME_FUND = "sme_fund", "国家中小企业发展基金"
    CONVERSION_FUND = "conversion_fund", "国家科技成果转化引导基金"
    EMERGING_2011 = "emerging_2011", "新兴产业创投计划"


class PriceBasis(Word):
    """How the price of a government exit was found (GF-54)."""

    CONTRACT_FORMULA = "contract_formula", "合同约定"
    APPRAISAL = "appraisal", "资产评估"
    NEGOTIATED = "negotiated", "协商定价"


class ProceedsUse(Word):
    """Where government money goes after it came back (GF-48)."""

    TREASURY = "treasury", "上缴国库"
    RECYCLE = "recycle", "滚动投资"


class ReinvestKind(Word):
    """What a local reinvestment claim rests on (GF-39)."""

    DIRECT = "direct", "直接投资本地企业"
    RELOCATED = "relocated", "总部迁入"
    SUBSIDIARY = "subsidiary", "设立本地子公司"
    SISTER_FUND = "sister_fund", "同一管理人其他基金投入"


class Grade(Word):
    """Grade of a yearly evaluation (GF-43, GF-58)."""

    EXCELLENT = "excellent", "优"
    GOOD = "good", "良"
    MEDIUM = "medium", "中"
    POOR = "poor", "差"


class SeiGroup(Word):
    """Strategic emerging industries: eight of the 2017 policy, the ninth of the 2018 statistics (SEI-01)."""

    NEW_IT = "new_it", "新一代信息技术", "新一代信息技术产业"
    BIOTECH = "biotech", "生物", "生物产业"
    EQUIPMENT = "equipment", "高端装备制造", "高端装备制造产业"
    NEW_ENERGY = "new_energy", "新能源", "新能源产业"
    NEW_MATERIALS = "new_materials", "新材料", "新材料产业"
    NEW_ENERGY_VEHICLES = "new_energy_vehicles", "新能源汽车", "新能源汽车产业"
    ENVIRONMENT = "environment", "节能环保", "节能环保产业"
    DIGITAL_CREATIVE = "digital_creative", "数字创意", "数字创意产业"
    RELATED_SERVICES = "related_services", "相关服务业"


class DirectionTopic(Word):
    """Topics of the yearly direction evaluation (PI-08): eight of policy fit, three of layout, two of execution."""

    NEW_PRODUCTIVE_FORCES = "new_productive_forces", "新质生产力"
    SCIENCE_CONVERSION = "science_conversion", "科技创新与成果转化"
    UNIFIED_MARKET = "unified_market", "全国统一大市场"
    GREEN = "green", "绿色低碳"
    PRIVATE_ECONOMY = "private_economy", "民营经济"
    PATIENT_CAPITAL = "patient_capital", "耐心资本"
    PRIVATE_MONEY = "private_money", "带动社会资本"
    PUBLIC_WELFARE = "public_welfare", "民生改善"
    REGIONAL_STRATEGY = "regional_strategy", "区域战略"
    FIELD_MATCH = "field_match", "重点领域契合"
    EFFECTIVE_CAPACITY = "effective_capacity", "有效产能"
    MONEY_EFFICIENCY = "money_efficiency", "资金效能"
    MANAGER_SKILL = "manager_skill", "管理能力"
