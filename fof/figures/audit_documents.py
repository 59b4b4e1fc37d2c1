"""The documents of the audits: findings, institutions, cards of people and deals, cases, requests, samples, evidence, rules."""

from __future__ import annotations

from fof.figures.answers import declared
from models.text import Text

_FINDING = """
    rule verdict subject name fund measured threshold measure_unit money_at_stake confidence since state
    later_state owner until reference later_on later_until later_reference later_entry source says level
    event_on rules_on other_verdict
"""


_OF_JSON_ALONE = """
    fund measure_unit confidence until reference later_on later_until later_reference later_entry level
    event_on rules_on other_verdict
"""


_COUNTED = "rules_as_of breach warn unknown pass not_applicable"


AUDIT = declared(
    "audit",
    Text("引导基金合规检查", "Guidance-fund audit"),
    "Findings by money at stake; breaches and warnings unless other verdicts are asked for; counts of all verdicts at the top, and by family of rules.",
    rows=_FINDING,
    head=_COUNTED,
    json_only=_OF_JSON_ALONE,
    meaning="owner=responsible state=disposition_state",
)


COINVEST_AUDIT = declared(
    "coinvest_audit",
    Text("跟投合规检查", "Co-investment audit"),
    "Findings about staff co-investment: plans, projects, stakes, vehicles, institutions and people, each under the plan of its own day; other_verdict is that of today's terms.",
    rows=_FINDING,
    head=_COUNTED,
    json_only=_OF_JSON_ALONE,
    meaning="owner=responsible state=disposition_state",
)


POOLS_AUDIT = declared(
    "pools_audit",
    Text("资金池合规检查", "Pools audit"),
    "Findings about risk-compensation pools: agreements, pools, loans, claims and guarantors; loans under the rules of their day of enrolment, other_verdict is that of today's.",
    rows=_FINDING,
    head=_COUNTED,
    json_only=_OF_JSON_ALONE,
    meaning="owner=responsible state=disposition_state",
)


INSTRUMENTS_AUDIT = declared(
    "instruments_audit",
    Text("专项工具合规检查", "Audit of the small instruments"),
    "Findings about vouchers, subsidies, publicly funded results, deductions and the statistics of the last closed year; vouchers and subsidies under the rules of the day of their decision, other_verdict is that of today's.",
    rows=_FINDING,
    head=_COUNTED,
    json_only=_OF_JSON_ALONE,
    meaning="owner=responsible state=disposition_state",
)


COINVEST_INSTITUTIONS = declared(
    "coinvest_institutions",
    Text("跟投机构一览", "Institutions with co-investment"),
    "Each state venture institution with the indicators of its staff co-investment in all (no year) and by year (PI-11), the whole life of its funds (GF-70) and its findings by verdict.",
    rows="""
        institution name year open joined rate_executive rate_mid_level rate_management_team staff_paid
        institution_paid staff_ratio largest_person price_apart lag_longest exits_apart leavers_overdue
        evidence_share breach unknown warn loss_ratio net_multiple
    """,
    meaning="year=coinvest_year open=projects_open joined=projects_joined",
)


COUNTERFACTUAL = declared(
    "counterfactual",
    Text("不同条件的差额", "What unlike terms were worth"),
    "Gains of staff stakes over the institution: the same money at the institution's price and day, of late payments at the latest price known on the day paid; the same shares at the institution's exit. Listed beside the finding that each puts in numbers; unknown is null with its reason.",
    rows="""
        rule verdict staff_stake person plan institution deal advantage day shares price compared compared_on
        entry realised unrealised
    """,
    json_only="plan institution entry",
    reasons="realised unrealised",
    meaning="""
        shares=shares_more price=compared_price compared=compared_with entry=compared_entry
        realised=gain_realised unrealised=gain_unrealised
    """,
)


COUNTERFACTUAL_SUMS = declared(
    "counterfactual_sums",
    Text("不同条件的差额合计", "What unlike terms were worth, added up"),
    "The same by person, plan or institution: known gains added up, unknown ones counted beside them; null where none is known.",
    rows="by key realised unrealised count unknown",
    json_only="by",
    meaning="realised=gain_realised unrealised=gain_unrealised count=gains_count unknown=gains_unknown",
)


PERSON_CARD = declared(
    "person_card",
    Text("人员卡", "Person card"),
    "A person's stakes beside the institution on the same deal: money, days, price, and what became of it; the institution's multiple is that of all it has in the company. Unknown is null with its reason.",
    rows="""
        staff_stake deal company institution vehicle paid paid_on institution_paid_on days_after price
        institution_price received value value_on gain multiple institution_multiple
    """,
    head="person open joined staff_paid",
    reasons="value gain",
    spare="company vehicle institution_paid_on",
    meaning="""
        open=card_open joined=card_joined paid=stake_paid paid_on=stake_paid_on price=stake_price
        received=stake_received value=stake_value value_on=stake_value_on gain=stake_gain multiple=stake_multiple
        head.staff_paid=stake_paid
    """,
)


