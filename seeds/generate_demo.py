"""Write the invented office's workbooks and settings to seeds/demo/: the same cells at every run.

python seeds/generate_demo.py            write them
python seeds/generate_demo.py --check    compare with what lies there; exit 1 where a sheet differs
"""

from __future__ import annotations

import argparse
import sys
import zipfile
from io import BytesIO
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from office.economy import build  # noqa: E402
from office.settings import settings_csv  # noqa: E402
from office.sheets import workbooks  # noqa: E402
from office.staff_office import staff_register  # noqa: E402
from office.statements import state_values  # noqa: E402
from office.workbooks import workbook  # noqa: E402

DEMO = HERE / "demo"
KEY = HERE / "planned_coinvestment.csv"


def generate() -> dict[str, bytes]:
    """File name -> content, in the order of receipt."""
    office = build()
    state_values(office)
    files = {name: workbook(sheets) for name, sheets in workbooks(office).items()}
    return files | {"settings.csv": settings_csv()}


def key() -> bytes:
    """What an auditor must say about co-investment, and what not: seeds/planned_coinvestment.csv."""
    return staff_register(build()).key()


def parts(content: bytes) -> dict[str, bytes]:
    """What a workbook holds, unpacked: two builds of zlib may pack the same sheets differently. Other files: themselves."""
    if not zipfile.is_zipfile(BytesIO(content)):
        return {"": content}
    with zipfile.ZipFile(BytesIO(content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="write nothing, compare")
    check = parser.parse_args().check
    files = generate()
    planned = key()
    lying = {path.name for path in DEMO.iterdir()} if DEMO.is_dir() else set()
    differing = sorted(lying ^ set(files))
    if check and (not KEY.is_file() or KEY.read_bytes() != planned):
        differing.append(KEY.name)
    elif not check:
        KEY.write_bytes(planned)
    for name, content in files.items():
        if check and name in lying and parts((DEMO / name).read_bytes()) != parts(content):
            differing.append(name)
        elif not check:
            DEMO.mkdir(exist_ok=True)
            (DEMO / name).write_bytes(content)
            print(f"{name}\t{len(content):,} bytes")
    if check and differing:
        print("differs:", ", ".join(differing), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
