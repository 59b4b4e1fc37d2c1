"""Under --lang en nothing of ours is said in Chinese: every refusal, warning and note of an import."""

from __future__ import annotations

import re

import pytest

from fof.cli import main
from fof.importers.columns import CellType
from fof.importers.layouts import LAYOUTS

HAN = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff01-\uff5e]")
OFFICE = {
    "parties": "code,kind,name,since\nG,government,Treasury,2010-01-01\nL,social_investor,Investor,2010-01-01\nB,bank,Bank,2010-01-01\n",
    "funds": "code,kind,name,since\nF,sub_fund,Fund,2010-01-01\n",
    "companies": "code,name,since\nC,Company,2010-01-01\n",
    "commitments": "fund,investor,day,change,amount (yuan)\nF,G,2020-01-01,new,1000000\n",
    "capital_calls": "fund,number,notice day,due day,investor,investment (yuan)\nF,N1,2024-01-05,2024-01-20,G,100000\n",
}
CALLS = "fund,number,notice day,due day,investor,investment (yuan),document\n"
SUBJECTS = "group,entry kind,day,kind,code,second code,attribute,role,value\n"
CASH = "fund,day,kind,counterparty,amount (yuan),reference\n"
PAID = "fund,number,investor,paid day,amount (yuan)\n"
WORDS = "code,kind,name,since\n"
BAD = {
    "capital_calls": [
        CALLS + "F,N2,2024-02-05,2024-01-20,G,5,",
        CALLS + "F,N2,2024-02-05,2024-02-20,F,5,",
        CALLS + "X,N2,2024-02-05,2024-02-20,G,5,",
        CALLS + "Fund,N2,2024-02-05,2024-02-20,Treasury,5,",
        CALLS + "F,N2,2024-02-05,2024-02-20,G,0,",
        CALLS + "F,N2,2024-02-05,2024-02-20,G,5,\nF,N2,2024-02-06,2024-02-20,G,5,",
        CALLS + "F,N2,2024-02-05,2024-02-20,G,90000000,",
        CALLS + "F,N1,2024-01-05,2024-01-20,G,7,",
        CALLS + "F,6.2E+18,2024-02-05,2024-02-20,G,5,#N/A",
        CALLS + "F,N2,2024-02-05,2024-02-20,G,-5,",
        CALLS + "F,N2,2024-02,2024-02-20 10:00,G,0.001,",
        CALLS + "F,N2,2099-02-05,2099-02-20,G,5,",
        CALLS + "F,Total,2024-02-05,2024-02-20,G,5,",
        CALLS + "Total,,,,,5,",
        "fund,number\nF,1",
        CALLS.replace(" (yuan)", "") + "F,N2,2024-02-05,2024-02-20,G,5,",
        CALLS.replace("document", "documnt") + "F,N2,2024-02-05,2024-02-20,G,5,",
        "in USD thousands,,,,,,\n" + CALLS + "F,N2,2024-02-05,2024-02-20,G,5,",
        CALLS + 'F,"N\n2",2024-02-05,2024-02-20,G,5,',
        CALLS + "F,../x,2024-02-05,2024-02-20,G,5 yuan,",
        CALLS + "F,N²,2024-02-05,2024-02-20,G,5,",
        CALLS.replace("\n", ",unit\n") + "F,N2,2024-02-05,2024-02-20,G,5,,USD",
        CALLS + "F,N2,2024-02-05,2024-02-20,G,5",
        "",
    ],
    "payments": [
        PAID + "F,N9,G,2024-01-10,5",
        PAID + "F,N1,G,2024-01-10,500000",
        PAID + "F,N1,G,2024-01-10,0",
        "fund,number,investor,paid day,amount (yuan),investment (yuan)\nF,N1,G,2024-01-10,5,6",
        PAID + "F,N1,L,2024-01-10,5",
        PAID + "F,,G,2024-01-10,5",
    ],
    "fund_cash": [
        CASH + "F,2024-01-10,nonsense,B,5,",
        CASH + "F,2024-01-10,management_fee,F,5,",
        CASH + "B,2024-01-10,management_fee,B,5,",
        CASH + "F,2024-01-10,management_fee,B,0,X",
    ],
    "commitments": [
        OFFICE["commitments"].replace("new", "transfer"),
        OFFICE["commitments"].replace("F,G", "F,L") + "F,L,2020-01-01,reduction,900000000",
        OFFICE["commitments"].replace("yuan", "USD") + "F,L,2020-01-01,new,5",
    ],
    "funds": [
        WORDS + "G,sub_fund,Fund,2010-01-01",
        WORDS + "F9,sub_fund,,2010-01-01",
        WORDS + "F,sub_fund,Fund,2010-01-01\nF,sub_fund,Fund 2,2010-01-01",
        WORDS.replace("since", "since,currency") + "F9,sub_fund,Fund 9,2010-01-01,XXX",
    ],
    "subjects": [
        SUBJECTS + "A1,pool,2024-01-01,loan,L1,,nonsense,,Loan",
        SUBJECTS + "A1,pool,2024-01-01,nonsense,L1,,title,,Loan",
        SUBJECTS + "A1,pool,2024-01-01,loan,L1,,,borrower,X",
        SUBJECTS + ",pool,2099-01-01,loan,L1,,title,,Loan",
    ],
    "deals": [
        "fund,company,day,kind,amount (yuan),share (%)\nF,C,2024-01-01,initial,0,120",
        "fund,company,day,kind,amount (yuan),buyer\nF,G,2024-01-01,initial,5,L",
        "fund,company,day,kind,amount (yuan),share (%)\nF,C,2024-01-01,initial,5,12.34567891234",
    ],
    "valuations": [
        "fund,day,amount (yuan),method,investor,company\nF,2024-01-01,5,reported_nav,G,C",
        "fund,day,amount (yuan),method\nF,2024-01-01,5,reported_nav\nF,2024-01-01,6,reported_nav\nF,2024-01-01,6,reported_nav",
    ],
    "distributions": [
        "fund,number,paid day,investor,return of capital (yuan)\nF,D,2024-01-01,G,0\nF,E,2024-01-01,F,5\nF,H,2024-01-01,G,5\nF,H,2024-01-02,G,5"
    ],
    "attributes": [
        "subject,attribute,since,value\nF,nonsense,2024-01-01,5\nF,carry rate,2024-01-01,x\nQ,carry rate,2024-01-01,20%\nF,target size,2024-01-01,5"
    ],
    "edges": [
        "owner,owned,since,share (%),basis,until\nG,G,2024-01-01,5,equity,\nG,L,2024-01-01,5,equity,2023-01-01\nG,L,2024-02-01,0.3,equity,"
    ],
    "positions": ["holder,fund,day,called (yuan),stated multiple\nG,F,2024-01-01,5,1.5"],
    "company_years": ["company,year,staff\nC,2099,5\nC,2020,5\nC,2020,6\nF,2020,5"],
    "coverage_targets": [
        "stage,city,since,target,unit,document\nseed,,2026-01-01,0,yuan,P\nseed,,2026-01-01,5,yuan,P\n,,2026-01-01,5,USD,P",
        "stage,city,since,target,unit,document\nold,nowhere,2026-01-01,5,yuan,",
    ],
    "strategic_industries": [
        "group,industries,partly,since,document\nbiotech,C27,,2026-01-01,P\nbiotech,C26,,2026-01-01,P\n"
        "new_it,I65,I65,2026-01-01,P\nenvironment,,,2026-01-01,P",
        "group,industries,partly,since,document\nmoon,ZZ,1,2026-01-01,",
    ],
}
OF_OTHERS = (
    "coinvest_deals",
    "personal_data",
    "reference_rates",
    "pool_statements",
    "borrower_certificates",
    "guarantors",
    "holiday_notices",
    "incubators",
    "subsidy_terms",
    "company_statistics",
)
"""Sheets that say something of subjects which others register."""
BAD |= {
    layout.name: [
        ",".join(c.text.en for c in layout.columns if c.required)
        + "\n"
        + ",".join("2024-01-01" if c.cell is CellType.DATE else "X" for c in layout.columns if c.required)
    ]
    for layout in LAYOUTS.values()
    if layout.registers is not None or layout.name in OF_OTHERS
}
GOOD = {
    "distributions": "fund,number,paid day,investor,return of capital (yuan)\nF,D,2024-03-01,G,5\n",
    "fund_cash": CASH + "F,2024-01-10,management_fee,B,9000000,\nF,2024-01-10,management_fee,B,9000000,\n",
    "edges": "owner,owned,since,share (%),basis\nG,L,2024-01-01,0.3,equity\n",
    "payments": PAID + "F,N1,G,2024-01-10,50000\n",
}


