"""What is wrong with a field of a form, a command or a call: the field in the words that screens and commands have for it."""

from __future__ import annotations

from fof.errors import Problem, Where
from fof.figures.register import figure
from models.text import Text

_FIELDS = {
    "action": Text("处置", "Decision"),
    "attributes": Text("属性", "Attributes"),
    "mark": Text("分值", "Mark"),
    "weights": Text("权重", "Weights"),
}
"""Fields that are no figures of the register."""


def field_problem(code: str, expected: Text, found: str | None, field: str) -> Problem:
    """A problem of one field. field: a figure of the register, or one of the few that are none; KeyError for another."""
    return Problem(code, expected, found, Where(field=_FIELDS.get(field) or figure(field).text))
