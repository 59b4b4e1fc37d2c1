"""What an engine or the system says when it fails, as what a person can do about it.

Every failure of a driver that is not our own fault becomes one of fof.errors: a sentence of what happened and what to do. The
sentences hold no address and no path: they stand on pages too. A command adds which book it was.
"""

from __future__ import annotations

import errno
import sqlite3

from fof.errors import Busy, Damaged, FofError, NotReady, Problem, Refused, Replaced, Unavailable, Where
from models.text import Text

BUSY_STATES = frozenset({"55P03", "40P01", "40001", "53200", "57014"})
"""PostgreSQL: lock not available, deadlock, serialisation, out of memory, time-out. The transaction is gone; it may be sent again."""
_GONE = ("08", "57P")  # connection exceptions; shutdown, crash, starting up, database dropped


def busy() -> Busy:
    """The writer's lock was not had in time."""
    return Busy(
        Text(
            "账本正被另一写入占用，等待超时，未写入任何内容：请稍后重试",
            "the book is busy and the wait was in vain; nothing was written: send the request again later",
        )
    )


def no_book() -> NotReady:
    """There is a database, and no book in it."""
    return NotReady(
        Text(
            "这里还没有账本：请先运行 fof init；若本来有，请检查 FOF_DATABASE_URL，或用备份恢复",
            "there is no book here yet: run fof init first; if there was one, check FOF_DATABASE_URL or restore a backup",
        )
    )


def no_revision() -> NotReady:
    """A book whose version row is gone."""
    return NotReady(
        Text(
            "账本没有版本记录，无法确认能否使用：请用备份恢复（fof restore），或请维护者补上版本记录",
            "the book does not say its schema version: restore a backup (fof restore), or have the version row put back",
        )
    )


def damaged() -> Damaged:
    """The file is no database of SQLite, or no whole one; or PostgreSQL finds a page of it broken."""
    return Damaged(
        Text(
            "该文件不是账本，或已损坏：请用备份恢复（fof restore），或把它移开后运行 fof init",
            "the file is no book, or a damaged one: restore a backup (fof restore), or move it away and run fof init",
        )
    )


def _full() -> Unavailable:
    return Unavailable(
        Text(
            "磁盘已满，或已达文件大小限额：请腾出空间后重试",
            "the disk is full, or a limit on files is reached: make room, then send the request again",
        )
    )


def _input_output() -> Unavailable:
    return Unavailable(
        Text(
            "读写磁盘出错：请检查磁盘后重试，并运行 fof verify",
            "the disk failed to read or write: check it, then try again and run fof verify",
        ),
    )


def _read_only() -> Unavailable:
    return Unavailable(
        Text(
            "账本只能读取，不能写入：请检查文件与文件夹的权限（PostgreSQL 请连接主库）后重试",
            "the book can be read only: check the rights of the file and its folder (PostgreSQL: use the primary), then try again",
        ),
    )


def _cannot_open() -> Unavailable:
    return Unavailable(
        Text(
            "打不开账本文件：请检查文件与所在文件夹的权限",
            "the book's file cannot be opened: check the rights of the file and its folder",
        ),
    )


def _unreachable() -> Unavailable:
    return Unavailable(
        Text(
            "连不上数据库，或连接已中断：请确认数据库服务正在运行、地址无误后重试",
            "the database cannot be reached, or the connection broke: see that its server runs and the address is right, then try again",
        ),
    )


def _no_database() -> Unavailable:
    return Unavailable(
        Text(
            "服务器上没有这个数据库：请先建立数据库并运行 fof init，或用备份恢复",
            "there is no such database on the server: create it and run fof init, or restore a backup",
        ),
    )


def _no_login() -> Unavailable:
    return Unavailable(
        Text(
            "数据库拒绝登录：请检查用户名、口令与连接权限",
            "the database refuses the login: check user, password and the right to connect",
        ),
    )


def _no_connection_left() -> Unavailable:
    return Unavailable(
        Text(
            "数据库的连接数已用完：请关闭其他程序，或请管理员提高上限（max_connections）后重试",
            "the database has no connection left: close other programs or have the limit raised (max_connections), then try again",
        ),
    )


def _server_fault() -> Unavailable:
    """PostgreSQL's word for what it did not expect; where a file may not grow it says no more than this."""
    return Unavailable(
        Text(
            "数据库服务器自身出错（磁盘已满、已达限额也会如此）：请查看服务器日志，处理后重试",
            "the database server failed by itself (a full disk or a limit can be the cause): see its log, then try again",
        ),
    )


def no_right() -> Unavailable:
    """The login may not do it; nothing that is sent again changes that."""
    return Unavailable(
        Text(
            "数据库登录缺少权限：记账的登录须是 fof_app 角色的成员；fof init 与 fof restore 须用表的所有者（FOF_OWNER_URL）",
            "the login lacks a right: the login that books must be a member of the role fof_app; "
            "fof init and fof restore need the owner of the tables (FOF_OWNER_URL)",
        ),
    )


