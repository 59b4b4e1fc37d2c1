"""The set-up: nothing that is not hashed, nothing built, no network once it is done, nothing that nobody imports."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def bootstrap() -> ModuleType:
    spec = importlib.util.spec_from_file_location("fof_bootstrap", ROOT / "bootstrap.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def empty(bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment of its own, in a folder with a blank in its name, without pip."""
    place = tmp_path / "an environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(place)], check=True)
    for name, path in (
        ("VENV", place),
        ("BIN", place / "bin"),
        ("PYTHON", place / "bin" / "python"),
        ("FOF", place / "bin" / "fof"),
    ):
        monkeypatch.setattr(bootstrap, name, path)
    return place


def test_the_command_of_the_checkout_without_a_build(
    bootstrap: ModuleType, empty: Path, tmp_path: Path
) -> None:
    bootstrap.link()
    bootstrap.link()
    seen = subprocess.run(
        [empty / "bin" / "python", "-c", "import fof; print(fof.__file__)"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(seen.stdout.strip()) == ROOT / "fof" / "__init__.py"
    packages = {**os.environ, "PYTHONPATH": sysconfig.get_path("purelib")}
    for arguments, code in ((["--help"], 0), (["no-such-command"], 2)):
        done = subprocess.run(
            [empty / "bin" / "fof", *arguments], cwd=tmp_path, capture_output=True, text=True, env=packages
        )
        assert done.returncode == code, done.stderr


def test_everything_installed_is_hashed_and_a_second_start_installs_nothing(
    bootstrap: ModuleType, empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[list[str]] = []
    monkeypatch.setattr(bootstrap, "call", lambda *command, **_: called.append([str(c) for c in command]))
    bootstrap.setup("test")
    [install] = called
    assert install[1:4] == ["-m", "pip", "install"]
    assert "--require-hashes" in install
    assert install[-2:] == ["-r", str(ROOT / "requirements" / "test.lock")]
    called.clear()
    for kind in ("test", "run"):
        bootstrap.setup(kind)
    assert called == []


@pytest.mark.parametrize("name", ["run", "cluster", "test", "bench"])
def test_every_package_of_a_lock_has_its_hashes(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.lock").read_text("utf-8")
    packages = re.split(r"^(?=[a-z0-9])", text, flags=re.M | re.I)[1:]
    assert len(packages) > 30
    assert [p.split()[0] for p in packages if "--hash=sha256:" not in p] == []


IMPORTED_AS: dict[str, str] = {
    "chinesecalendar": "chinese_calendar",
    "python-calamine": "python_calamine",
    "manimgx-fonts-cjk": "manimgx_fonts_cjk",
}
BY_NAME = {"psycopg": "postgresql+psycopg"}
"""Loaded by the word in an address."""


def test_nothing_is_installed_that_nobody_imports() -> None:
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    sources = "\n".join(
        p.read_text("utf-8")
        for folder in ("fof", "models", "valuation")
        for p in (ROOT / folder).rglob("*.py")
    )
    unused = []
    for dependency in project["dependencies"]:
        name = re.split(r"[\[=<>]", dependency)[0]
        module = IMPORTED_AS.get(name, name)
        used = (
            BY_NAME[name] in sources
            if name in BY_NAME
            else re.search(rf"^\s*(import|from) {module}\b", sources, re.M)
        )
        if not used:
            unused.append(name)
    assert unused == []


@pytest.mark.parametrize("free", [0, 2**60])
def test_the_books_of_the_tests_stand_in_memory_where_there_is_room(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int
) -> None:
    monkeypatch.delenv("PYTEST_DEBUG_TEMPROOT", raising=False)
    monkeypatch.setattr(bootstrap, "MEMORY", tmp_path)
    monkeypatch.setattr(bootstrap, "memory_free", lambda: free)
    with bootstrap.scratch():
        place = Path(os.environ["PYTEST_DEBUG_TEMPROOT"])
        assert (place.parent == tmp_path) is (free > 0)
        (place / "book.sqlite").touch()
    assert not place.exists()
    assert "PYTEST_DEBUG_TEMPROOT" not in os.environ


def test_a_place_that_was_named_is_taken(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_DEBUG_TEMPROOT", str(tmp_path))
    with bootstrap.scratch():
        assert os.environ["PYTEST_DEBUG_TEMPROOT"] == str(tmp_path)
    assert tmp_path.exists()


def test_without_the_system_s_word_nothing_goes_to_memory(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "MEMORY", tmp_path / "absent")
    assert bootstrap.memory_free() == 0
