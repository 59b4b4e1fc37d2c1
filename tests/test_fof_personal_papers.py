"""Planted names, numbers and relatives stand in no paper, workbook, document, export or log of a book that holds them."""

from __future__ import annotations

import io
import json
import logging
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from audited import OWN, RULE, SUBJECT
from second.institutions import AS_OF
from test_fof_personal import planted, sheet

from fof import intake, ledger
from fof.access import LOCAL
from fof.audit import unmasking
from fof.audit.casefile.case_document import case_document
from fof.audit.casefile.case_file import case_file
from fof.audit.casefile.case_paper import case_pdf
from fof.audit.casefile.evidence_files import open_file, store_file
from fof.audit.casefile.request_list import request_lines, request_workbook
from fof.audit.casefile.workpaper import workpaper, workpaper_pdf, workpaper_xlsx
from fof.cli import main
from fof.db import Database
from fof.errors import FofError
from models.kinds import PersonalField

CODES = sorted({row["person"] for row in OWN.rows["staff_stakes"]})
PEOPLE = [{**row, "person": code} for code, row in zip(CODES, planted(len(CODES)), strict=True)]
SECRETS = [str(row[f.value]) for row in PEOPLE for f in PersonalField]
ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
EVIDENCE = str(OWN.rows["evidence"][0]["code"])


def streams(pdf: bytes) -> Iterator[bytes]:
    """Every stream of a PDF, inflated where it was deflated."""
    for body in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.S):
        try:
            yield zlib.decompress(body)
        except zlib.error:
            yield body


def characters(cmap: bytes) -> dict[int, str]:
    """Glyph number → text, of a ToUnicode map."""
    made: dict[int, str] = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", cmap, re.S):
        for glyph, text in re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            made[int(glyph, 16)] = bytes.fromhex(text.decode()).decode("utf-16-be", "replace")
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", cmap, re.S):
        for first, last, text in re.findall(
            rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block
        ):
            start = int(text, 16)
            for step in range(int(last, 16) - int(first, 16) + 1):
                made[int(first, 16) + step] = chr(start + step)
    return made


def glyphs_of(content: bytes) -> bytes:
    """The glyph numbers that a page shows, two bytes each, in order."""
    glyphs = b""
    for hexed, literal in re.findall(rb"<([0-9A-Fa-f]+)>|\(((?:\\.|[^\\()])*)\)", content, re.S):
        if hexed:
            glyphs += bytes.fromhex(hexed.decode())
            continue
        glyphs += re.sub(
            rb"\\([0-7]{1,3}|.)",
            lambda m: bytes([int(m[1], 8)]) if m[1].isdigit() else ESCAPES.get(m[1], m[1]),
            literal,
            flags=re.S,
        )
    return glyphs


def text_of_pdf(pdf: bytes) -> str:
    """What a PDF shows, under each of its fonts, and all that stands in it as plain bytes."""
    every = list(streams(pdf))
    maps = [own for s in every if b"beginbf" in s and (own := characters(s))]
    texts = [pdf.decode("latin-1"), *(s.decode("utf-8", "replace") for s in every)]
    for content in every:
        if not re.search(rb"\bT[jJ]\b", content):
            continue
        glyphs = glyphs_of(content)
        numbers = [int.from_bytes(glyphs[i : i + 2], "big") for i in range(0, len(glyphs) - 1, 2)]
        texts += ["".join(own.get(n, "") for n in numbers) for own in maps]
    return "\n".join(texts)


def text_of(content: bytes) -> str:
    if content.startswith(b"%PDF"):
        return text_of_pdf(content)
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            return "\n".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
    return content.decode("utf-8", "replace")


def test_nothing_that_leaves_the_book_holds_a_planted_value(
    register_book: Database,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("FOF_PERSONAL_KEY_FILE", str(tmp_path / "keys" / "personal.key"))
    monkeypatch.setenv("FOF_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("FOF_DATABASE_URL", register_book.address)
    unmasking.set_up(register_book, LOCAL)
    intake.book(register_book, LOCAL, sheet(PEOPLE), "个人信息.xlsx")
    paper = "\n".join(SECRETS).encode()
    store_file(register_book, LOCAL, EVIDENCE, paper, f"{SECRETS[0]}.txt")
    assert open_file(register_book, LOCAL, EVIDENCE, "核对").content == paper
    opened = unmasking.unmask(register_book, LOCAL, CODES[0], [PersonalField.NAME], "核对")
    assert opened[0].value in SECRETS
    with pytest.raises(FofError) as wrong:
        unmasking.unmask(register_book, LOCAL, CODES[0], [PersonalField.NAME], f"查 {opened[0].value}")

    view = ledger.read(register_book).view(AS_OF)
    case = case_document(view, case_file(view, RULE, SUBJECT, history=False))
    folder = workpaper(view, "CT")
    made = {
        "case.pdf": case_pdf(case),
        "case.json": json.dumps(case.json("zh"), ensure_ascii=False).encode(),
        "workpaper.pdf": workpaper_pdf(folder),
        "workpaper.xlsx": workpaper_xlsx(folder),
        "requests.xlsx": request_workbook(request_lines(view, "CT")),
        "export.xlsx": intake.export_workbook(ledger.read(register_book).view()),
        "refusal": (wrong.value.text("zh") + repr(wrong.value.problems)).encode(),
    }
    for words in (
        ["audit", "person", CODES[0]],
        ["audit", "relations", CODES[0]],
        ["audit", "evidence", SUBJECT],
        ["journal", "list", "--json"],
        ["personal", "list"],
        ["verify"],
    ):
        assert main(words) == 0
    said = capfd.readouterr()
    made |= {"out": said.out.encode(), "err": said.err.encode(), "log": caplog.text.encode()}
    made |= {p.name: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file() and "copied" in p.name}
    for name, content in made.items():
        text = text_of(content)
        assert [s for s in SECRETS if s in text] == [], name
    # the search sees what is there: codes and subjects stand in every paper
    for name in ("case.pdf", "workpaper.pdf", "workpaper.xlsx", "export.xlsx", "out"):
        assert SUBJECT in text_of(made[name]), name
    assert "实测" in text_of(made["case.pdf"])
