"""Column mappings: how a foreign table is read as one of our layouts. Drawn up once, kept, used again.

A mapping is data: it is stored in the journal as JSON, and shipped ones lie under seeds/mappings as TOML.
"""

from __future__ import annotations

import difflib
import json
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Mapping as Dict
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from fof.errors import Problem, Refused, Where
from fof.importers.columns import CellType, Column, Layout, fact, names_of
from fof.importers.csvfile import decoded
from fof.importers.layouts import LAYOUTS
from fof.importers.units import plain, unit_of
from models.facts import FACTS
from models.kinds import PartyKind
from models.text import NO_TEXT, Text

OTHER = "*"
"""Key of a column's words that stands for every text which is neither listed nor one of ours."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Variant(_Part):
    """One reading of each row of the file; several make several rows of ours out of one of theirs."""

    columns: dict[str, str] = {}
    """Our column → header of the file."""
    constants: dict[str, str] = {}
    """Our column → the text every row gets, as an office would type it."""


class Creation(_Part):
    """Parties that the column may name although they are not registered yet, and what is known of them."""

    kind: str
    code_prefix: str = ""
    facts: dict[str, str] = {}
    """Attribute → header of the file; of several rows the first that states it counts."""
    constants: dict[str, str] = {}
    """Attribute → text."""


class SheetMapping(_Part):
    """How one foreign table is read as one of our layouts. docs/mappings.md shows every key.

    sheet     title of the sheet it reads; "" for every sheet of the file
    units     column → unit of its amounts, where header and cells do not state it
    shares    column → whether its bare numbers are per cent or fractions
    places    column → decimals to which the source is meant, in its own unit; what is rounded is told
    words     column → text of the file → our word; "" for a text that states nothing, "*" for every other text
    skip      header → texts: rows that are left out (they are counted and told); "" for a blank cell
    ignore    headers that are deliberately not read; any other header that is not mapped is refused
    create    column → parties to be registered when the file names an unknown one
    """

    sheet: str = ""
    layout: str = ""
    columns: dict[str, str] = {}
    constants: dict[str, str] = {}
    units: dict[str, str] = {}
    shares: dict[str, Literal["percent", "fraction"]] = {}
    places: dict[str, Annotated[int, Field(ge=0, le=12, strict=True)]] = {}
    words: dict[str, dict[str, str]] = {}
    skip: dict[str, list[str]] = {}
    ignore: list[str] = []
    create: dict[str, Creation] = {}
    variants: list[Variant] = []

    @property
    def readings(self) -> list[Variant]:
        """The variants with what is common to all of them filled in; one where none is stated."""
        return [
            Variant(columns={**self.columns, **v.columns}, constants={**self.constants, **v.constants})
            for v in self.variants or [Variant()]
        ]

    def translated(self, column: str, text: str) -> str | None:
        """The word the mapping puts for a text of the file; None where it states nothing."""
        words = self.words.get(column)
        if words is None:
            return text
        word = _folded(words).get(plain(text).casefold(), text)
        return word or None

    def other(self, column: Column) -> str | None:
        """The word for every text of a column that is neither listed nor one of ours; None where there is none."""
        return self.words.get(column.name, {}).get(OTHER)


class Mapping(SheetMapping):
    """A foreign file: one table, or several sheets each with a reading of its own.

    sheets         one reading for each sheet; what stands outside them is not used then
    ignore_sheets  titles of sheets that are deliberately not read; any other sheet that is not mapped is refused
    source         where the foreign layout comes from, for the person who chooses a mapping
    """

    name: str = Field(min_length=1, max_length=80)
    source: str = ""
    sheets: list[SheetMapping] = []
    ignore_sheets: list[str] = []

    @property
    def parts(self) -> list[SheetMapping]:
        """The readings: of each sheet, or the one that stands for every sheet."""
        return self.sheets or [self]

    def of_sheet(self, title: str) -> Mapping | None:
        """The mapping of one sheet under its title (case ignored); None where the file's mapping does not mention it."""
        for part in self.parts:
            if (
                title == ""
                or part.sheet in ("", title)
                or part.sheet.strip().casefold() == title.strip().casefold()
            ):
                own = {name: getattr(part, name) for name in SheetMapping.model_fields}
                return self.model_copy(update={**own, "sheets": [], "ignore_sheets": []})
        return None

    def ignores(self, title: str) -> bool:
        """Whether the sheet is one that is deliberately not read."""
        return title.strip().casefold() in (t.strip().casefold() for t in self.ignore_sheets)

    def as_json(self) -> str:
        """The form kept in the journal."""
        return json.dumps(self.model_dump(exclude_defaults=True), ensure_ascii=False, sort_keys=True)


def _folded(words: Dict[str, str]) -> dict[str, str]:
    return {plain(k).casefold(): v for k, v in words.items()}


