"""A document as lines of text: a heading, its values, tables whose columns line up in Chinese too, reasons for dashes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from fof import words
from fof.cli.text_width import folded_text, width_of
from fof.figures.answers import Answer, Slot, in_language
from fof.words import _
from models.text import Text, counted, yes_or_no

if TYPE_CHECKING:
    from fof.cli.asked import Asked

Row = Mapping[str, Any]
GAP = "  "
NARROWEST = 10
"""A text column is folded, but not to less than this."""
NAMED_AT_MOST = 3
_LEFT = ("text", "day", "flag")


def lines(answer: Answer, asked: Asked, width: int | None, *, bold: bool = False) -> Iterator[str]:
    """The lines of a document. width: of the terminal; None: as wide as the rows need."""
    document = answer.document
    parts = [document.text.of(asked.language)]
    if answer.as_of is not None:
        parts.append(f"{_('截至', 'as of')} {answer.as_of.isoformat()}")
    parts.append(f"{_('已知至分录', 'known at entry')} {answer.known_at}")
    if any(f.figure.unit == "money" for f in (*document.slots, *document.head_slots)):
        parts.append(words.unit_name(str(asked.unit), answer.unit))
    yield _bold(str(Text("　".join(parts), "  ".join(parts))), bold)
    for f in document.head_slots:
        if not _is_nothing(answer.head.get(f.name)):
            yield f"{_title(f)}{_('：', ': ')}{_cell(f, answer.head, asked)}"
    for name, text in answer.above:
        yield f"{name}{_('：', ': ')}{text}"
    hidden: list[Slot] = []
    for part, rows in _sections(answer):
        if part is not None:
            yield ""
            yield _bold(f"{_section(answer, part, asked)}{_count(len(rows))}", bold)
        yield from _table(answer, rows, asked, width, bold, hidden)
    if not answer.rows and not answer.headings:
        yield _("（没有记录）", "(nothing)")
    if hidden:
        names = words.listed(dict.fromkeys(_title(f) for f in hidden))
        yield (
            str(
                Text(
                    f"（窗口较窄，未列出：{names}；--json 含全部列）",
                    f"(narrow window, left out: {names.replace('、', ', ')}; --json has every column)",
                )
            )
        )
    yield from _reasons(answer, asked)
    yield from (in_language(note, asked.language) for note in answer.notes)


def _bold(text: str, bold: bool) -> str:
    return f"\033[1m{text}\033[0m" if bold else text


def _count(number: int) -> str:
    return str(Text(f"（{number}）", f" ({number})"))


def _title(f: Slot) -> str:
    return str(f.figure.text)


def _is_nothing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and value != value)


def _sections(answer: Answer) -> list[tuple[str | None, list[Row]]]:
    """(name, rows) of each section in order; one without a name where the table is not cut."""
    by = answer.document.section
    sections: dict[str | None, list[Row]] = {name: [] for name in answer.headings}
    for row in answer.rows:
        sections.setdefault(str(row.get(by)) if by else None, []).append(row)
    return list(sections.items())


def _section(answer: Answer, name: str, asked: Asked) -> str:
    f = answer.document.slot(answer.document.section)
    return answer.headings.get(name) or _cell(f, {f.name: name}, asked)


# -- one table ----------------------------------------------------------------------------------------------------


def _table(
    answer: Answer, rows: Sequence[Row], asked: Asked, width: int | None, bold: bool, hidden: list[Slot]
) -> Iterator[str]:
    every = [
        {**r, "currency": answer.currency_of(r)}
        for row in rows
        for r in (row, row.get("under"))
        if r is not None
    ]
    columns = answer.document.slots if answer.unit is not None else answer.document.columns
    visible = [f for f in columns if f.listed and f.name != answer.document.section and _filled(every, f)]
    cells = {f.name: [_cell(f, row, asked) for row in every] for f in visible}
    wide = {f.name: max(map(width_of, [_title(f), *cells[f.name]])) for f in visible}
    if width is not None:
        while _total(wide) > width and (spare := max(visible, key=lambda f: f.spare)).spare:
            visible.remove(spare)
            del wide[spare.name]
            hidden.append(spare)
        _narrow(
            wide,
            [f for f in visible if f.figure.kind == "text" and not f.figure.words and f.name != "key"],
            width,
        )
    if visible and every:
        for line in _row([_title(f) for f in visible], visible, wide):
            yield _bold(line, bold)
    for n in range(len(every)):
        yield from _row([cells[f.name][n] for f in visible], visible, wide)


def _filled(rows: Sequence[Row], f: Slot) -> bool:
    """Whether any row says anything in the column, or why it does not."""
    for row in rows:
        texts = row.get("texts") or {}
        text = texts.get(f.name)
        filled = not _is_nothing(row.get(f.name)) if text is None else text != ""
        if filled or f.name in (row.get("reasons") or ()):
            return True
    return False


def _total(wide: Mapping[str, int]) -> int:
    return sum(wide.values()) + len(GAP) * (len(wide) - 1)


def _narrow(wide: dict[str, int], texts: Sequence[Slot], width: int) -> None:
    """Take from the widest text column until the table fits or no column can give."""
    while _total(wide) > width:
        widest = max(texts, key=lambda f: wide[f.name], default=None)
        if widest is None or wide[widest.name] <= NARROWEST:
            return
        wide[widest.name] -= 1


def _row(cells: Sequence[str], visible: Sequence[Slot], wide: Mapping[str, int]) -> Iterator[str]:
    folded = [folded_text(cell, wide[f.name]) for cell, f in zip(cells, visible, strict=True)]
    for n in range(max(map(len, folded), default=0)):
        parts = [
            _pad(part[n] if n < len(part) else "", wide[f.name], left=f.figure.kind in _LEFT)
            for part, f in zip(folded, visible, strict=True)
        ]
        yield GAP.join(parts).rstrip()


def _pad(text: str, width: int, *, left: bool) -> str:
    space = " " * (width - width_of(text))
    return text + space if left else space + text


# -- cells and reasons --------------------------------------------------------------------------------------------


def _cell(f: Slot, row: Row, asked: Asked) -> str:
    texts = row.get("texts") or {}
    if texts.get(f.name) is not None:
        return in_language(texts[f.name], asked.language)
    value = row.get(f.name)
    if isinstance(value, str) and (word := f.figure.word(value)) is not None:
        return word.of(asked.language)
    return _text(f, value, asked)


def _text(f: Slot, value: Any, asked: Asked) -> str:
    if _is_nothing(value):
        return words.DASH
    match f.figure.kind:
        case "money":
            return words.amount(value, str(asked.unit))
        case "percent":
            return words.percent(value)
        case "multiple":
            return words.multiple(value)
        case "day":
            return words.day(value)
        case "number" if f.figure.unit == "price":
            return words.price(value)
        case "number":
            return number(float(value))
        case "flag":
            return yes_or_no(value).of(asked.language)
        case _:
            return " ".join(in_language(value, asked.language).split())


def number(value: float) -> str:
    """At most four decimals and no trailing noughts; what would round to nought keeps its digits."""
    if value and abs(value) < 0.00005:
        return f"{value:.2g}"
    text = f"{value:,.4f}"
    return text.rstrip("0").rstrip(".")


def _reasons(answer: Answer, asked: Asked) -> list[str]:
    """Why figures of the table are missing: each reason once, with its columns and its rows."""
    places: dict[str, tuple[dict[str, None], dict[str, None]]] = {}
    for row in answer.rows:
        for f in answer.document.slots:
            reason = (row.get("reasons") or {}).get(f.name)
            if reason is None or not f.listed or not _is_nothing(row.get(f.name)):
                continue
            columns, rows = places.setdefault(reason.text.of(asked.language), ({}, {}))
            columns[_title(f)] = None
            rows[str(row.get("key") or row.get("label") or row.get("fund") or "")] = None
    joint, colon = Text("、", ", ").of(asked.language), Text("：", ": ").of(asked.language)
    return [
        f"{words.DASH} {joint.join(columns)}{colon}{text}{_named(list(rows))}"
        for text, (columns, rows) in places.items()
    ]


def _named(rows: Sequence[str]) -> str:
    """Which rows: by name where they are few, else how many."""
    if len(rows) > NAMED_AT_MOST:
        return str(Text(f"（{len(rows)} 行）", f" ({counted(len(rows), 'row')})"))
    named = [r for r in rows if r]
    if not named:
        return ""
    return str(Text(f"（{'、'.join(named)}）", f" ({', '.join(named)})"))
