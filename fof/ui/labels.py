"""The words of figures, from the register: one name on screen, command and export (a test of the house looks after that)."""

from __future__ import annotations

from fof import words
from fof.figures.register import figure
from fof.rules import catalogue
from fof.rules.registry import RULES


def named(name: str) -> str:
    """The words of a figure of the register, in the language of this run."""
    return str(figure(name).text)


def word(name: str, code: object) -> str:
    """A code that a figure takes in the words of the register; a dash for none."""
    return words.DASH if code is None else str(figure(name).word(code) or code)


def rule_name(id_: str) -> str:
    """A rule's id and what it is about."""
    return f"{id_} {RULES[id_].text!s}"


def number_name(name: str) -> str:
    """A parameter's name in the language of this run."""
    return str(catalogue.parameters()[name].text)