_SQLITE = {
    sqlite3.SQLITE_BUSY: busy,
    sqlite3.SQLITE_LOCKED: busy,
    sqlite3.SQLITE_FULL: _full,
    sqlite3.SQLITE_IOERR: _input_output,
    sqlite3.SQLITE_READONLY: _read_only,
    sqlite3.SQLITE_CANTOPEN: _cannot_open,
    sqlite3.SQLITE_PERM: _cannot_open,
    sqlite3.SQLITE_CORRUPT: damaged,
    sqlite3.SQLITE_NOTADB: damaged,
}
_POSTGRES = {
    "3D000": _no_database,
    "28000": _no_login,
    "28P01": _no_login,
    "42501": no_right,
    "53100": _full,
    "53300": _no_connection_left,
    "53400": _full,
    "25006": _read_only,
    "58030": _input_output,
    "42P01": no_book,
    "3F000": no_book,
    "XX001": damaged,
    "XX002": damaged,
}
_POSTGRES_CLASSES = {"28": _no_login, "53": _full, "58": _input_output, "XX": _server_fault}
_FILE = {
    errno.EROFS: _read_only,
    errno.EACCES: _cannot_open,
    errno.EPERM: _cannot_open,
    errno.EIO: _input_output,
}


_NO_ROOM = Text("磁盘已满，或已达文件大小限额", "the disk is full, or a limit on files is reached")
_NO_WRITING = Text("没有写入权限，请换一个位置", "no right to write there, name another place")
_WHY = {
    errno.ENOSPC: _NO_ROOM,
    errno.EDQUOT: _NO_ROOM,
    errno.EFBIG: _NO_ROOM,
    errno.EROFS: _NO_WRITING,
    errno.EACCES: _NO_WRITING,
    errno.EPERM: _NO_WRITING,
    errno.EIO: Text("磁盘已满、已达限额或出错", "the disk is full, a limit is reached, or it fails"),
    errno.ENOENT: Text("文件夹不存在", "there is no such folder"),
    errno.ENOTDIR: Text("文件夹不存在", "there is no such folder"),
    errno.EISDIR: Text("这是一个文件夹", "it is a folder"),
    errno.ENAMETOOLONG: Text("文件名过长", "the name is too long"),
}


_WRITING_FAILED = frozenset(
    {
        sqlite3.SQLITE_IOERR_WRITE,
        sqlite3.SQLITE_IOERR_FSYNC,
        sqlite3.SQLITE_IOERR_DIR_FSYNC,
        sqlite3.SQLITE_IOERR_TRUNCATE,
        sqlite3.SQLITE_IOERR_DELETE,
        sqlite3.SQLITE_IOERR_CLOSE,
    }
)


def explained_failure(error: BaseException) -> FofError | None:
    """The failure as a person is told it; None for anything that is our own fault, or told already."""
    cause = getattr(error, "orig", None) or error
    if isinstance(cause, sqlite3.Error):
        return _of_sqlite(cause)
    if isinstance(cause, OSError):
        return _full() if cause.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) else None
    if type(cause).__module__.partition(".")[0] == "psycopg":
        return _of_postgres(cause)
    return None


def of_book_file(error: OSError) -> FofError:
    """What the system says of the book's own file."""
    explained = explained_failure(error)
    return explained or _FILE.get(error.errno or 0, _cannot_open)()


def why_unwritten(error: OSError) -> Text:
    """Why the system did not write a file, in half a sentence."""
    return _WHY.get(error.errno or 0, Text("系统出错", str(error.strerror)))


def unwritten(file: str, what: Text, error: OSError) -> Refused:
    """What the system says of a file that was asked for: it is the request's place that does not do, not the book."""
    text = why_unwritten(error)
    sentence = Text(f"无法写入文件：{text.zh}", f"the file cannot be written: {text.en}")
    return Refused([Problem("cannot_write", sentence, None, Where(file))], what)


def unwritten_copy(file: str, what: Text, error: sqlite3.Error) -> Refused | None:
    """The same of a copy that SQLite writes while the book is only read; None where the fault may be the book's."""
    code = getattr(error, "sqlite_errorcode", 0)
    if code & 0xFF == sqlite3.SQLITE_FULL:
        return unwritten(file, what, OSError(errno.ENOSPC, ""))
    return unwritten(file, what, OSError(errno.EIO, "")) if code in _WRITING_FAILED else None


def lost(error: BaseException) -> bool:
    """Whether the server did not answer: after COMMIT nobody knows then what became of it. On SQLite nobody ever does."""
    cause = getattr(error, "orig", None) or error
    state = getattr(cause, "sqlstate", None)
    return not state or str(state).startswith(_GONE)


def _of_sqlite(error: sqlite3.Error) -> FofError | None:
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return None
    if code == sqlite3.SQLITE_READONLY_DBMOVED:  # the file that was opened no longer lies in its place
        return Replaced()
    refusal = _SQLITE.get(code & 0xFF)
    if refusal is not None:
        return refusal()
    return no_book() if "no such table" in str(error) else None


def _of_postgres(error: BaseException) -> FofError | None:
    state = getattr(error, "sqlstate", None)
    if state is None:  # the server did not answer, or refused the connection; then it says why in words only
        if type(error).__name__ not in ("OperationalError", "InterfaceError", "ConnectionTimeout"):
            return None
        return _refused(str(error))
    if state in BUSY_STATES:
        return busy()
    if str(state).startswith(_GONE):
        return _unreachable()
    refusal = _POSTGRES.get(str(state)) or _POSTGRES_CLASSES.get(str(state)[:2])
    return None if refusal is None else refusal()


def _refused(words: str) -> FofError:
    if 'database "' in words and "does not exist" in words:
        return _no_database()
    if (
        "authentication failed" in words
        or "no password supplied" in words
        or ('role "' in words and "exist" in words)
    ):
        return _no_login()
    if "permission denied" in words:
        return _no_login()
    if any(
        full in words for full in ("too many connections", "too many clients", "remaining connection slots")
    ):
        return _no_connection_left()
    return _unreachable()
