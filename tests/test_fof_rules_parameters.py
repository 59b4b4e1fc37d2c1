"""parameters.toml: read exactly, refused as a whole with every line; settings over it."""

import datetime as dt
from decimal import Decimal

import pytest

from fof.rules import catalogue
from fof.rules.numbers_in_force import NumbersInForce, OwnNumber
from fof.rules.parameters import FILE, RulesRefused, load
from fof.rules.registry import RULES, Confidence, Level, Outcome, Rule, RuleSource, Scope, Verdict
from models.text import Text

DAY = dt.date(2026, 6, 30)


def judge(fund, *, cap, days):
    return Outcome(Verdict.PASS, Text("示例", "example"))


ONE_RULE = {
    "XX-01": Rule(
        "XX-01",
        Level.CONFIG,
        Scope.FUND,
        Confidence.OWN_DESIGN,
        Text("示例", "example"),
        (RuleSource("示例法", "第1条", DAY),),
        ("cap", "days"),
        None,
        False,
        judge,
    )
}

GOOD = """\
# a comment with a { brace
[cap]
rule = "XX-01"
unit = "share"
zh = "上限 {"
en = "cap"
values = [
    { from = 2020-01-01, until = 2020-12-31, value = 0.40, source = "文件 { 甲 }" },
    { from = 2022-01-01, value = 1, source = "文件乙" },
]

[days]
rule = ["XX-01"]
unit = "days"
zh = "天数"
en = "days"
settable = false
values = [{ from = 2020-01-01, value = 30, source = "文件丙" }]
"""


def read(tmp_path, text):
    path = tmp_path / "numbers.toml"
    path.write_text(text, encoding="utf-8")
    return load(path, ONE_RULE)


def problems(tmp_path, text):
    with pytest.raises(RulesRefused) as caught:
        read(tmp_path, text)
    return [str(problem) for problem in caught.value.problems]


def test_values_are_exact_decimals_with_their_days_and_sources(tmp_path):
    cap = read(tmp_path, GOOD)["cap"]
    assert [(d.since, d.value, d.source) for d in cap.values] == [
        (dt.date(2020, 1, 1), Decimal("0.40"), Text("文件 { 甲 }", "文件 { 甲 }")),
        (dt.date(2022, 1, 1), Decimal(1), Text("文件乙", "文件乙")),
    ]
    assert (cap.rules, cap.settable, cap.line) == (("XX-01",), True, 2)


def test_a_source_that_is_no_citation_stands_in_both_languages(tmp_path):
    both = GOOD.replace('"文件乙"', '["惯例", "practice"]')
    assert read(tmp_path, both)["cap"].values[1].source == Text("惯例", "practice")
    for broken in ('["惯例"]', '["惯例", ""]', '["惯例", 1]', '["a", "b", "c"]', "7"):
        [told] = problems(tmp_path, GOOD.replace('"文件乙"', broken))
        assert "has no source" in told


