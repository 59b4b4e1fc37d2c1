"""A part of the coverage by the words in which commands and programs ask for it."""

from __future__ import annotations

import datetime as dt

from fof.errors import Problem, Refused, WrongArgument, one_of
from fof.figures import coverage_document as document
from fof.figures.answers import Answer
from fof.figures.coverage.surface import DIMENSIONS
from fof.ledger import View
from fof.rules.stage_definitions import HOUSE_DEFINITION
from models.kinds import City, Stage, SupportKind, Word
from models.text import Text

PARTS = (
    "surface",
    "mandates",
    "gaps",
    "continuity",
    "concentration",
    "companies",
    "company",
    "change",
    "stages",
)

OF_COMPANIES = ("stage", "city", "industry", "instrument")
TAKES = {
    "surface": ("by",),
    "companies": OF_COMPANIES,
    "company": ("company",),
    "change": ("since",),
    "stages": ("since",),
}
"""Part -> what can be asked of it beside the stage definition."""
DEFAULT_BY = "stage,instrument"


def coverage_asked(
    view: View,
    part: str = "surface",
    *,
    by: str = DEFAULT_BY,
    stage: str | None = None,
    city: str | None = None,
    industry: str | None = None,
    instrument: str | None = None,
    since: dt.date | None = None,
    company: str | None = None,
    definition: str | None = None,
) -> Answer:
    """The document of a part. WrongArgument for a word that is none, and for one that the part does not take; Refused for a change without an earlier day; Unknown for a
    definition that there is none of.

    by : dimensions of the surface separated by commas, "" for the total         stage, city, instrument : a code or a name,
    "" for what is not known         since : the earlier day of a change
    """
    table = definition or HOUSE_DEFINITION
    given: dict[str, object] = dict(zip(OF_COMPANIES, (stage, city, industry, instrument), strict=True))
    given |= {"since": since, "company": company, "by": None if by == DEFAULT_BY else by}
    _taken(one_of(part, PARTS, "part"), [name for name, value in given.items() if value is not None])
    match part:
        case "surface":
            return document.coverage_document(
                view, [one_of(d.strip(), DIMENSIONS, "by") for d in by.split(",") if d.strip()], table
            )
        case "mandates":
            return document.mandates_document(view)
        case "gaps":
            return document.gaps_document(view, table)
        case "continuity":
            return document.continuity_document(view, table)
        case "concentration":
            return document.concentration_document(view, table)
        case "companies":
            return document.companies_document(
                view,
                _code(stage, Stage, "stage"),
                _code(city, City, "city"),
                industry,
                _code(instrument, SupportKind, "instrument"),
                table,
            )
    if part == "company":
        if company is None:
            text = Text("须写明企业编号", "the code of a company")
            raise Refused([Problem("no_company", text)], Text("企业时间线", "company time line"))
        return document.company_document(view, company, table)
    earlier = view.on(_earlier(view, since))
    make = document.change_document if part == "change" else document.stages_document
    return make(view, earlier, table)


def _taken(part: str, given: list[str]) -> None:
    """Nothing is asked that the part would leave out: the province's figures would stand under a city's name."""
    for name in given:
        if name not in TAKES.get(part, ()):
            parts = ", ".join(other for other, names in TAKES.items() if name in names)
            raise WrongArgument(
                Text(f"只用于 {parts}，不用于 {part}", f"is for {parts}, not for {part}"), name
            )


def _code(text: str | None, words: type[Word], argument: str) -> str | None:
    if text is None or text == "":
        return text
    member = words.read(text)
    return one_of(text, tuple(w.value for w in words), argument) if member is None else member.value


def _earlier(view: View, since: dt.date | None) -> dt.date:
    if since is None or (view.as_of is not None and since >= view.as_of):
        text = Text("变动须写明早于截至日的起始日", "a change needs a day before the as-of day")
        day = None if since is None else since.isoformat()
        raise Refused([Problem("empty_period", text, day)], Text("覆盖面变动", "change of coverage"))
    return since
