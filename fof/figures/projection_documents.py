"""The documents of scenario projections (fof.scenarios)."""

from __future__ import annotations

from fof.figures.answers import declared
from models.text import Text

_HEAD = "scenario scenario_digest scenario_portfolio scenario_paths scenario_seed code_version journal_prefix scenario_author"
FORECAST = declared(
    "projection",
    Text("情景推演", "Projection"),
    "A scenario run from the actual book: each series at the end of each step, the path without noise (expected), the mean and quantiles over all paths. Beside the rows: groups, needs, checks, assumptions and what was left out.",
    rows="forecast_series step_end projected mean p05 p10 p25 p50 p75 p90 p95 probability_below_zero",
    head=f"{_HEAD} gap_probability gap_p50 gap_p95 gap_quarter",
    json_only="p10 p90",
    spare="projected mean p25 p75",
    meaning="""
        p05=quantile_five p10=quantile_ten p25=quantile_quarter p50=quantile_middle p75=quantile_three_quarters
        p90=quantile_ninety p95=quantile_ninety_five gap_p50=gap_median gap_p95=gap_high
    """,
    section="forecast_series",
)
GROUPS = declared(
    "projection_groups",
    Text("分组业绩分布", "Distributions by group"),
    "DPI, TVPI and IRR since inception at the horizon: 5 %, 50 % and 95 % quantiles by portfolio, vintage and fund; the share of paths with exactly one rate of return.",
    rows="""
        group_by key label dpi_p05 dpi_p50 dpi_p95 tvpi_p05 tvpi_p50 tvpi_p95 irr_p05 irr_p50 irr_p95 irr_known
    """,
    meaning="""
        dpi_p05=dpi_low dpi_p50=dpi_median dpi_p95=dpi_high tvpi_p05=tvpi_low tvpi_p50=tvpi_median
        tvpi_p95=tvpi_high irr_p05=irr_low irr_p50=irr_median irr_p95=irr_high
    """,
    section="group_by",
)
NEEDS = declared(
    "projection_needs",
    Text("所需拨款", "Appropriation needed"),
    "Money from outside that keeps the portfolio's cash at or above its floor (0 where none is stated) over the whole horizon, at each confidence, where no appropriation and no cost is counted.",
    rows="need_confidence need",
)
POOLS = declared(
    "projection_pools",
    Text("资金池推演", "Pools projected"),
    "How likely it is over the horizon that a pool's money does not suffice, that enrolment stops, that a limit cuts a payment, and after how many months in the median of the paths on which it happens.",
    rows="pool_code exhaustion_probability exhaustion_months stop_probability stop_months cut_probability cut_months",
)
POOL_FORECAST = declared(
    "projection_pool_series",
    Text("资金池逐期", "Pools by step"),
    "Each series of each pool at the end of each step: the path on which every step's expected part defaults (expected), the mean and quantiles over all paths; of a stop of enrolment the part of the lending that is stopped.",
    rows="pool_code pool_series step_end projected mean p05 p25 p50 p75 p95 stopped_share",
    spare="projected p25 p75",
    meaning="""
        p05=quantile_five p25=quantile_quarter p50=quantile_middle p75=quantile_three_quarters p95=quantile_ninety_five
    """,
    section="pool_series",
)
COMPANY_FORECAST = declared(
    "projection_companies",
    Text("企业逐期", "Companies by step"),
    "Companies of the funds at the end of each step: gross proceeds, fees, carry, what is conceded, staff's part, their number and cost by lifecycle stage; the mean and quantiles over all paths.",
    rows="company_series step_end mean p05 p25 p50 p75 p95 companies_mean companies_low companies_high",
    spare="p25 p75",
    meaning="""
        p05=quantile_five p25=quantile_quarter p50=quantile_middle p75=quantile_three_quarters p95=quantile_ninety_five
    """,
    section="company_series",
)
COVERAGE_OVER_TIME = declared(
    "projection_coverage",
    Text("按市（地）与行业的企业", "Companies by city and industry"),
    "Companies of the funds at the end of each step by city and by industry: their number, and what they cost (value today of those held today), the mean and quantiles over all paths; each company once in each of the two. By stage: companies by step.",
    rows="part_by coverage_city industry_code step_end companies_mean companies_low companies_high mean p05 p50 p95",
    meaning="p05=quantile_five p50=quantile_middle p95=quantile_ninety_five",
    section="part_by",
)
LEVERAGE_OVER_TIME = declared(
    "projection_leverage",
    Text("放大倍数逐年", "Leverage by year"),
    "Commitments of the portfolio, of all investors, of those that are no government, and money that reached companies at the end of each year with the three multiples: commitments by the book and the programme, money by the calls of the path without noise.",
    rows="step_end own_committed all_committed non_government to_companies leverage_a leverage_b leverage_c",
)
RULES_OVER_TIME = declared(
    "projection_rules",
    Text("规则逐年", "Rules over time"),
    "How likely each rule whose inputs a projection moves is broken at the end of each year, warns, or cannot be told: the part of the paths that has each verdict. All other rules are not asked, and counted in the note.",
    rows="projected_rule rule_subject step_end breach_probability warn_probability unknown_probability pass_probability not_applicable_probability",
    section="projected_rule",
)
SAVED = declared(
    "projection_saved",
    Text("保存的情景", "Saved scenarios"),
    "The scenarios that the book holds: inputs alone, the latest version of each name with its digest, by whom and when it was saved.",
    rows="saved_code scenario scenario_digest scenario_versions recorded_by recorded_at entry",
)
PLAN = declared(
    "projection_plan",
    Text("认缴计划", "Commitment programme"),
    "The programme of new commitments that holds the targets of a scenario's plan, found by linear programming on the path without noise; beside the rows its conditions.",
    rows="planned_code planned_strategy planned_on planned_commitment",
    head="scenario scenario_digest scenario_portfolio scenario_paths share_deviation",
)
PLAN_TARGETS = declared(
    "projection_plan_targets",
    Text("计划的约束与目标", "Conditions of the programme"),
    "Each condition of the programme: what is wanted, what the path without noise comes to, whether it binds with its shadow price, and the part of the paths that misses it.",
    rows="plan_target planned_strategy step_end wanted_amount expected_amount wanted_share expected_share binds shadow_price missed_probability",
    section="plan_target",
)
CHECKS = declared(
    "projection_checks",
    Text("恒等式检查", "Identities"),
    "The identities that every run is held against, with what was measured.",
    rows="projection_identity holds identity_measured identity_limit",
)
ASSUMPTIONS = declared(
    "projection_assumptions",
    Text("假设与来源", "Assumptions and sources"),
    "Every number of the scenario and where it came from: book, fit, publication or typed.",
    rows="assumption_scope assumption assumed assumption_source assumption_detail standard_error fund_years",
    spare="assumption_detail",
)
COMPARISON = declared(
    "projection_compare",
    Text("情景比较", "Scenarios compared"),
    "Values of scenarios beside those of the first, the largest differences first (as a part of the larger of the two).",
    rows="""
        scenario scenario_digest result_part group_code measure_name step_end statistic first_amount other_amount
        amount_difference first_number other_number number_difference
    """,
)
BACKTEST = declared(
    "projection_backtest",
    Text("预测与实际", "Forecast against actual"),
    "Projections from earlier days of the book against the year that followed: the 80 % interval, PIT and CRPS (fair form) of each measure, the error of the naive forecast beside; parameters and opening are those of the origin, by the entries known on that day where the book was in use by then.",
    rows="origin_on origin_known_at forecast_series observed forecast_low forecast_median forecast_high inside_interval forecast_pit forecast_crps naive_error",
    head="scenario_portfolio origins",
    section="forecast_series",
)
DRIVERS = declared(
    "projection_drivers",
    Text("驱动因素", "Drivers"),
    "First-order Sobol shares: the part of a result's variance that each driver explains by itself, by pick and freeze on 4,096 paths; the rest is what they do together and the error of the estimate.",
    rows="measure_name step_end share_market share_growth share_pacing share_together",
)