@pytest.mark.parametrize(
    ("day", "value"),
    [
        (dt.date(2019, 12, 31), None),
        (dt.date(2020, 1, 1), Decimal("0.40")),
        (dt.date(2020, 12, 31), Decimal("0.40")),
        (dt.date(2021, 1, 1), None),  # a gap: no value, not the last one
        (dt.date(2021, 12, 31), None),
        (dt.date(2022, 1, 1), Decimal(1)),
        (dt.date(2100, 1, 1), Decimal(1)),
    ],
)
def test_the_value_in_force_on_a_day(tmp_path, day, value):
    dated = read(tmp_path, GOOD)["cap"].on(day)
    assert (dated and dated.value) == value


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "[days]",
            "[dayz]",
            ["numbers.toml:12: dayz: rule XX-01 does not use it", "no parameter days in numbers.toml"],
        ),
        (
            'rule = ["XX-01"]',
            'rule = ["XX-02"]',
            ["numbers.toml:12: days: no rule XX-02", "numbers.toml:12: days: XX-01 uses it"],
        ),
        ('rule = ["XX-01"]', "rule = []", ["numbers.toml:12: days: rule must name at least one rule"]),
        (
            "from = 2022-01-01",
            "from = 2020-06-30",
            ["numbers.toml:9: cap: 2020-06-30 overlaps the value before"],
        ),
        (
            "from = 2022-01-01",
            "from = 2020-12-31",
            ["numbers.toml:9: cap: 2020-12-31 overlaps the value before"],
        ),
        (
            "from = 2022-01-01",
            "from = 2020-01-01",
            ["numbers.toml:9: cap: 2020-01-01 does not come after 2020-01-01"],
        ),
        (
            "from = 2022-01-01",
            "from = 2019-01-01",
            ["numbers.toml:9: cap: 2019-01-01 does not come after 2020-01-01"],
        ),
        ("from = 2022-01-01", 'from = "2022"', ["numbers.toml:9: cap: from must be a day"]),
        ("until = 2020-12-31", "until = 2019-12-31", ["numbers.toml:8: cap: until must be a day not before"]),
        (', source = "文件乙"', "", ["numbers.toml:9: cap: the value from 2022-01-01 has no source"]),
        (
            'source = "文件丙"',
            'source = " "',
            ["numbers.toml:18: days: the value from 2020-01-01 has no source"],
        ),
        (
            "value = 30",
            "value = 30.5",
            ["numbers.toml:18: days: value Decimal('30.5') does not fit unit 'days'"],
        ),
        ("value = 30", "value = true", ["numbers.toml:18: days: value True does not fit unit 'days'"]),
        ('unit = "days"', 'unit = "weeks"', ["numbers.toml:12: days: unknown unit 'weeks'"]),
        (
            'en = "days"',
            'eng = "days"',
            ["numbers.toml:12: days: unknown key 'eng'", "numbers.toml:12: days: en is missing"],
        ),
        (
            "value = 1, source",
            "value = 1, page = 3, source",
            ["numbers.toml:9: cap: unknown key 'page' in a value"],
        ),
        ("settable = false", 'settable = "no"', ["numbers.toml:12: days: settable must be true or false"]),
        (
            "values = [{ from = 2020-01-01, value = 30",
            "value = [{ from = 2020-01-01, value = 30",
            ["unknown key 'value'", "values are missing"],
        ),
        ("[days]", "[days", ["numbers.toml:12:"]),
        (
            "value = 1, source",
            "value = 1.01, source",
            ["numbers.toml:9: cap: a share from 0 to 1 expected (0.4 is 40 %), found 1.01"],
        ),
        ("value = 0.40", "value = -0.01", ["numbers.toml:8: cap: a share from 0 to 1 expected"]),
        ("value = 30", "value = -1", ["numbers.toml:18: days: nought or more expected, found -1"]),
        (
            'unit = "days"',
            'unit = "days"\nchoices = "30"',
            ["numbers.toml:12: days: choices must be a list of words"],
        ),
    ],
)
def test_a_bad_file_is_refused_with_its_line(tmp_path, old, new, told):
    found = problems(tmp_path, GOOD.replace(old, new, 1))
    for text in told:
        assert any(text in problem for problem in found), found


def test_every_problem_is_told_at_once(tmp_path):
    bad = (
        GOOD.replace(', source = "文件乙"', "")
        .replace('unit = "days"', 'unit = "weeks"')
        .replace("0.40", '"x"')
    )
    assert len(problems(tmp_path, bad)) == 3


def test_a_rule_that_names_a_missing_parameter_is_told_with_its_own_place(tmp_path):
    found = problems(tmp_path, GOOD.partition("[days]")[0])
    line = judge.__code__.co_firstlineno
    assert found == [f"test_fof_rules_parameters.py:{line}: XX-01: no parameter days in numbers.toml"]


def test_the_rulebooks_own_file_holds_together():
    assert load(FILE, RULES).keys() == catalogue.parameters().keys()


def settings(*rows):
    return NumbersInForce(catalogue.parameters(), rows)


def row(parameter="gp_min_share", value="0.02", since=DAY, document="合伙协议 3.1", **more):
    return OwnNumber(parameter, value, since, document, "经办人甲", more.pop("fund", "F1"), **more)


