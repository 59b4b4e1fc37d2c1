"""Whose a figure is, and whether it is net or gross: the codes. Their words stand in fof/figures/words.csv; fof.book.perspective
says which a figure has."""

from __future__ import annotations

from typing import Literal

Whose = Literal["own", "investor", "whole_fund", "direct", "combined"]
Basis = Literal["net", "gross", "mixed"]
