"""Where the book is kept and in which language it speaks: environment variables, with local defaults."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic_settings import BaseSettings, SettingsConfigDict


def shipped() -> Path:
    """The folder of what goes along with the program: app.py, .streamlit and seeds.

    In a checkout it is the checkout; an installed wheel holds the same files inside the package.
    """
    package = Path(__file__).resolve().parent
    inside = package / "shipped"
    return inside if inside.is_dir() else package.parent


def _data_folder() -> Path:
    return Path.home() / ".local" / "share" / "fof"


class Settings(BaseSettings):
    """FOF_DATABASE_URL, FOF_OWNER_URL, FOF_DATA_DIR, FOF_LANG.

    owner_url is used by `fof init` alone: on PostgreSQL the owner of the tables is not the role that books.
    """

    model_config = SettingsConfigDict(env_prefix="FOF_")

    database_url: str = ""
    owner_url: str = ""
    data_dir: Path = _data_folder()
    lang: Literal["zh", "en"] = "zh"

    @property
    def url(self) -> str:
        """The database address; a SQLite file in the data folder where none is set."""
        return self.database_url or f"sqlite:///{self.data_dir / 'fof.sqlite'}"