@pytest.mark.parametrize(
    ("day", "fund", "value"),
    [
        (dt.date(2024, 12, 31), "F1", "0.01"),
        (dt.date(2025, 1, 1), "F1", "0.02"),
        (dt.date(2025, 12, 31), "F1", "0.02"),
        (dt.date(2026, 1, 1), "F1", "0.03"),
        (dt.date(2026, 3, 31), "F1", "0.03"),
        (dt.date(2026, 4, 1), "F1", "0.02"),  # the later setting has ended: the one before holds again
        (dt.date(2025, 6, 1), "F2", "0.01"),
    ],
)
def test_a_funds_setting_over_the_default(day, fund, value):
    own = settings(
        row(since=dt.date(2025, 1, 1)),
        row(value="0.03", since=dt.date(2026, 1, 1), until=dt.date(2026, 3, 31)),
    )
    assert own.on("gp_min_share", day, fund).value == Decimal(value)
    assert own.of_rule(RULES["GF-09"], day, fund).values == {"gp_min_share": Decimal(value)}


def test_the_office_may_set_a_number_for_all_funds_and_a_fund_its_own():
    own = settings(row(value="0.05", fund=None), row(value="0.02"))
    assert own.on("gp_min_share", DAY, "F1").value == Decimal("0.02")
    assert own.on("gp_min_share", DAY, "F2").value == Decimal("0.05")


def test_of_two_settings_from_one_day_the_later_row_counts():
    assert settings(row(value="0.05"), row(value="0.02")).on("gp_min_share", DAY, "F1").value == Decimal(
        "0.02"
    )


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        (row(document=" "), "no document given"),
        (row(parameter="no_such_number"), "no such parameter"),
        (row(parameter="partners_max", value="60"), "fixed by its source"),
        (row(value="two"), "a decimal expected"),
        (row(value="NaN"), "a finite decimal expected"),
        (row(parameter="no_deal_days", value="1.5"), "invalid literal"),
        (row(parameter="soe_counts_as_government", value="true"), "yes or no expected"),
        (row(parameter="follow_on_amount_max", value="3百"), "an amount with its unit expected"),
        (row(until=dt.date(2020, 1, 1)), "before it starts"),
        (row(value="40"), "a share from 0 to 1 expected (0.4 is 40 %), found 40"),
        (row(value="-0.01"), "a share from 0 to 1 expected"),
        (row(parameter="no_deal_days", value="-1"), "nought or more expected"),
        (row(parameter="follow_on_amount_max", value="-3万元"), "nought or more expected"),
        (row(parameter="reinvest_multiple_new", value="-1"), "nought or more expected"),
        (
            row(parameter="concentration_base", value="nav"),
            "one of commitments, paid_in, total_assets expected",
        ),
    ],
)
def test_a_bad_setting_is_refused(bad, told):
    with pytest.raises(RulesRefused) as caught:
        settings(row(), bad)
    (problem,) = caught.value.problems
    assert told in problem.text


@pytest.mark.parametrize(
    ("parameter", "text", "value"),
    [
        ("follow_on_amount_max", "300万元", 300_000_000),
        ("follow_on_amount_max", "123", 123),
        ("soe_counts_as_government", "yes", True),
        ("no_deal_days", "400", 400),
        ("concentration_base", "paid_in", "paid_in"),
        ("single_company_cap", "1", Decimal(1)),
        ("single_company_cap", "0", Decimal(0)),
        ("reinvest_multiple_new", "1.5", Decimal("1.5")),
        ("single_company_cap", "0.25", Decimal("0.25")),
    ],
)
def test_a_settings_text_is_read_by_its_unit(parameter, text, value):
    assert settings(row(parameter=parameter, value=text)).on(parameter, DAY, "F1").value == value


def test_a_number_that_is_set_now_is_in_plain_digits_and_what_is_in_a_book_stays_readable():
    share = next(p for p in catalogue.parameters().values() if p.unit == "share")
    days = next(p for p in catalogue.parameters().values() if p.unit == "days")
    assert (share.typed("0.5"), share.typed("０.５"), days.typed("20")) == (
        Decimal("0.5"),
        Decimal("0.5"),
        20,
    )
    for own, text in ((share, "٠.٥"), (share, "5e-1"), (days, "2_0"), (days, "٣")):
        with pytest.raises(ValueError, match="plain digits"):
            own.typed(text)
        own.read(text)
