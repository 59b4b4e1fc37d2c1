"""What a run says, as a table of values in one Parquet file, with all that is needed to run it anew inside.

A value is named by part, key, measure, day and statistic; money in yuan. The file's metadata hold the specification, the seed,
the prefix of the journal (entry and digest), the version of the kernels, who ran it and when, the assumptions with their
sources, the identities with what was measured, and what was left out. Two files are compared name by name.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from fof.errors import Problem, Refused
from fof.scenarios.assumptions import Assumption
from fof.scenarios.leverage_over_time import LEVERAGE_MEASURES, LEVERAGE_MULTIPLES, LeverageAhead
from fof.scenarios.path_summary import CONFIDENCES, LEVELS
from fof.scenarios.rules_over_time import VERDICTS
from fof.scenarios.scenario_chunks import code_version
from fof.scenarios.scenario_inputs import GroupKey
from fof.scenarios.scenario_runs import IdentityCheck, ScenarioRun
from fof.scenarios.scenario_spec import Scenario, stored_scenario
from models.frozen import frozen
from models.text import Text
from valuation.arguments import Floats
from valuation.company_outcomes import COMPANY_SERIES, LIVE_SERIES, PART_SERIES
from valuation.scenario_paths import GROUP_FIGURES, PATH_FIGURES, STEP_SERIES
from valuation.scenario_pools import POOL_FIGURES, POOL_SERIES

STATISTICS = ("expected", "mean", *(f"p{round(100 * level):02d}" for level in LEVELS))
"""Of every measure: the path without noise, the mean, quantiles."""
COMPARED = ("p50", "probability", "c90", "below_zero")
"""Statistics that are looked at where scenarios are compared; what no path moves is compared by the path without noise."""
FORMAT = "fof projection 1"


class ValueName(NamedTuple):
    """What a value is called. part: forecast, group, cash, pool, company, coverage, rule, leverage; key: of a group or pool, rule and subject, city or industry; day: end of a step, None for the whole path."""

    part: str
    key: str
    measure: str
    day: dt.date | None
    statistic: str


@frozen
class ScenarioHead:
    """What a result is of: inputs, prefix, program, person and time (UTC)."""

    spec: str
    digest: str
    name: str
    portfolio: str
    currency: str
    as_of: dt.date
    known_at: int
    prefix: str
    code: str
    author: str
    made_at: str
    seed: int
    paths: int
    seconds: float
    smoothing: float
    callable: int | None
    stages: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class ScenarioResult:
    """A result, fresh or read from its file."""

    head: ScenarioHead
    days: tuple[dt.date, ...]
    groups: tuple[GroupKey, ...]
    values: dict[ValueName, float]
    assumptions: tuple[Assumption, ...]
    checks: tuple[IdentityCheck, ...]
    left_out: tuple[dict[str, Any], ...]

    @cached_property
    def scenario(self) -> Scenario:
        """The specification."""
        return stored_scenario(self.head.spec)

    def value(
        self,
        part: str,
        measure: str,
        statistic: str,
        *,
        key: str = "",
        day: dt.date | None = None,
    ) -> float:
        """One value; nan where the result has none of that name."""
        return self.values.get(ValueName(part, key, measure, day, statistic), math.nan)

    @cached_property
    def rules(self) -> tuple[str, ...]:
        """Rule and subject of the questions asked over time, "RULE:code"."""
        return tuple(dict.fromkeys(name.key for name in self.values if name.part == "rule"))

    def fan(self, measure: str, statistic: str) -> list[float]:
        """A statistic of a step series at every step, yuan."""
        return [self.value("forecast", measure, statistic, day=day) for day in self.days]


def scenario_result(
    run: ScenarioRun,
    author: str,
    made_at: dt.datetime,
    smoothing: float,
    ahead: LeverageAhead | None = None,
) -> ScenarioResult:
    """The values of a run. made_at: now, in UTC; smoothing: of the fit, nan where there was none; ahead: leverage by year."""
    ahead = LeverageAhead() if ahead is None else ahead
    inputs, scenario, opening = run.inputs, run.inputs.scenario, run.inputs.opening
    head = ScenarioHead(
        scenario.canonical(),
        scenario.digest(),
        scenario.name,
        opening.portfolio.code,
        opening.currency,
        opening.as_of,
        opening.known_at,
        opening.prefix,
        code_version(),
        author,
        made_at.isoformat(timespec="seconds"),
        scenario.seed,
        scenario.paths,
        round(run.seconds, 3),
        smoothing,
        opening.callable,
        {name: round(seconds, 3) for name, seconds in run.stages.items()},
    )
    left_out = tuple(
        {"code": x.code, "name": x.name, "unfunded": x.unfunded, "zh": x.why.text.zh, "en": x.why.text.en}
        for x in opening.left_out
    )
    values = dict(_values(run)) | dict(_leverage_values(ahead))
    assumed = (*inputs.assumptions, *ahead.assumptions)
    return ScenarioResult(head, inputs.days, inputs.groups, values, assumed, run.checks, left_out)


def _leverage_values(ahead: LeverageAhead) -> Iterator[tuple[ValueName, float]]:
    """Commitments and multiples at the end of each year: no path moves them."""
    for year in ahead.years:
        for measure, value in zip(LEVERAGE_MEASURES, year.values, strict=True):
            yield ValueName("leverage", "", measure, year.day, "expected"), value


def _values(run: ScenarioRun) -> Iterator[tuple[ValueName, float]]:
    inputs, summary = run.inputs, run.summary
    quantiles, means, steps = summary.quantiles(LEVELS), summary.means, inputs.arrays.steps
    known = summary.known / max(summary.count, 1)
    negative = summary.negative / max(summary.count, 1)

    def row(number: int, part: str, key: str, measure: str, day: dt.date | None) -> Iterator[Any]:
        own = (run.expected[number], means[number], *quantiles[number])
        for statistic, value in zip(STATISTICS, own, strict=True):
            yield ValueName(part, key, measure, day, statistic), float(value)

    for n, measure in enumerate(STEP_SERIES):
        for step, day in enumerate(inputs.days):
            number = n * steps + step
            yield from row(number, "forecast", "", measure, day)
            if measure == "cash" and known[number]:
                yield ValueName("forecast", "", "cash", day, "below_zero"), float(negative[number])
    first = len(STEP_SERIES) * steps
    for n, measure in enumerate(PATH_FIGURES):
        yield from row(first + n, "cash", "", measure, None)
    if known[first]:
        yield ValueName("cash", "", "gap", None, "probability"), float(known[first + 1])
        needs = summary.quantiles(CONFIDENCES)[first + PATH_FIGURES.index("need")]
        for confidence, need in zip(CONFIDENCES, needs.tolist(), strict=True):
            yield ValueName("cash", "", "need", None, f"c{round(100 * confidence):02d}"), float(need)
    yield from _pool_values(run, row, known)
    yield from _company_values(run, row)
    yield from _rule_values(run)
    first += len(PATH_FIGURES)
    for n, group in enumerate(inputs.groups):
        for m, measure in enumerate(GROUP_FIGURES):
            number = first + n * len(GROUP_FIGURES) + m
            yield from row(number, "group", group_name(group), measure, None)
            yield ValueName("group", group_name(group), measure, None, "known"), float(known[number])


def _pool_values(
    run: ScenarioRun, row: Callable[..., Iterator[tuple[ValueName, float]]], known: Floats
) -> Iterator[tuple[ValueName, float]]:
    """Of each pool its series, and how likely and when its money runs out, enrolment stops, a limit cuts a payment."""
    inputs, number = run.inputs, run.inputs.arrays.first_pool_row
    for code in inputs.pools:
        for measure in POOL_SERIES:
            for day in inputs.days:
                yield from row(number, "pool", code, measure, day)
                number += 1
        for measure in POOL_FIGURES:
            yield from row(number, "pool", code, measure, None)
            yield ValueName("pool", code, measure, None, "probability"), float(known[number])
            number += 1


def _company_values(
    run: ScenarioRun, row: Callable[..., Iterator[tuple[ValueName, float]]]
) -> Iterator[tuple[ValueName, float]]:
    """Money and number of companies by step, where funds have them."""
    if run.inputs.arrays.companies is None:
        return
    number = run.inputs.arrays.first_company_row
    for measure in COMPANY_SERIES:
        for day in run.inputs.days:
            yield from row(number, "company", "", measure, day)
            number += 1
    for part in run.inputs.parts:
        for measure in PART_SERIES:
            for day in run.inputs.days:
                yield from row(number, "coverage", f"{part.by}:{part.code}", measure, day)
                number += 1


def _rule_values(run: ScenarioRun) -> Iterator[tuple[ValueName, float]]:
    """The part of the paths that has each verdict, of each rule asked and subject at the end of each year."""
    tally = run.verdicts
    if tally is None:
        return
    for (rule, code), years in zip(tally.asked.questions, tally.counts / run.summary.count, strict=True):
        for day, shares in zip(tally.days, years.tolist(), strict=True):
            for verdict, share in zip(VERDICTS, shares, strict=True):
                yield ValueName("rule", f"{rule}:{code}", verdict.value, day, "probability"), share


def group_name(group: GroupKey) -> str:
    """The key of a group's values."""
    return f"{group.by}:{group.key}"


