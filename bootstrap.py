"""Set-up and start with nothing but Python: `make run` and `make test` call this file.

    python3 bootstrap.py run      environment, database, demo office, real positions, web page on 127.0.0.1
    python3 bootstrap.py test     environment with test tools, browser and fonts, then every test
    python3 bootstrap.py soak     the long tests in full, a quarter to half an hour
    python3 bootstrap.py check    format, lint, types, import contracts
    python3 bootstrap.py bench    environment with the peers, then the benchmarks
    python3 bootstrap.py setup KIND    the environment alone (run, cluster, test or bench)

The environment is .venv beside this file, filled from a hashed lock by pip and by nothing else; it is filled again only
when the lock changes, and without a change nothing asks the network. FOF_PORT chooses the port, FOF_DATABASE_URL and FOF_DATA_DIR the book, FOF_NO_BROWSER=1 leaves the browser shut.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
FOF = BIN / ("fof.cmd" if os.name == "nt" else "fof")
COVERS = {
    "run": ("run", "cluster", "test", "bench"),
    "cluster": ("cluster", "test", "bench"),
    "test": ("test", "bench"),
    "bench": ("bench",),
}
"""Which locks satisfy a need: the bench lock holds the test lock, which holds that of the cluster, which holds the run lock."""
BROWSERS, FONTS = ("chromium-headless-shell", "chromium"), "fonts-noto-cjk"
"""Packages of Debian: the browser without a window takes a quarter less of the processor and is not everywhere."""


def say(text: str) -> None:
    print(f"[fof] {text}", file=sys.stderr, flush=True)


def fail(text: str) -> None:
    say(text)
    raise SystemExit(2)


def child_environment() -> dict[str, str]:
    """The environment of everything started here: compiled modules are kept, the checkout is found."""
    environment = {
        k: v
        for k, v in os.environ.items()
        if k not in ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "PYTHONHOME")
    }
    environment["PATH"] = f"{BIN}{os.pathsep}{environment.get('PATH', '')}"
    environment["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    return environment


def call(*command: str | Path, quiet: bool = False) -> None:
    """Run a command in the checkout; stop with its exit status where it fails."""
    output = subprocess.DEVNULL if quiet else None
    status = subprocess.run(
        [str(c) for c in command], cwd=ROOT, env=child_environment(), stdout=output, check=False
    )
    if status.returncode:
        raise SystemExit(status.returncode)


def setup(kind: str) -> None:
    """Make .venv and install the lock of `kind`, once per content of the lock."""
    if sys.version_info < (3, 11) or sys.version_info >= (3, 14):
        fail(f"Python 3.11 to 3.13 is needed, this is {sys.version.split()[0]}")
    locks = {name: ROOT / "requirements" / f"{name}.lock" for name in COVERS}
    digests = {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in locks.items()}
    stamp = VENV / "fof-lock"
    installed = stamp.read_text().split() if stamp.exists() else []
    if any([name, digests[name]] == installed for name in COVERS[kind]):
        return
    started = time.monotonic()
    if not PYTHON.exists():
        say("making .venv")
        try:
            subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
        except subprocess.CalledProcessError:
            fail(
                "python's venv module could not make an environment; on Debian install the package python3-venv"
            )
    say(f"installing the locked packages ({kind}); about a minute on a new machine")
    call(
        PYTHON,
        "-m",
        "pip",
        "install",
        "-q",
        "--no-compile",
        "--require-hashes",
        "-r",
        locks[kind],
        quiet=True,
    )
    link()
    stamp.write_text(f"{kind} {digests[kind]}")
    say(f"environment ready after {time.monotonic() - started:.0f} s")


LAUNCHER = """#!/bin/sh
'''exec' '{python}' "$0" "$@"
' '''
import sys

from fof.cli import main

sys.exit(main())
"""
"""Starts under a shell, so that a path of any length and with blanks in it will do; to Python its first lines are a text."""
LAUNCHER_NT = '@"{python}" -c "import sys; from fof.cli import main; sys.exit(main())" %*\n'


def link() -> None:
    """Let the environment see this checkout and give it the command. Nothing is built, so no build tool is fetched."""
    answer = subprocess.run(
        [str(PYTHON), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True,
        capture_output=True,
        text=True,
    )
    (Path(answer.stdout.strip()) / "fof.pth").write_text(f"{ROOT}\n", encoding="utf-8")
    launcher = LAUNCHER_NT if os.name == "nt" else LAUNCHER
    FOF.unlink(missing_ok=True)
    FOF.write_text(launcher.format(python=PYTHON), encoding="utf-8")
    FOF.chmod(0o755)


def browser() -> None:
    """Chromium and Chinese fonts for the tests that drive a browser; installed where apt works as root."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    chromium = os.environ.get("FOF_CHROMIUM") or next((n for n in names if shutil.which(n)), None)
    fonts = any(
        Path(p).exists()
        for p in ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", "/System/Library/Fonts")
    )
    if chromium and fonts:
        return
    apt = shutil.which("apt-get")
    if apt is None or not hasattr(os, "geteuid") or os.geteuid() != 0:
        fail(
            "the tests drive a real browser: install Chromium and a Chinese font (Debian: chromium fonts-noto-cjk)"
        )
    say("installing Chromium and Chinese fonts")
    quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
    subprocess.run([str(apt), "update", "-qq"], check=False, **quiet)  # type: ignore[call-overload]
    for package in BROWSERS:
        install = [str(apt), "install", "-y", "-qq", package, FONTS]
        if not subprocess.run(install, check=False, **quiet).returncode:  # type: ignore[call-overload]
            return
    fail(f"apt-get could not install {' or '.join(BROWSERS)} with {FONTS}")


