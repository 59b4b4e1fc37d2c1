"""The examples of docs/mappings.md are mappings, they read files, and what the page says of cells and files holds."""

from __future__ import annotations

import re
from pathlib import Path

from fof.importers.cells import Amount
from fof.importers.layouts import LAYOUTS
from fof.importers.mapping import Creation, SheetMapping, Variant, mapping_from_file, mapping_from_toml
from fof.importers.reader import read_file
from fof.importers.row_reader import read_table
from fof.importers.tables import Table
from fof.importers.template import template

TEXT = (Path(__file__).resolve().parents[1] / "docs" / "mappings.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)


def test_every_example_is_a_mapping():
    whole, parties, variants, sheets = EXAMPLES
    mapping = mapping_from_toml(whole)
    assert mapping.places == {"amount": 6}
    positions = 'name = "p"\nlayout = "positions"\n'
    assert set(mapping_from_toml(positions + parties).create) == {"fund"}
    assert len(mapping_from_toml(positions + variants).readings) == 2
    assert len(mapping_from_toml(sheets).sheets) == 2


def test_every_key_is_documented():
    for part in (SheetMapping, Creation, Variant):
        for key in part.model_fields:
            assert re.search(rf"\b{key}\b", TEXT), key


def test_the_template_shows_the_keys(tmp_path):
    for language in ("zh", "en"):
        file = read_file(template(list(LAYOUTS.values()), language=language), "t.xlsx")
        rows = list(file.sheets[-1].rows)
        shown = {cells[3][1:] for _n, cells in rows if len(cells) > 3 and cells[3] is not None}
        for layout in LAYOUTS.values():
            assert {layout.name, *(c.name for c in layout.columns if c.name != "unit")} <= shown


# -- the examples read a file, and every sentence holds ---------------------------------------------------------------------

CUSTODIAN = """Fund id,Value date,Type,Amount,Bank,Voucher,Booking text
F,2024-03-15,Mgmt fee,1.23456789,B,V-1,x
F,2024-03-16,Catering,2,B,V-2,y
Total,,,3,,,
,,,,,,carried over
"""


def table(text: str, mapping: str, layout: str | None = None) -> Table:
    """The rows of a csv under a mapping of the page."""
    file, chosen = read_file(text.encode(), "a.csv"), mapping_from_toml(mapping)
    return read_table(file, file.sheets[0], LAYOUTS[layout or chosen.layout], chosen)


def test_the_first_example_reads_its_table():
    read = table(CUSTODIAN, EXAMPLES[0])
    assert (read.problems, read.skipped) == ([], 2), (
        "rows that are left out are counted: a total, a blank cell"
    )
    first, second = (row.stated() for row in read.rows)
    assert (first["kind"].value, second["kind"].value) == ("management_fee", "fund_expense")
    assert first["amount"] == Amount(1_234_568, "CNY"), "to six decimals of 万元, as [places] says"
    assert first["document"] == "statements of the custodian"
    assert {(w.code, w.found) for w in read.warnings} >= {("rounded_by_mapping", "1.23456789")}
    assert any("Catering" in w.expected.zh for w in read.warnings if w.code == "other_by_mapping")


def test_what_it_neither_reads_nor_ignores_refuses_the_file():
    text = CUSTODIAN.replace("Booking text", "Branch")
    assert [(p.code, p.found) for p in table(text, EXAMPLES[0]).problems] == [
        ("missing_header", "Booking text"),  # what the mapping ignores is named by it, too
        ("unknown_header", "Branch"),
    ]


def test_two_units_that_differ_are_both_named():
    text = CUSTODIAN.replace("Amount", "Amount (yuan)")
    [problem] = table(text, EXAMPLES[0].replace('"Amount"', '"Amount (yuan)"')).problems
    assert problem.code == "unit_conflict"
    assert "万元" in problem.expected.zh
    assert "10 thousand CNY" in problem.expected.en
    assert all(
        "Amount (yuan)" in f"{sentence} {problem.found}"
        for sentence in (problem.expected.zh, problem.expected.en)
    )


def test_the_second_and_third_example_read_a_table_of_positions():
    whole = (
        'name = "p"\nlayout = "positions"\n[columns]\nholder = "Plan"\nfund = "Fund"\n[units]\ncalled = "USD"\n'
        + EXAMPLES[2].replace("[[variants]]", "[[variants]]", 1)
        + EXAMPLES[1]
    )
    text = "Plan,Fund,called_2024,called_2025,Vintage,Style\nO,A,1,2,2019,Buyout\nO,B,3,4,2020,Macro\n"
    read = table(text, whole)
    assert read.problems == []
    rows = [row.stated() for row in read.rows]
    assert [(r["fund"], str(r["day"]), r["called"].fen) for r in rows] == [
        ("A", "2024-03-31", 100),
        ("A", "2025-03-31", 200),
        ("B", "2024-03-31", 300),
        ("B", "2025-03-31", 400),
    ]
    assert [(r["fund.vintage"], r["fund.strategy"].value, r["fund.currency"]) for r in rows[::2]] == [
        (2019, "merger", "USD"),
        (2020, "other", "USD"),
    ]


def test_a_mapping_file_may_be_in_either_encoding(tmp_path):
    text = EXAMPLES[0].replace("custodian's export, 2025", "托管行导出，2025")
    for encoding in ("utf-8", "gb18030"):
        path = tmp_path / f"{encoding}.toml"
        path.write_bytes(text.encode(encoding))
        assert mapping_from_file(path).source == "托管行导出，2025"


CELLS = dict(re.findall(r"^\| (\w+) \| (.*) \|$", TEXT, re.MULTILINE))
"""What a cell may hold, as the page's last table says."""
ONE_ROW = 'Fund id,Value date,Type,Amount,Bank,Voucher,Booking text\n{},{},Mgmt fee,"{}",B,V,x\n'


def codes(fund: str = "F", day: str = "2024-03-15", amount: str = "1") -> list[str]:
    """The problems of one row of the first example."""
    return [p.code for p in table(ONE_ROW.format(fund, day, amount), EXAMPLES[0]).problems]


def test_a_day_may_be_written_in_every_way_that_the_page_lists():
    listed = re.findall(r"`([^`]+)`", CELLS["days"])
    assert len(listed) == 5
    assert [codes(day=day) for day in listed] == [[]] * 5
    assert codes(day="15/3/2024") == ["not_a_date"]


def test_amounts_and_digits_are_what_the_page_says():
    assert [codes(amount=a) for a in ("1,234.50", "１２３")] == [[], []]
    assert [codes(amount=a) for a in ("(5)", "-5")] == [["negative"]] * 2, (
        "read as negative, which a fee is not"
    )
    assert codes(amount="5万元") == ["unit_in_cell"]
    assert [codes(amount=a) for a in ("²", "①", "Ⅱ", "٣")] == [["not_a_number"]] * 4


def test_codes_are_what_the_page_says():
    assert codes(fund="F" * 120) == []
    assert all(
        codes(fund=f)
        for f in ("F" * 121, "../F", "6.22E+18", "F​1", *re.findall(r"`([^`\"…]+)`", CELLS["codes"]))
    )
