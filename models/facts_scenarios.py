"""Attributes of saved scenarios: inputs alone, never a result."""

from __future__ import annotations

from models.fact_specs import FactType as T
from models.fact_specs import attributes_of
from models.subjects import SubjectKind as S

attributes_of(
    {S.SCENARIO},
    ("scenario_name", T.TEXT, "情景名称", "Name of the scenario"),
    ("scenario_spec", T.TEXT, "情景设定", "Specification of the scenario"),
)
