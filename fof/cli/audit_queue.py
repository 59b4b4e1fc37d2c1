"""The exception queue as people read it: which findings were asked for, what they sum up to, and the table.

The JSON document holds codes and plain figures (fof.figures.documents); here verdicts and states are words, shares per
cent, amounts in the unit of the table, and a source that was not read in full says so.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from fof.cli.asked import WrongOption
from fof.cli.printed import printed
from fof.figures.answers import Answer
from fof.figures.documents import AUDIT
from fof.figures.register import members
from fof.words import _
from models.text import NO_TEXT, Text

if TYPE_CHECKING:
    from fof.audit import Audit, AuditFinding, State
    from fof.cli.asked import Asked
    from fof.ledger import View
    from fof.rules.registry import Verdict

Row = dict[str, Any]
ALL = "all"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which findings were asked for: verdicts to list; fund, families and still open ones narrow everything, the counts
    included."""

    verdicts: tuple[Verdict, ...]
    fund: str | None = None
    families: frozenset[str] = frozenset()
    only_open: bool = False

    def among(self, judged: Audit) -> Audit:
        """The audit with the findings about the fund, of the families, open ones."""
        return replace(judged, findings=tuple(f for f in judged.findings if self._fits(f)))

    def _fits(self, finding: AuditFinding) -> bool:
        f = finding.finding
        return (
            (self.fund is None or self.fund in (f.fund, f.subject.code))
            and (not self.families or f.rule.partition("-")[0] in self.families)
            and (not self.only_open or finding.needs_somebody)
        )


def wanted(view: View, verdicts: str, fund: str | None, family: str | None, *, only_open: bool) -> Wanted:
    """What the options ask for. Unknown where the book has no such fund; a bad verdict or family is a bad parameter."""
    from fof.book.index import VEHICLES
    from fof.errors import Unknown
    from fof.rules.registry import RULES

    record = None if fund is None else view.by_code.get(fund)
    if fund is not None and (record is None or record.kind not in VEHICLES):
        raise Unknown(Text("基金", "fund"), fund)
    families = frozenset(part.strip().upper() for part in (family or "").split(",") if part.strip())
    known = {rule.family for rule in RULES.values()}
    if families - known:
        names = ", ".join(sorted(known))
        raise WrongOption(Text(f"{family!r}：应为 {names}", f"{family!r}: one of {names}"), "--family")
    return Wanted(verdicts_of(verdicts), fund, families, only_open)


def verdicts_of(text: str) -> tuple[Verdict, ...]:
    """Verdicts by name, separated by commas, or all."""
    from fof.rules.registry import Verdict

    if text.strip() == ALL:
        return tuple(Verdict)
    try:
        return tuple(Verdict(part.strip()) for part in text.split(","))
    except ValueError:
        known = ", ".join(v.value for v in Verdict)
        raise WrongOption(
            Text(f"{text!r}：应为 {known} 或 all", f"{text!r}: one of {known}, or all"), "--verdict"
        ) from None


def families(judged: Audit) -> list[Row]:
    """By family of rules, the one with the most breaches first: counts by verdict, findings that need somebody, and the
    money at stake in open breaches (fen by currency; the same money counts once for every rule it breaks)."""
    from fof.audit import at_stake
    from fof.rules.registry import Verdict

    rows: dict[str, Row] = {}
    for f in judged.findings:
        row = rows.setdefault(
            f.rule.partition("-")[0], {v.value: 0 for v in Verdict} | {"open": 0, "money_at_stake": {}}
        )
        row[f.verdict.value] += 1
        row["open"] += f.needs_somebody
        if f.verdict is Verdict.BREACH and f.needs_somebody:
            for code, fen in at_stake([f]).items():
                row["money_at_stake"][code] = row["money_at_stake"].get(code, 0) + fen
    listed = [{"family": family, **row} for family, row in rows.items()]
    return sorted(listed, key=lambda r: (-r["breach"], -r["unknown"], r["family"]))


def show(judged: Audit, answer: Answer, asked: Asked) -> None:
    """The table: counts, states and families above, then the findings of the document."""
    from fof.book.currencies import in_order

    rows = [{**row, "texts": _texts(row["record"], asked)} for row in answer.rows]
    currency = next(iter(in_order(f.currency for f in judged.findings)), "CNY")
    printed(
        Answer(AUDIT, rows, judged.as_of, judged.known_at, currency, above=_above(judged, asked)),
        asked,
    )


