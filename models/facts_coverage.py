"""Attributes of lifecycle coverage: the office's targets for money at work, by stage, city or both."""

from __future__ import annotations

from models.fact_specs import FactType as T
from models.fact_specs import subject_fact
from models.kinds import City, Stage
from models.subjects import SubjectKind as S
from models.text import Text

TARGET = "coverage_target"


def target_name(stage: Stage | None, city: City | None) -> str:
    """The attribute that holds the target of a stage, a city, or a stage in a city; of neither, of the whole."""
    return ".".join(
        [TARGET, "all" if stage is None else stage.value, *([] if city is None else [city.value])]
    )


TARGETS: dict[str, tuple[Stage | None, City | None]] = {
    target_name(stage, city): (stage, city) for stage in (None, *Stage) for city in (None, *City)
}
"""Attribute of the office -> the stage and the city it is about, None for all of them."""


def _title(stage: Stage | None, city: City | None) -> Text:
    words = [w for w in (stage, city) if w is not None]
    zh, en = " · ".join(w.zh for w in words) or "全部", " · ".join(w.en for w in words) or "all"
    return Text(f"覆盖目标：{zh}", f"Coverage target: {en}")


for _name, _of in TARGETS.items():
    subject_fact(_name, T.FEN, _title(*_of), {S.OFFICE})