DEAL_CARD = declared(
    "deal_card",
    Text("项目卡", "Deal card"),
    "A deal that staff joined or were offered: everybody on its roster or with a stake, who joined and who did not, money and days.",
    rows="""
        person team_role state chosen_on waiver staff_stake vehicle paid paid_on days_after price
        institution_price
    """,
    head="deal company institution day institution_paid staff_paid open joined multiple",
    spare="waiver vehicle",
    meaning="""
        state=place_state waiver=place_waiver open=card_open joined=card_joined paid=stake_paid
        paid_on=stake_paid_on price=stake_price head.day=deal_day head.multiple=institution_multiple
    """,
)


PARTICIPATION = declared(
    "participation",
    Text("参与率与选择差距", "Participation and the gap of choice"),
    "Places that had to join and did, and the mean multiple of joined companies beside skipped ones, permuted within the year of investment; p is two-sided (the smaller tail doubled) with the one-sided one beside it, none with fewer than five a side. A hint, never a finding.",
    rows="""
        institution person open bound bound_joined excused bound_unknown rate joined companies_joined
        companies_skipped companies_unvalued multiple_joined multiple_skipped multiple_gap p_value p_one_sided
        test
    """,
    reasons="p_value p_one_sided",
    spare="bound_unknown companies_unvalued test excused",
    meaning="open=card_open joined=places_joined rate=bound_rate test=gap_test",
)


RELATIONS = declared(
    "relations",
    Text("关系", "Ties"),
    "Ties around a person, vehicle or company, each with the record that states it and the findings whose rules read that record: the paths that triggered them.",
    rows="source relation target kind code since rules",
    head="centre",
    meaning="source=tie_source target=tie_target kind=tie_record_kind code=tie_record since=tie_since rules=tie_rules",
)


CASE_FILE = declared(
    "case_file",
    Text("案卷", "Case file"),
    "One finding of any rule: the facts and entries it rests on, then what was decided about it and what the rule said at earlier quarter-ends; nothing that the rule read is left out, missing inputs included.",
    rows="part subject what content amount day entry document source state",
    head="""
        rule title verdict subject name working other_verdict note article confidence since event_on owner
        state until money_at_stake
    """,
    meaning="""
        part=case_part what=ground content=ground_value state=ground_state source=read_from
        head.state=disposition_state article=source owner=responsible
    """,
    section="part",
)


AUDIT_CASES = declared(
    "audit_cases",
    Text("审计事项", "Audit cases"),
    "Findings under procedure, those whose day has passed first: where each stands, what is due, and of issued ones loss, responsible post and tolerance. Before they are issued for auditors alone.",
    rows="""
        case rule subject institution step step_on due overdue loss responsible_post tolerance who entry
    """,
    head="cases overdue",
    meaning="""
        case=audit_case step=case_step due=case_due overdue=case_overdue loss=case_loss
        tolerance=case_tolerance who=step_by head.overdue=cases_overdue
    """,
)


REQUEST_LIST = declared(
    "request_list",
    Text("资料需求清单", "Request list"),
    "For every unknown of the co-investment audit what is missing, of which stake, from whom; what was asked and answered.",
    rows="""
        institution stake item rules request asked_on due overdue answer answered_by answered_on
    """,
    head="unasked open",
    meaning="""
        stake=staff_stake item=request_item rules=request_rules due=request_due overdue=request_overdue
        answer=request_answer head.unasked=requests_unasked head.open=requests_open
    """,
)


SAMPLE = declared(
    "sample",
    Text("审计抽样", "Audit sample"),
    "A sample of staff co-investment: the prefix that fixes its population, the seed, the items drawn with their audited values, and what they say of all, each figure with its estimator.",
    rows="item day stratum hits book_amount audited_amount taint entry",
    head="""
        sample institution population method as_of_day population_known_at items amount confidence tolerable
        expected size seed who evaluation
    """,
    meaning="""
        item=sample_item hits=sample_hits population=sample_population method=sample_method
        as_of_day=sample_as_of population_known_at=sample_known_at items=population_items
        head.amount=population_amount confidence=sample_confidence tolerable=sample_tolerable
        expected=sample_expected size=sample_size seed=sample_seed who=step_by evaluation=sample_verdict
    """,
)


SAMPLES = declared(
    "samples",
    Text("审计抽样清单", "Audit samples"),
    "The samples of the book, for auditors alone.",
    rows="sample institution population method as_of_day size seed entry who evaluation",
    meaning="""
        population=sample_population method=sample_method as_of_day=sample_as_of size=sample_size
        seed=sample_seed who=step_by evaluation=sample_verdict
    """,
)


EVIDENCE = declared(
    "evidence",
    Text("证据材料", "Evidence"),
    "The items of evidence that apply to a stake (docs/evidence.md), each with its documents, tested against the stake.",
    rows="id item state code document number day issuer digest amount file doubts",
    head="stake",
    meaning="id=evidence_id code=evidence_code file=evidence_file item=evidence_item state=evidence_state issuer=evidence_issuer doubts=evidence_doubts stake=staff_stake number=evidence_number digest=evidence_digest document=evidence_kind",
)


RULES = declared(
    "rules",
    Text("规则库", "Rules"),
    "Coded rules with the version and numbers in force on as_of; with --stats the lists coded, not_checkable and later.",
    rows="""
        rule family title level scope confidence source in_force since until event in_principle parameters
    """,
    json_only="family event",
    meaning="since=in_force_from until=in_force_until",
)