def mapping_from_json(text: str) -> Mapping:
    """A mapping as the journal keeps it, which was checked when it was saved: whatever is asked of new ones, it stays readable."""
    return Mapping.model_validate_json(text)


def mapping_from_toml(text: str, name: str = "mapping") -> Mapping:
    """A mapping from the text of a TOML file. Refused names every key that is wrong, and the keys there are."""
    try:
        return validated(tomllib.loads(text), name)
    except tomllib.TOMLDecodeError as error:
        problem = Problem("bad_mapping", Text("应为合规的 TOML", "well-formed TOML"), str(error), Where(name))
        raise Refused([problem], name) from None


def mapping_from_file(path: Path) -> Mapping:
    """A mapping from a TOML file in any encoding that a csv may have. Refused as mapping_from_toml, or for its bytes."""
    return mapping_from_toml(decoded(path.read_bytes(), path.name), path.name)


def validated(data: object, name: str) -> Mapping:
    """A mapping from its parsed form. Refused names every key that is wrong, why, and the keys there are."""
    try:
        mapping = Mapping.model_validate(data)
    except ValidationError as error:
        problems = [
            _problem(name, e["loc"], _mistake_text(e["type"], e["msg"], e["loc"]), e.get("input"))
            for e in error.errors(include_url=False)
        ]
        raise Refused(problems, name) from None
    if problems := [_problem(name, *one) for one in _mistakes(mapping)]:
        raise Refused(problems, name)
    return mapping


_At = Sequence[str | int]
_Mistake = tuple[_At, Text, object]
"""Where in the mapping, what is expected, what was found."""


def _problem(name: str, at: _At, text: Text, found: object) -> Problem:
    excerpt = None if found is None or isinstance(found, dict | list) else str(found)[:60]
    return Problem("bad_mapping", text, excerpt, Where(name, None, None, ".".join(map(str, at)) or None))


def _mistake_text(kind: str, message: str, at: _At) -> Text:
    """What the checker of types found, and which keys there are at that place."""
    if kind == "extra_forbidden":
        keys = ", ".join(_keys_at(at))
        return Text(f"列映射没有这个键；可用的键：{keys}", f"no such key in a mapping; the keys are {keys}")
    if kind == "missing":
        return Text("列映射缺少这个键", "this key is missing")
    if kind == "literal_error":
        return Text("应为 percent 或 fraction", "percent or fraction")
    expected = next(
        (text for name, text in _EXPECTED.items() if kind.startswith(name)), Text(message, message)
    )
    return Text(f"列映射的值不对：{expected.zh}", f"a value that fits: {expected.en}")


_EXPECTED = {
    "int": Text("应为整数", "a whole number"),
    "greater_than": Text("不得为负", "zero or more"),
    "less_than": Text("应为不超过 12 的整数", "a whole number up to 12"),
    "string_too": Text("应为 1 至 80 个字", "1 to 80 characters"),
    "string": Text("应为带引号的文字", "text in quotation marks"),
    "dict": Text("应为一组“键 = 值”", "a table of key = value"),
    "model": Text("应为一组“键 = 值”", "a table of key = value"),
    "list": Text("应为方括号内的列表", "a list in square brackets"),
}
"""What the checker of types expects, by the beginning of its name for the mistake."""


def _keys_at(at: _At) -> list[str]:
    """The keys of the part of a mapping that a place lies in."""
    names = [part for part in at[:-1] if isinstance(part, str)]
    part: type[BaseModel] = Mapping
    if "variants" in names:
        part = Variant
    elif "create" in names:
        part = Creation
    elif names[:1] == ["sheets"]:
        part = SheetMapping
    return list(part.model_fields)


def _mistakes(mapping: Mapping) -> Iterator[_Mistake]:
    """Layouts, columns, units, words and attributes that there are not."""
    for place, part in enumerate(mapping.parts):
        at: tuple[str | int, ...] = ("sheets", place) if mapping.sheets else ()
        layout = LAYOUTS.get(part.layout)
        if layout is None:
            listed = ", ".join(LAYOUTS)
            yield (
                (*at, "layout"),
                Text(f"应为版式之一：{listed}", f"one of the layouts: {listed}"),
                part.layout,
            )
            continue
        if mapping.sheets and not part.sheet:
            yield (*at, "sheet"), Text("应为工作表名", "the title of a sheet"), part.sheet
        yield from _wrong_columns(part, layout, at)
        yield from _wrong_creations(part, at)


_FOR = (
    ("units", {CellType.AMOUNT}, Text("只用于金额列", "for columns of amounts")),
    ("shares", {CellType.SHARE}, Text("只用于比例列", "for columns of shares")),
    (
        "places",
        {CellType.AMOUNT, CellType.SHARE, CellType.NUMBER},
        Text("只用于金额、比例与数字列", "for columns of amounts, shares and numbers"),
    ),
)
"""Keys of a mapping that are for some columns alone."""


