"""The built wheel is whole: outside a checkout it makes a book, seeds it and serves the screens."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest

import fof

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built by the locked back-end without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    program = "import hatchling.build, sys; print(hatchling.build.build_wheel(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", program, str(folder)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return folder / done.stdout.split()[-1]


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, dict[str, str]]:
    """(program, folder to work in, environment): the wheel in an environment that holds nothing else of ours.

    Its dependencies are read from this environment's packages; the link to the checkout that lies there is a .pth file,
    which counts only in an environment's own folder.
    """
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder / "env")], check=True)
    python = folder / "env" / "bin" / "python"
    install = ["install", "-q", "--no-deps", "--no-index", "--disable-pip-version-check", str(wheel)]
    subprocess.run([sys.executable, "-m", "pip", "--python", str(python), *install], check=True)
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    own = subprocess.run(
        [str(python), "-c", where], capture_output=True, text=True, check=True
    ).stdout.strip()
    dependencies = Path(pytest.__file__).resolve().parents[1]
    (Path(own) / "dependencies.pth").write_text(f"{dependencies}\n")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "FOF_"))}
    environment |= {"FOF_DATA_DIR": str(folder / "data"), "FOF_LANG": "en"}
    environment["NUMBA_DISABLE_JIT"] = (
        "1"  # what the kernels compute is not asked here; building them takes a minute
    )
    (folder / "elsewhere").mkdir()
    return folder / "env" / "bin" / "fof", folder / "elsewhere", environment


def test_a_wheel_holds_the_three_packages_alone(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {n.split("/")[0] for n in names if ".dist-info/" not in n} == {"fof", "models", "valuation"}
    assert {"fof/shipped/app.py", "fof/shipped/.streamlit/config.toml", "fof/rules/parameters.toml"} <= set(
        names
    )


def test_outside_a_checkout_it_makes_a_book_and_seeds_it(
    installed: tuple[Path, Path, dict[str, str]],
) -> None:
    program, folder, environment = installed

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(program), *words], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )

    where = [str(program.with_name("python")), "-c", "import fof; print(fof.__file__)"]
    told = subprocess.run(
        where, cwd=folder, env=environment, capture_output=True, text=True, check=True
    ).stdout
    assert Path(told.strip()) != Path(fof.__file__), "the wheel is what is tested, not the checkout"
    for words in (("init",), ("seed", "pensions"), ("verify",), ("seed", "demo")):
        done = run(*words)
        assert done.returncode == 0, (words, done.stderr)
    assert "PF-2023" in run("performance", "--as-of", "2026-09-30").stdout
    frame = "import fof; print(fof.open().at('2026-09-30').performance().frame()['key'].tolist())"
    python = str(program.with_name("python"))
    asked = subprocess.run(
        [python, "-c", frame], cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
    assert "'PF-2023'" in asked.stdout


def test_outside_a_checkout_it_serves_the_screens(installed: tuple[Path, Path, dict[str, str]]) -> None:
    program, folder, environment = installed
    environment = environment | {"FOF_DATA_DIR": str(folder.parent / "served"), "FOF_NO_BROWSER": "1"}
    subprocess.run([str(program), "init"], cwd=folder, env=environment, check=True, capture_output=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = folder.parent / "server.log"
    with log.open("w") as out:
        server = subprocess.Popen(
            [str(program), "ui", "--port", str(port)], cwd=folder, env=environment, stdout=out, stderr=out
        )
    try:
        deadline = time.monotonic() + 120
        answer = b""
        while b"<title>" not in answer:
            assert server.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            with suppress(OSError):
                answer = urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=1).read()
            time.sleep(0.1)
        assert "Traceback" not in log.read_text()
    finally:
        server.terminate()
        server.wait(20)
