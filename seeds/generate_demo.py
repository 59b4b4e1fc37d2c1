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
from office.instrument_office import instrument_register  # noqa: E402
from office.pool_office import pool_register  # noqa: E402
from office.settings import settings_csv  # noqa: E402
from office.sheets import workbooks  # noqa: E402
from office.staff_office import staff_register  # noqa: E402
from office.statements import state_values  # noqa: E402
from office.workbooks import workbook  # noqa: E402

DEMO = HERE / "demo"
INSTRUMENTS, POOLS = "instruments.xlsx", "pools.xlsx"
"""What arrived about the small instruments and about risk-compensation pools, a workbook each: they are booked after those of the
years."""


def generate() -> dict[str, bytes]:
    """File name -> content, in the order of receipt."""
    office = build()
    state_values(office)
    files = {name: workbook(sheets) for name, sheets in workbooks(office).items()}
    beside = {INSTRUMENTS: instrument_register(office), POOLS: pool_register(office)}
    files |= {name: workbook(register.workbook()) for name, register in beside.items()}
    return files | {"settings.csv": settings_csv()}


def keys() -> dict[str, bytes]:
    """What an auditor must say about co-investment, small instruments and pools, and what not, by file beside this one."""
    office = build()
    return {
        "planned_coinvestment.csv": staff_register(office).key(),
        "planned_instruments.csv": instrument_register(office).key(),
        "planned_pools.csv": pool_register(office).key(),
    }


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
    planned = keys()
    lying = {path.name for path in DEMO.iterdir()} if DEMO.is_dir() else set()
    differing = sorted(lying ^ set(files))
    for name, lines in planned.items():
        path = HERE / name
        if check and (not path.is_file() or path.read_bytes() != lines):
            differing.append(name)
        elif not check:
            path.write_bytes(lines)
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