def run() -> None:
    """The main job: a book with the demo office and real positions in it, and the page."""
    setup("run")
    fof = FOF
    kernels = subprocess.Popen([str(fof), "warmup"], cwd=ROOT, env=child_environment())
    call(fof, "init")
    call(fof, "seed", "demo", "--if-empty")
    call(fof, "seed", "pensions", "--if-empty")
    kernels.wait()
    port = int(os.environ.get("FOF_PORT") or free_port(8501))
    server = subprocess.Popen([str(fof), "ui", "--port", str(port)], cwd=ROOT, env=child_environment())
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            if server.poll() is not None:
                raise SystemExit(server.returncode)
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{address}/_stcore/health", timeout=1).close()
                say(f"open {address} (Ctrl+C ends it)")
                break
            time.sleep(0.1)
        server.wait()
    except KeyboardInterrupt:
        say("stopped")
    finally:
        server.terminate()


def free_port(wanted: int) -> int:
    """The wanted port, or the next free one."""
    for port in range(wanted, wanted + 50):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
    return wanted


MEMORY = Path("/dev/shm")
ROOM = 6 * 2**30
"""Bytes that must be free in memory before the books of the tests are put there; a whole run takes less than 3 GiB."""


@contextlib.contextmanager
def scratch() -> Iterator[None]:
    """A folder for the books that tests make, removed afterwards: in memory where there is room.

    A test waits for the disk at every commit, on both engines, and a test's book need not outlive the machine's power.
    """
    place = MEMORY if memory_free() >= ROOM else None
    if "PYTEST_DEBUG_TEMPROOT" in os.environ:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="fof-tests-", dir=place, ignore_cleanup_errors=True) as folder:
        os.environ["PYTEST_DEBUG_TEMPROOT"] = folder
        try:
            yield
        finally:
            del os.environ["PYTEST_DEBUG_TEMPROOT"]


def memory_free() -> int:
    """Bytes that files in memory may still take; 0 where the system keeps none."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        available = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
        return min(available, shutil.disk_usage(MEMORY).free) if os.access(MEMORY, os.W_OK) else 0
    except (OSError, StopIteration):
        return 0


def test(arguments: list[str]) -> None:
    """Every test, on SQLite, PostgreSQL and in a browser."""
    setup("test")
    browser()
    with scratch():
        call(PYTHON, "-m", "pytest", *(arguments or ["-n", "2", "--dist", "loadfile", "-q"]))


SOAK = {"FOF_SOAK": "1", "FOF_LIVES": "200"}
"""What makes the long tests run in full; `make test` runs a fixed small part of them."""
LONG = (
    "tests/test_second_computation.py",
    "tests/test_second_coverage.py",
    "tests/test_second_institutions.py",
    "tests/test_second_firms.py",
    "tests/test_fof_ledger_replaced.py",
    "tests/test_fof_intake_random.py",
)


def soak(arguments: list[str]) -> None:
    """The full numbers of the tests that have a long form."""
    setup("test")
    os.environ.update(SOAK)
    with scratch():
        call(PYTHON, "-m", "pytest", *(arguments or ["-n", "2", "-q", "--durations=10", *LONG]))


def check() -> None:
    """What a machine can say about the code itself."""
    setup("test")
    call(BIN / "ruff", "check", ".")
    call(BIN / "ruff", "format", "--check", "-q", ".")
    call(BIN / "mypy")
    call(BIN / "lint-imports", "--no-cache")


def main() -> None:
    what, *rest = sys.argv[1:] or ["help"]
    if what == "run":
        run()
    elif what == "test":
        test(rest)
    elif what == "soak":
        soak(rest)
    elif what == "check":
        check()
    elif what == "bench":
        setup("bench")
        call(PYTHON, "-m", "benchmarks", *rest)
    elif what == "setup" and rest and rest[0] in COVERS:
        setup(rest[0])
    else:
        print(__doc__)


if __name__ == "__main__":
    main()