def write_result(result: ScenarioResult) -> bytes:
    """The Parquet file. The same result gives the same bytes."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    names = list(result.values)
    table = pa.table(
        {
            "part": pa.array([n.part for n in names], pa.string()),
            "key": pa.array([n.key for n in names], pa.string()),
            "measure": pa.array([n.measure for n in names], pa.string()),
            "day": pa.array([n.day for n in names], pa.date32()),
            "statistic": pa.array([n.statistic for n in names], pa.string()),
            "value": pa.array(list(result.values.values()), pa.float64()),
        }
    )
    inside = {
        "format": FORMAT,
        "head": json.dumps(asdict(result.head), default=str, ensure_ascii=False),
        "days": json.dumps([day.isoformat() for day in result.days]),
        "groups": json.dumps([asdict(g) for g in result.groups], ensure_ascii=False),
        "assumptions": json.dumps([asdict(a) for a in result.assumptions], ensure_ascii=False),
        "checks": json.dumps([asdict(c) for c in result.checks]),
        "left_out": json.dumps(result.left_out, ensure_ascii=False),
    }
    out = io.BytesIO()
    pq.write_table(table.replace_schema_metadata({k: v.encode() for k, v in inside.items()}), out)
    return out.getvalue()


def read_result(content: bytes, what: str) -> ScenarioResult:
    """A result from its file. Refused for what is none, or was written by a later program."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(io.BytesIO(content))
        inside = {k.decode(): v.decode() for k, v in (table.schema.metadata or {}).items()}
    except (pa.ArrowInvalid, OSError, UnicodeDecodeError):
        inside = {}
    if inside.get("format") != FORMAT:
        wrong = Text(f"应为推演结果文件（{FORMAT}）", f"a file of projection results is expected ({FORMAT})")
        raise Refused([Problem("no_result_file", wrong, inside.get("format"))], what)
    head = json.loads(inside["head"])
    head["as_of"] = dt.date.fromisoformat(head["as_of"])
    columns = [
        table.column(name).to_pylist() for name in ("part", "key", "measure", "day", "statistic", "value")
    ]
    values = {ValueName(*row[:5]): float(row[5]) for row in zip(*columns, strict=True)}
    return ScenarioResult(
        ScenarioHead(**head),
        tuple(map(dt.date.fromisoformat, json.loads(inside["days"]))),
        tuple(GroupKey(**g) for g in json.loads(inside["groups"])),
        values,
        tuple(Assumption(**a) for a in json.loads(inside["assumptions"])),
        tuple(IdentityCheck(**c) for c in json.loads(inside["checks"])),
        tuple(json.loads(inside["left_out"])),
    )


