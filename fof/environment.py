"""Where the book is kept and in which language it speaks: environment variables, with local defaults."""

from __future__ import annotations

import os
from dataclasses import field
from pathlib import Path

from fof.errors import Problem, Refused, Where
from models.frozen import frozen
from models.text import LANGUAGES, Text


def shipped() -> Path:
    """The folder of what goes along with the program: app.py, .streamlit and seeds.

    In a checkout it is the checkout; an installed wheel holds the same files inside the package.
    """
    package = Path(__file__).resolve().parent
    inside = package / "shipped"
    return inside if inside.is_dir() else package.parent


def _data_folder() -> Path:
    named = os.environ.get("FOF_DATA_DIR")
    return Path.home() / ".local" / "share" / "fof" if named is None else Path(named)


def _certificates() -> Path | None:
    named = os.environ.get("FOF_CERTIFICATES")
    return Path(named) if named else None


@frozen
class Settings:
    """FOF_DATABASE_URL, FOF_OWNER_URL, FOF_DATA_DIR, FOF_PERSONAL_STORE, FOF_PERSONAL_KEY_FILE, FOF_LANG, FOF_SCHEDULER, FOF_CERTIFICATES, as the environment has them when this is made.

    owner_url is used by `fof init` alone: on PostgreSQL the owner of the tables is not the role that books.
    personal_store and personal_key_file: where personal data lie and the key that opens them (fof.personal), "" where not said.
    scheduler, certificates: of the cluster on which the page runs scenarios, "" and None: on this machine.
    Refused for a language that is none.
    """

    database_url: str = field(default_factory=lambda: os.environ.get("FOF_DATABASE_URL", ""))
    owner_url: str = field(default_factory=lambda: os.environ.get("FOF_OWNER_URL", ""))
    data_dir: Path = field(default_factory=_data_folder)
    personal_store: str = field(default_factory=lambda: os.environ.get("FOF_PERSONAL_STORE", ""))
    personal_key_file: str = field(default_factory=lambda: os.environ.get("FOF_PERSONAL_KEY_FILE", ""))
    lang: str = field(default_factory=lambda: os.environ.get("FOF_LANG", "zh"))
    scheduler: str = field(default_factory=lambda: os.environ.get("FOF_SCHEDULER", ""))
    certificates: Path | None = field(default_factory=_certificates)

    def __post_init__(self) -> None:
        if self.lang not in LANGUAGES:
            wrong = Problem(
                "wrong_language",
                Text("应为 'zh' 或 'en'", "'zh' or 'en'"),
                self.lang,
                Where(field="FOF_LANG"),
            )
            raise Refused([wrong], "FOF_LANG")

    @property
    def url(self) -> str:
        """The database address; a SQLite file in the data folder where none is set."""
        return self.database_url or f"sqlite:///{self.data_dir / 'fof.sqlite'}"