def _wrong_columns(part: SheetMapping, layout: Layout, at: tuple[str | int, ...]) -> Iterator[_Mistake]:
    known = {c.name: c for c in layout.columns}
    listed = ", ".join(known)
    named: list[tuple[tuple[str | int, ...], Iterable[str]]] = [
        ((*at, key), getattr(part, key))
        for key in ("columns", "constants", "units", "shares", "places", "create")
    ]
    for number, variant in enumerate(part.variants):
        named += [((*at, "variants", number, "columns"), variant.columns)]
        named += [((*at, "variants", number, "constants"), variant.constants)]
    for where, names in named:
        for name in names:
            if name not in known:
                near = ", ".join(difflib.get_close_matches(name, known, 3, 0.4))
                hint = Text(f"，是否为 {near}", f", perhaps {near}") if near else NO_TEXT
                expected = Text(
                    f"“{layout.text.zh}”没有这一列{hint.zh}；可用的列：{listed}",
                    f"{layout.name} has no such column{hint.en}; its columns are {listed}",
                )
                yield (*where, name), expected, name
    for key, cells, what in _FOR:
        for name in getattr(part, key):
            if name in known and known[name].cell not in cells:
                yield (*at, key, name), what, known[name].text.zh
    for reading in part.readings:
        for name in reading.columns.keys() & reading.constants.keys():
            both = Text(
                "同一列不得既读取又给定固定值", "a column read from the file, or a constant, not both"
            )
            yield (*at, "constants", name), both, reading.constants[name]
    for name, unit in part.units.items():
        if unit_of(unit) is None:
            yield (
                (*at, "units", name),
                Text("应为单位，如 元、万元、USD million", "a unit such as yuan or USD million"),
                unit,
            )
    for name, texts in part.words.items():
        column = known.get(name) or _created(part, name)
        if column is None:
            expected = Text(
                "words 的键应为列名，或“列名.属性”",
                "words are given for a column, or for column.attribute of parties created",
            )
            yield (*at, "words", name), expected, name
            continue
        closed = column.cell in (CellType.WORD, CellType.WORDS)
        if OTHER in texts and not closed:
            yield (
                (*at, "words", name, OTHER),
                Text("“*”只用于选项列", "'*' is for columns with a list of words"),
                None,
            )
        for text, word in texts.items():
            if (
                closed
                and word
                and (column.words is None or column.words.read(plain(word)) not in column.allowed)
            ):
                words = ", ".join(w.value for w in column.allowed)
                yield (*at, "words", name, text), Text(f"应为：{words}", f"one of: {words}"), word


def _wrong_creations(part: SheetMapping, at: tuple[str | int, ...]) -> Iterator[_Mistake]:
    for name, creation in part.create.items():
        if PartyKind.read(creation.kind) is None:
            kinds = ", ".join(k.value for k in PartyKind)
            yield (
                (*at, "create", name, "kind"),
                Text(f"应为主体类别：{kinds}", f"a kind of party: {kinds}"),
                creation.kind,
            )
        for key in ("facts", "constants"):
            for attribute in getattr(creation, key):
                if attribute not in FACTS or FACTS[attribute].of != "party":
                    near = difflib.get_close_matches(attribute, FACTS, 3, 0.5)
                    hint = Text(f"（{'、'.join(near)}？）", f" ({', '.join(near)}?)") if near else NO_TEXT
                    where = (*at, "create", name, key, attribute)
                    yield (
                        where,
                        Text(f"应为主体属性的标识{hint.zh}", f"an attribute of parties{hint.en}"),
                        attribute,
                    )


def _created(part: SheetMapping, name: str) -> Column | None:
    """The column of an attribute of created parties, named “column.attribute”."""
    column, _, attribute = name.partition(".")
    creation = part.create.get(column)
    if creation is None or attribute not in FACTS or attribute not in creation.facts:
        return None
    return fact(attribute)


def suggest(layout: Layout, headers: Sequence[str]) -> dict[str, str]:
    """For each column of ours the header of the file that most likely means it; columns without a likely one are left out.

    Each header is offered once, the likeliest pair first. A proposal for a person to confirm, never used unseen.
    """
    pairs = sorted(
        ((_likeness(column, header), column.name, header) for column in layout.columns for header in headers),
        key=lambda pair: (-pair[0], pair[1], pair[2]),
    )
    columns: dict[str, str] = {}
    for likeness, name, header in pairs:
        if likeness >= 0.6 and name not in columns and header not in columns.values():
            columns[name] = header
    return columns


def _likeness(column: Column, header: str) -> float:
    wanted = plain(header).casefold().replace("_", " ")
    best = 0.0
    for name in names_of(column):
        known = plain(name).casefold().replace("_", " ")
        score = difflib.SequenceMatcher(None, wanted, known).ratio()
        if known in wanted or wanted in known:
            score = max(score, 0.6 + 0.4 * min(len(known), len(wanted)) / max(len(known), len(wanted)))
        best = max(best, score)
    return best
