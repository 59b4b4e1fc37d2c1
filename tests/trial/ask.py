"""Run in a copy of the program to which the trial instrument was added: from a file to page, command, export, explanation."""

from __future__ import annotations

import io
import json
import os
import sys
from contextlib import redirect_stdout
from pathlib import Path

import openpyxl

import fof
from fof.cli import main
from fof.instruments import missing_places

copy, work = Path(sys.argv[1]), Path(sys.argv[2])
assert Path(fof.__file__).is_relative_to(copy), fof.__file__
assert missing_places() == []
DAY = "2024-12-31"


def answer(*words: str) -> dict:
    out = io.StringIO()
    with redirect_stdout(out):
        assert main([*words, "--as-of", DAY, "--json"]) == 0, words
    return json.loads(out.getvalue())


def done(*words: str) -> None:
    with redirect_stdout(io.StringIO()):
        assert main(list(words)) == 0, words


held = answer("commitments", "--look-through", "--portfolio", "PF")["rows"]
over, within, *_ = [r["key"] for r in held if r["kind"] == "company" and float(r["value"] or 0)]

done("template", "vouchers", "-o", str(work / "template.xlsx"))
assert openpyxl.load_workbook(work / "template.xlsx").sheetnames[0] == "创新券"
(work / "vouchers.csv").write_text(
    "企业编号,生效日,创新券累计发放（元）,创新券累计兑付（元）,依据文件\n"
    f"{over},2024-03-31,200000,250000,名单一\n{within},2024-03-31,400000,100000,名单一\n",
    encoding="utf-8",
)
done("import", str(work / "vouchers.csv"), "--layout", "vouchers")
done("import", str(work / "vouchers.csv"), "--layout", "vouchers")  # it says so, and books nothing twice

rows = {row["key"]: row for row in answer("vouchers")["rows"]}
assert set(rows) == {over, within}
assert rows[over]["voucher_redeemed"] == "250000.00"
assert rows[over]["voucher_use"] == 1.25
assert rows[within]["voucher_use"] == 0.25

findings = {
    r["subject"]: r for r in answer("audit", "guidance", "--family", "TV", "--verdict", "all")["rows"]
}
assert findings[over]["verdict"] == "breach"
assert findings[over]["money_at_stake"] == "50000.00"
assert findings[within]["verdict"] == "pass"
assert {r["verdict"] for k, r in findings.items() if k not in rows} == {"not_applicable"}

opened = answer("explain", "voucher_use", "--of", over)
assert opened["value"] == 1.25
assert opened["formula"] == "创新券使用率 = 累计兑付 ÷ 累计发放"
assert [(r["amount"], r["document"]) for r in opened["rows"]] == [
    ("250000.00", "名单一"),
    ("200000.00", "名单一"),
]
assert opened["rows"][0]["source"].startswith("vouchers.csv")

done("export", "-o", str(work / "book.xlsx"))
sheet = openpyxl.load_workbook(work / "book.xlsx", read_only=True)["创新券"]
assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == sorted((over, within))

from streamlit.testing.v1 import AppTest  # noqa: E402 - the last of the faces, and the slowest

page = AppTest.from_file(str(copy / "app.py"), default_timeout=300)
page.query_params["as_of"] = DAY
page.run()
page.switch_page("fof/ui/pages/vouchers.py").run()
assert not page.exception, page.exception
assert [t.value for t in page.title] == ["创新券"]
text = " ".join(str(e.value) for e in page.markdown) + " ".join(str(e.value) for e in page.text)
assert "累计兑付 ÷ 累计发放" in text, text
print("done", flush=True)
os._exit(0)  # kernels of the copy are still being compiled beside the page; nothing waits for them
