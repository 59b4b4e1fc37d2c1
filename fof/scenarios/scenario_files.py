"""A specification from the content of a file: the text of a TOML file, or a result, which holds the specification that it is of."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from fof.book.portfolios import Portfolio, portfolio
from fof.errors import FofError, Problem, Unknown, Where
from fof.ledger import View
from fof.scenarios.opening_position import opening_position
from fof.scenarios.readable_spec import readable_spec
from fof.scenarios.scenario_inputs import step_ends
from fof.scenarios.scenario_results import ScenarioHead, read_result
from fof.scenarios.scenario_spec import Scenario, read_scenario
from fof.scenarios.spec_problems import UnfitScenario
from fof.scenarios.unfit_spec import unfit_spec
from models.text import Text

PARQUET = b"PAR1"
MOST_BYTES = 1_000_000
"""Of a TOML text: ten thousand planned funds; a page shows what it was given. A result is bounded where it is read."""
PORTFOLIO = "portfolio"
"""Where a file names the portfolio."""


class ScenarioFile(NamedTuple):
    """The specification, and of a result what it was run from."""

    scenario: Scenario
    head: ScenarioHead | None

    def other_than(self, view: View, code: str) -> Text | None:
        """In what a run from this view with the kernels `code` differs from the result that is run anew; None: in nothing."""
        head = self.head
        if head is None:
            return None
        same = (head.as_of, head.known_at, head.prefix, head.code)
        if same == (view.as_of, view.known_at, view.prefix.digest.hex(), code):
            return None
        return Text(
            f"原结果截至 {head.as_of}，已知至分录 {head.known_at}，程序 {head.code}；本次不同",
            f"the result is as of {head.as_of}, known at entry {head.known_at}, of kernels {head.code}; this run is of others",
        )


def scenario_file(content: bytes, what: str, view: Callable[[], View] | None = None) -> ScenarioFile:
    """Refused for what is neither, with everything that is wrong with the specification, by itself and, where a view is given, beside
    the book: it is asked for where the file has errors."""
    if content.startswith(PARQUET):
        result = read_result(content, what)
        return ScenarioFile(result.scenario, result.head)
    if len(content) > MOST_BYTES:
        large = Text("情景文件不超过 1 MB", "a scenario file of at most 1 MB")
        raise UnfitScenario([Problem("too_large", large, f"{len(content) / 1e6:.1f} MB")], what)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        wrong = Text("应为 UTF-8 的 TOML 文件或推演结果", "a TOML file in UTF-8 or a result is expected")
        raise UnfitScenario([Problem("not_toml", wrong)], what) from None
    return ScenarioFile(read_beside(text, what, view), None)


def read_beside(text: str, what: str, view: Callable[[], View] | None) -> Scenario:
    """`read_scenario`, whose list of problems has those that the book finds in the rest of the file as well."""
    try:
        return read_scenario(text, what)
    except UnfitScenario as error:
        part = None if view is None else readable_spec(text)
        if part is None or view is None:
            raise
        try:
            of_book = beside_book(view(), part.scenario)
        except FofError:  # no book to be had: the file is refused in any case
            raise error from None
        raise UnfitScenario(part.beside(error.problems, of_book), what) from None


def require_fit(view: View, scenario: Scenario, what: str) -> None:
    """Refused for what the book finds wrong with a specification that is whole by itself: nothing is run from it or saved. A
    portfolio that the book does not have is Unknown."""
    chosen = portfolio(view, scenario.portfolio)
    if problems := _beside(view, scenario, chosen):
        raise UnfitScenario(problems, what)


def beside_book(view: View, scenario: Scenario) -> list[Problem]:
    """What the book finds wrong with a specification."""
    try:
        chosen = portfolio(view, scenario.portfolio)
    except Unknown as error:
        return [Problem("unknown_code", error.sentence, scenario.portfolio, Where(field=PORTFOLIO))]
    return _beside(view, scenario, chosen)


def _beside(view: View, scenario: Scenario, chosen: Portfolio) -> list[Problem]:
    opening = opening_position(view, chosen)
    return unfit_spec(scenario, opening, view, *step_ends(opening.as_of, scenario.horizon, scenario.step))[0]