@frozen
class ScenarioDifference:
    """One value of a scenario beside the first one's; nan where one has none of that name."""

    name: ValueName
    scenario: str
    digest: str
    first: float
    other: float

    @property
    def difference(self) -> float:
        """other − first."""
        return self.other - self.first

    @property
    def size(self) -> float:
        """The difference as a part of the larger of the two, by which the list is sorted; 1 where one is missing."""
        if math.isnan(self.first) or math.isnan(self.other):
            return 0.0 if math.isnan(self.first) and math.isnan(self.other) else 1.0
        largest = max(abs(self.first), abs(self.other))
        return 0.0 if largest == 0 else abs(self.difference) / largest


SHARES = frozenset(
    {"dpi", "tvpi", "irr", "gap_step", "first_gap_step", "pool_stopped", "live"}
    | {*POOL_FIGURES, *LIVE_SERIES, *LEVERAGE_MULTIPLES}
)


def is_money(name: ValueName) -> bool:
    """Whether a value is in yuan; multiples, rates, probabilities and numbers of steps are not."""
    return name.measure not in SHARES and name.statistic not in ("below_zero", "probability", "known")


def compared(
    results: Sequence[ScenarioResult], statistics: Sequence[str] = COMPARED
) -> list[ScenarioDifference]:
    """Every value of the others beside the first one's, the largest differences first; statistics: which are looked at."""
    first, *others = results
    rows = []
    for other in others:
        for name in dict.fromkeys([*first.values, *other.values]):
            if name.statistic in statistics or name.part == "leverage":
                rows.append(
                    ScenarioDifference(
                        name,
                        other.head.name,
                        other.head.digest,
                        first.values.get(name, math.nan),
                        other.values.get(name, math.nan),
                    )
                )
    rows = [row for row in rows if row.size > 0]
    return sorted(rows, key=lambda row: -row.size)


def compared_inputs(results: Sequence[ScenarioResult]) -> list[tuple[str, list[str]]]:
    """The inputs in which scenarios differ: path in the specification, and what each has there."""
    specs = [json.loads(result.head.spec) for result in results]
    flat = [dict(_flat({k: v for k, v in own.items() if k != "stated"})) for own in specs]
    for own, result in zip(flat, results, strict=True):
        own |= {
            "as_of": str(result.head.as_of),
            "known_at": str(result.head.known_at),
            "code": result.head.code,
        }
    paths = dict.fromkeys(path for own in flat for path in own)
    return [
        (path, [own.get(path, "") for own in flat])
        for path in paths
        if len({own.get(path, "") for own in flat}) > 1
    ]


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, own in value.items():
            yield from _flat(own, f"{path}.{key}" if path else key)
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for n, own in enumerate(value, 1):
            yield from _flat(own, f"{path}[{n}]")
    elif value not in (None, [], {}):
        yield path, json.dumps(value, ensure_ascii=False)
