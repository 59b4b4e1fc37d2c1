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
from office.statements import state_values  # noqa: E402
from office.workbooks import workbook  # noqa: E402

DEMO = HERE / "demo"


def generate() -> dict[str, bytes]:
    """File name -> content, in the order of receipt."""
    office = build()
    state_values(office)
    files = {name: workbook(sheets) for name, sheets in workbooks(office).items()}
    return files | {"settings.csv": settings_csv()}


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
    lying = {path.name for path in DEMO.iterdir()} if DEMO.is_dir() else set()
    differing = sorted(lying ^ set(files))
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