def _above(judged: Audit, asked: Asked) -> list[tuple[str, str]]:
    """What stands above the table: names and texts."""
    from fof import words
    from fof.rules.registry import Verdict

    at_stake = Text("待处理的违反涉及", "open breaches:").of(asked.language)

    def counted(row: Row) -> str:
        parts = [
            f"{Text(v.zh, v.en.lower()).of(asked.language)} {row[v.value]}" for v in Verdict if row[v.value]
        ]
        return " · ".join(parts)

    lines: list[tuple[str, str]] = []
    if judged.rules_as_of is not None:
        lines.append((AUDIT.figure("rules_as_of").text.of(asked.language), judged.rules_as_of.isoformat()))
    counts = Counter(f.verdict for f in judged.findings)
    lines.append(
        (Text("合计", "Total").of(asked.language), counted({v.value: counts[v] for v in Verdict}) or "0")
    )
    lines.append(
        (
            Text("违反与提示的状态", "State of breaches and warnings").of(asked.language),
            _states(judged),
        )
    )
    for row in families(judged):
        text = counted(row)
        if row["money_at_stake"]:
            amounts = (
                f"{words.amount(fen, str(asked.unit))} {words.unit_name(str(asked.unit), code)}"
                for code, fen in row["money_at_stake"].items()
            )
            text += f" · {at_stake} {' + '.join(amounts)}"
        lines.append((row["family"], text))
    return [(name, text) for name, text in lines if text]


def _states(judged: Audit) -> str:
    from fof.audit import STATES
    from fof.rules.registry import Verdict

    states = Counter(f.state.state for f in judged.of(Verdict.BREACH, Verdict.WARN))
    return " · ".join(
        f"{members('disposition_states')[s].of(_('zh', 'en'))} {states[s]}" for s in STATES if states[s]
    )


def _texts(finding: AuditFinding, asked: Asked) -> dict[str, str]:
    """What people read in place of codes and plain figures."""
    from fof.rules.registry import Confidence

    f = finding.finding

    def dealt_with(state: State) -> str:
        name = members("disposition_states")[state.state].of(asked.language)
        return name if state.until is None else f"{name} {state.until}"

    later = finding.later
    source = finding.source or "—"
    if f.confidence is not Confidence.SEEN:
        source += str(Text(f"（{f.confidence.zh}）", f" ({f.confidence.en.lower()})"))
    texts = {
        "verdict": str(Text(f.verdict.zh, f.verdict.en.lower())),
        "measured": figure(f.measured, f.unit, asked),
        "threshold": figure(f.threshold, f.unit, asked),
        "state": dealt_with(finding.state),
        "later_state": None
        if later is None or later.decision is None
        else f"{later.decision.day} {dealt_with(later)}",
        "source": source,
        "says": _in_unit(str(f.text), asked),
        **({"name": "—"} if finding.name == str(f.subject) else {}),
    }
    return {name: text for name, text in texts.items() if text is not None}


def _in_unit(sentence: str, asked: Asked) -> str:
    """A sentence with its amounts in the unit of the table."""
    from fof import words
    from fof.rules.wording import in_unit

    unit = str(asked.unit)
    return in_unit(sentence, words.UNITS[unit][0], Text(unit, words.UNIT_NAMES_EN[unit]).of(asked.language))


def figure(value: object, unit: str, asked: Asked) -> str | None:
    """A measured figure or a threshold with its unit; None where there is none."""
    from fof import words
    from fof.rules.wording import MEASURE_UNITS, word_of

    if isinstance(value, str) and unit == "word":
        return word_of(value).of(asked.language)
    if value is None or isinstance(value, str):
        return value
    if unit == "fen" and isinstance(value, int):
        return words.amount(value, str(asked.unit))
    if unit == "share" and isinstance(value, int | Decimal):
        return words.percent(float(value))
    text = format(round(value, 4), "f") if isinstance(value, Decimal) else str(value)
    text = text.rstrip("0").rstrip(".") if isinstance(value, Decimal) and "." in text else text
    sentence = MEASURE_UNITS.get(unit, NO_TEXT)
    return Text(f"{text} {sentence.zh}".strip(), f"{text} {sentence.en}".strip()).of(asked.language)
