"""What the browser is given beside a page: its language, the framework's own words in it, and some colours.

The framework writes some words by itself, in English: an upload's button, what a list says when nothing fits, the menu of a
table's column. framework_words.csv has them; browser.js, which runs in the page, puts them into its language and says that
language (`lang`). It writes into the texts that are there and removes none, so that the framework may go on with them, and
touches nothing that the office wrote. Nothing from outside is in what is sent here.
"""

from __future__ import annotations

import csv
import json
from functools import cache
from importlib.resources import files
from pathlib import Path

import streamlit as st

from fof import words

_TAGS = {"zh": "zh-CN", "en": "en"}
_HERE = files("fof.ui")


def prepare() -> None:
    """Say the language of this run; a run in the same language sends nothing new."""
    st.html(Path(__file__).with_name("browser.css"))
    with st.sidebar:
        st.html(_script(words.language()), unsafe_allow_javascript=True)


@cache
def _script(language: str) -> str:
    translated = {"zh": framework_words(), "en": []}[language]
    translations = [[w["en"], w["zh"], *([w["place"]] if w["place"] else [])] for w in translated]
    lines = (_HERE / "browser.js").read_text(encoding="utf-8").splitlines()
    source = "\n".join(code for line in lines if (code := line.strip()) and not code.startswith("//"))
    listed = json.dumps(translations, ensure_ascii=False, separators=(",", ":"))
    filled = source.replace("WORDS", listed, 1)  # sent with every page: no byte too many
    return f"<script>{filled.replace('LANGUAGE', json.dumps(_TAGS[language]), 1)}</script>"


def framework_words() -> list[dict[str, str]]:
    """What the framework writes (en) and its Chinese (zh), {} for what it puts in; place "list": among choices, too."""
    with (_HERE / "framework_words.csv").open(encoding="utf-8") as source:
        return list(csv.DictReader(source))
