"""A case file as a paper (PDF): the same file in the same language gives the same bytes."""

from __future__ import annotations

import json
from importlib.resources import as_file, files
from typing import Any

from fof import words
from fof.figures.answers import Answer, Slot, in_language
from fof.figures.register import members
from models.text import Text

_SIGNED = (Text("经办人", "Made by"), Text("复核人", "Reviewed by"), Text("日期", "Date"))


def case_pdf(answer: Answer) -> bytes:
    """The paper of a document whose rows stand in parts (case_document, the workpaper)."""
    data = {
        "title": str(answer.document.text),
        "foot": words.clauses(
            [
                words.labelled(Text("截至", "As of"), answer.as_of),
                words.labelled(Text("已知至分录", "Known at entry"), answer.known_at),
            ]
        ),
        "page": [str(Text("第", "page")), str(Text("页，共", "of")), str(Text("页", ""))],
        "head": [[label, value] for label, value in _head(answer)],
        "parts": _parts(answer),
        "signed": [str(name) for name in _SIGNED],
    }
    return compiled("case_file.typ", data)


def compiled(source_name: str, data: dict[str, Any]) -> bytes:
    """A typst source of this folder with its data, set in the packaged font."""
    import manimgx_fonts_cjk
    import typst

    with (
        as_file(files("fof.audit.casefile") / source_name) as source,
        as_file(files(manimgx_fonts_cjk.__name__)) as fonts,
    ):
        made = typst.compile(
            str(source),
            font_paths=[str(fonts)],
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        )
    return bytes(made)


def _head(answer: Answer) -> list[tuple[str, str]]:
    texts = answer.head.get("texts") or {}
    rows = []
    for slot in answer.document.head_slots:
        value = texts.get(slot.name, answer.head.get(slot.name))
        if value is None:
            continue
        rows.append((_title(answer, slot), _cell(slot.figure.kind, value)))
    return rows


def _title(answer: Answer, slot: Slot) -> str:
    """The heading of a column, of amounts with their unit."""
    name = str(slot.figure.text)
    return name if slot.figure.kind != "money" else words.beside(name, words.unit_name("元", answer.currency))


def _cell(kind: str, value: Any) -> str:
    if value is None:
        return ""
    if kind == "money" and isinstance(value, int):
        return words.amount(value, "元")
    return in_language(value, words.language())


def _parts(answer: Answer) -> list[dict[str, Any]]:
    """The parts in their order: heading, names of the columns that hold anything, rows of texts."""
    section = answer.document.slot(answer.document.section)
    parts = []
    for code, heading in members(section.figure.words).items():
        rows = [row for row in answer.rows if row.get(section.name) == code]
        slots = [
            s
            for s in answer.document.slots
            if s.name != section.name and any(row.get(s.name) not in (None, "") for row in rows)
        ]
        if not rows:
            continue
        cells = []
        for row in rows:
            texts = row.get("texts") or {}
            line = []
            for slot in slots:
                value = texts.get(slot.name, row.get(slot.name))
                word = None if slot.name in texts else slot.figure.word(value)
                line.append(str(word) if word is not None else _cell(slot.figure.kind, value))
            cells.append(line)
        parts.append(
            {
                "heading": str(heading),
                "columns": [_title(answer, s) for s in slots],
                "right": [s.figure.kind in ("money", "int") for s in slots],
                "rows": cells,
            }
        )
    return parts
