"""Assumptions in words: what a result keeps in the words of its file is said in both languages."""

from __future__ import annotations

from fof.scenarios.assumptions import Assumption
from models.kinds import Stage, Strategy
from models.pools import Denominator, Grossness, LimitPeriod
from models.text import Text

LIMIT = "pool_limit_"
"""Before the name of an assumption that is a limit."""
_DETAILS = {
    "term_end": Text("约定的存续期", "the stated term"),
    "extension": Text("到期后再延长的年限", "years beyond the term"),
}


def scope_in_words(line: Assumption) -> str | Text:
    """Whose it is: a strategy by its name, a fund or pool by its code."""
    strategy = next((own for own in Strategy if own.value == line.scope), None)
    return line.scope if strategy is None else Text(strategy.zh, line.scope)


def value_in_words(line: Assumption) -> str | Text:
    """The value; in Chinese a limit and a stage by their names."""
    if line.name.startswith(LIMIT):
        return Text(_limit(line.value), line.value)
    if line.name == "company_entry_stage":
        stage = next((own for own in Stage if own.value == line.value), None)
        return Text("未知" if stage is None else stage.zh, line.value)
    return line.value


def detail_in_words(line: Assumption) -> str | Text:
    """Where it is from, in words."""
    return _DETAILS.get(line.detail, line.detail)


def _limit(written: str) -> str:
    """A limit as a run writes it (rate and denominator, amount, period, net) in Chinese."""
    parts: list[str] = []
    for word in written.split():
        if (denominator := _member(Denominator, word)) is not None:
            parts[-1] = f"{denominator}的 {parts[-1]}"
        elif (named := _member(LimitPeriod, word) or _member(Grossness, word)) is not None:
            parts.append(named)
        else:
            parts.append(word)
    return "，".join(parts)


def _member(words: type[Denominator | LimitPeriod | Grossness], written: str) -> str | None:
    return next((own.zh for own in words if own.value == written), None)
