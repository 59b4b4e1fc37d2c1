"""The bounded scan of a zipped workbook, before a reader trusts it.

Sizes are measured while unpacking, never believed; nothing is kept of a part but what the scan asks for.
"""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Callable
from io import BytesIO
from xml.parsers import expat

from fof.importers import file_limits
from models.text import Text

_ACTIVE = re.compile(
    r"vbaproject|macrosheets|dialogsheets|externallinks|embeddings|activex|ctrlprops|connections\.xml|querytables",
    re.IGNORECASE,
)
_MACRO_TYPE = re.compile(rb"macroenabled|vbaproject|intlmacrosheet", re.IGNORECASE)
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_CHUNK = 64 * 1024


class Rejected(Exception):
    """The file is refused as a whole. code, expected, found."""

    def __init__(self, code: str, expected: Text, found: str | None = None) -> None:
        super().__init__(code)
        self.code, self.expected, self.found = code, expected, found


def scan(data: bytes) -> zipfile.ZipFile:
    """Open the container once it is known to be harmless: names, kinds of parts, overlaps, measured sizes.

    Rejected where a part is encrypted, twice there, outside the container, active (macros, links, embedded
    objects), overlapping another, too large when unpacked, or damaged.
    """
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error, EOFError):
        raise Rejected(
            "damaged_file", Text("工作簿文件已损坏，无法打开", "a workbook that can be opened")
        ) from None
    infos = archive.infolist()
    if len(infos) > file_limits.PARTS:
        raise Rejected(
            "too_many_parts",
            Text(f"工作簿内部件不超过 {file_limits.PARTS} 个", f"at most {file_limits.PARTS} parts"),
            str(len(infos)),
        )
    _check_names(infos)
    _check_overlap(data, infos)
    _check_sizes(archive, infos)
    for info in infos:
        if info.filename.lower() == "[content_types].xml" and _MACRO_TYPE.search(archive.read(info)):
            raise _active(info.filename)
    return archive


def _active(name: str) -> Rejected:
    return Rejected(
        "active_content",
        Text(
            "工作簿不得含宏、外部链接、数据连接或嵌入对象；请断开链接、删去对象后另存为普通 .xlsx，或把数据粘贴到新工作簿",
            "a workbook without macros, external links, connections or embedded objects; break the links, delete the "
            "objects and save it as plain .xlsx, or paste the data into a new workbook",
        ),
        name,
    )


def _check_names(infos: list[zipfile.ZipInfo]) -> None:
    seen: set[str] = set()
    for info in infos:
        name = info.filename
        folded = name.casefold()
        if folded in seen:
            raise Rejected("duplicate_part", Text("工作簿内部件名不得重复", "parts of different names"), name)
        seen.add(folded)
        if name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/") or "\0" in name:
            raise Rejected("bad_part_name", Text("工作簿内部件名不合规", "ordinary part names"), name)
        if info.flag_bits & 0x41 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Rejected(
                "encrypted",
                Text("工作簿不得加密", "a workbook without a password or unusual compression"),
                name,
            )
        if (info.external_attr >> 28) == 0xA:
            raise Rejected("bad_part_name", Text("工作簿内不得有链接", "no links inside the workbook"), name)
        if _ACTIVE.search(name):
            raise _active(name)


def _check_overlap(data: bytes, infos: list[zipfile.ZipInfo]) -> None:
    """No two parts may share bytes: a small file could unpack the same bytes many times over."""
    end = 0
    for info in sorted(infos, key=lambda i: i.header_offset):
        start = info.header_offset
        if start < end or start + _LOCAL_HEADER.size > len(data):
            raise Rejected(
                "overlapping_parts", Text("工作簿内部件不得重叠", "parts that do not overlap"), info.filename
            )
        magic, name_length, extra_length = _LOCAL_HEADER.unpack_from(data, start)
        if magic != b"PK\x03\x04":
            raise Rejected(
                "damaged_file",
                Text("工作簿文件已损坏，无法打开", "a workbook that can be opened"),
                info.filename,
            )
        end = start + _LOCAL_HEADER.size + name_length + extra_length + info.compress_size


def _check_sizes(archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo]) -> None:
    total, most = 0, file_limits.PART_BYTES // file_limits.MEGABYTE
    for info in infos:
        size = 0
        try:
            with archive.open(info) as part:
                while chunk := part.read(_CHUNK):
                    size += len(chunk)
                    total += len(chunk)
                    if size > file_limits.PART_BYTES or total > file_limits.UNPACKED_BYTES:
                        raise Rejected(
                            "too_large_unpacked",
                            Text(
                                f"工作簿解压后不超过 {file_limits.UNPACKED_BYTES // file_limits.MEGABYTE} MB，每个工作表不超过 {most} MB；"
                                "请删去数据之外带格式的空白行列，或把数据粘贴到新工作簿",
                                f"at most {file_limits.UNPACKED_BYTES // file_limits.MEGABYTE} MB unpacked and {most} MB a sheet; delete "
                                "formatted blank rows and columns, or paste the data into a new workbook",
                            ),
                            info.filename,
                        )
        except (
            zipfile.BadZipFile,
            OSError,
            EOFError,
            ValueError,
            NotImplementedError,
            RuntimeError,
        ) as error:
            raise Rejected(
                "damaged_file",
                Text("工作簿文件已损坏，无法打开", "a workbook that can be opened"),
                str(error)[:100],
            ) from None
        except Exception as error:
            if type(error).__module__ != "zlib":
                raise
            raise Rejected(
                "damaged_file",
                Text("工作簿文件已损坏，无法打开", "a workbook that can be opened"),
                info.filename,
            ) from None


def parse_part(
    archive: zipfile.ZipFile,
    name: str,
    start: Callable[[str, dict[str, str]], None],
    text: Callable[[str], None] | None = None,
    text_since: tuple[str, Callable[[str], None]] | None = None,
) -> None:
    """Stream one XML part; `start` is called with the local name and attributes of every element, `text` with what stands
    between them; text_since: the name of an element from which on another is called instead.

    Rejected where the part is missing, is not XML or declares a document type (entities are never expanded).
    """
    parser = expat.ParserCreate(namespace_separator=" ")

    def refuse_doctype(*_: object) -> None:
        raise Rejected("doctype", Text("工作簿内不得有 DTD 声明", "no document type declaration"), name)

    local: dict[str, str] = {}

    def on_start(tag: str, attributes: dict[str, str]) -> None:
        short = local.get(tag)
        if short is None:
            short = local[tag] = tag.rpartition(" ")[2]
        if text_since is not None and short == text_since[0]:
            parser.buffer_text, parser.CharacterDataHandler = True, text_since[1]
        start(short, attributes)

    parser.StartDoctypeDeclHandler = refuse_doctype
    parser.StartElementHandler = on_start
    if text is not None:
        parser.buffer_text = True
        parser.CharacterDataHandler = text
    try:
        with archive.open(name) as part:
            parser.ParseFile(part)
    except KeyError:
        raise Rejected(
            "damaged_file", Text("工作簿缺少部件", "every part the workbook names"), name
        ) from None
    except expat.ExpatError as error:
        raise Rejected(
            "damaged_file", Text("工作簿内容不是合法的 XML", "well-formed XML"), f"{name}: {error}"
        ) from None