@pytest.fixture
def office(monkeypatch, tmp_path, capsys):
    """A book with a small office in it; gives a function that imports a text in English and says what was said."""
    monkeypatch.setenv("FOF_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("FOF_DATABASE_URL", f"sqlite:///{tmp_path / 'book.sqlite'}")
    assert main(["init"]) == 0

    def send(layout: str, text: str, *more: str) -> tuple[int, str]:
        path = tmp_path / f"{layout}.csv"
        path.write_text(text, encoding="utf-8")
        capsys.readouterr()
        code = main(["import", str(path), "--layout", layout, "--lang", "en", *more])
        out, err = capsys.readouterr()
        return code, out + err

    for layout, text in OFFICE.items():
        assert send(layout, text)[0] == 0
    return send


def test_every_refusal_is_in_english(office):
    codes: set[str] = set()
    for layout, texts in BAD.items():
        for text in texts:
            for more in ((), ("--json",)):
                code, said = office(layout, text, *more)
                assert code == 2, (layout, text, said)
                assert HAN.search(said) is None, (layout, text, said)
                codes |= set(re.findall(r'"code": "(\w+)"', said))
    assert len(codes) > 45, sorted(codes)


def test_warnings_and_rows_that_are_skipped_are_in_english(office):
    for layout, text in GOOD.items():
        for _ in range(2):
            code, said = office(layout, text)
            assert code == 0, said
            assert HAN.search(said) is None, said
        assert "already" in said


def test_what_is_refused_as_a_whole_is_in_english(office, monkeypatch, tmp_path, capsys):
    for name, data in (
        ("a.xlsx", b"PK\x03\x04nothing"),
        ("b.xlsx", b"no workbook"),
        ("c.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600),
        ("d.csv", b"\xff\xfea\0"),
        ("e.csv", "a,b\n1,\u4e2d".encode()[:-1] + b"\n"),
        ("f.csv", b'a,b\n"1,2\n'),
        ("g.csv", b"a;b;c\n1;2;3\n"),
        ("h.csv", b"x,y\n1,2\n"),
    ):
        path = tmp_path / name
        path.write_bytes(data)
        capsys.readouterr()
        assert main(["import", str(path), "--lang=en"]) == 2
        out, err = capsys.readouterr()
        assert HAN.search(out + err) is None, (name, out, err)
    for mapping in ('name = "m"\n', 'name = "m"\nlayout = "funds"\n[columns]\ncde = "x"\n', "[[["):
        (tmp_path / "m.toml").write_text(mapping, encoding="utf-8")
        for more in ((), ("--json",)):
            capsys.readouterr()
            assert (
                main(
                    [
                        "import",
                        str(tmp_path / "h.csv"),
                        "--mapping",
                        str(tmp_path / "m.toml"),
                        "--lang",
                        "en",
                        *more,
                    ]
                )
                == 2
            )
            out, err = capsys.readouterr()
            assert HAN.search(out + err) is None, (mapping, out, err)
            assert "bad_mapping" in out or "well-formed" in out


def test_the_layouts_above_are_all_there_are():
    assert set(BAD) | set(OFFICE) >= set(LAYOUTS) - {
        "settings",
        "dispositions",
        "movements",
        "closes",
        "reports",
    }
