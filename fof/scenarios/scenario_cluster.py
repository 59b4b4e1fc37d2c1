"""Chunks of a run made by the workers of a Dask cluster; docs/operations.md says how one is set up.

What leaves this machine are the arrays of the run (fof.scenarios.scenario_inputs): numbers without a name. They travel as a
task of their own, so that a worker that comes late or takes over from another gets them from the scheduler again. A chunk that
was on a worker when it died is made anew by another. Scheduler and workers must be of the same program: what they say of
themselves is compared before anything is sent, and every chunk says who made it.
"""

from __future__ import annotations

import logging
import platform
import re
import ssl
import time
import uuid
import warnings
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from fof.errors import FofError, Problem, Refused, Where
from fof.scenarios.scenario_chunks import Span, code_version
from fof.scenarios.scenario_inputs import ScenarioInputs
from models.frozen import frozen
from models.text import Text
from valuation.scenario_paths import ChunkRows, ScenarioArrays, simulate_chunk

CONNECT_SECONDS = 10.0
"""How long a scheduler may take to answer, and the first worker to be there."""
PATIENCE_SECONDS = 60.0
"""How long a run waits for a new worker once the last one is gone."""
CERTIFICATES = ("ca.pem", "cert.pem", "key.pem")
"""The files of a folder of certificates: whom to trust, who we are, our key."""
_ADDRESS = re.compile(r"(tcp|tls)://(\[[0-9a-fA-F:]+\]|[^/\s:\[\]]+):(\d{1,5})")


class ClusterUnavailable(FofError):
    """The scheduler cannot be reached, has no worker, is of another version, or went away during the run."""

    code = "cluster_unavailable"


@frozen
class ClusterAddress:
    """tcp://host:port, or tls://host:port with a folder that holds CERTIFICATES. Refused, with every problem, for anything else."""

    scheduler: str
    certificates: Path | None = None

    def __post_init__(self) -> None:
        problems = []
        match = _ADDRESS.fullmatch(self.scheduler)
        if match is None or not 0 < int(match[3]) < 2**16:
            form = Text("tcp://主机:端口 或 tls://主机:端口", "tcp://host:port or tls://host:port")
            problems.append(Problem("no_scheduler_address", form, self.scheduler, Where(field="--scheduler")))
        elif match[1] == "tls" and self.certificates is None:
            asked = Text(
                f"tls:// 需要证书文件夹，内有 {'、'.join(CERTIFICATES)}",
                f"tls:// needs a folder of certificates with {', '.join(CERTIFICATES)}",
            )
            problems.append(Problem("no_certificates", asked, None, Where(field="--certificates")))
        elif match[1] == "tcp" and self.certificates is not None:
            plain = Text(
                "tcp:// 不加密；有证书时用 tls://", "tcp:// is not encrypted; with certificates, tls://"
            )
            problems.append(Problem("certificates_unused", plain, self.scheduler, Where(field="--scheduler")))
        problems += _absent(self.certificates)
        if problems:
            raise Refused(problems, Text("集群", "the cluster"))

    def security(self) -> Any:
        """What the client proves itself with; None without encryption."""
        if self.certificates is None:
            return None
        from distributed.security import Security

        ca, cert, key = (str(self.certificates / name) for name in CERTIFICATES)
        return Security(tls_ca_file=ca, tls_client_cert=cert, tls_client_key=key, require_encryption=True)


def _absent(folder: Path | None) -> list[Problem]:
    """Certificates that a folder does not hold."""
    where = Where(field="--certificates")
    return [
        Problem(
            "no_certificate",
            Text(f"证书文件夹中应有 {name}", f"the folder of certificates should hold {name}"),
            str(folder),
            where,
        )
        for name in CERTIFICATES
        if folder is not None and not (folder / name).is_file()
    ]


class ChunkOfWorker(NamedTuple):
    """A chunk and the version of the kernels that made it."""

    version: str
    rows: ChunkRows


def program_versions() -> dict[str, str]:
    """What the bits of a result may hang on, of the process that is asked."""
    packages = {name: version(name) for name in ("distributed", "numba", "numpy")}
    return {"kernels": code_version(), "python": platform.python_version(), **packages}


def received(arrays: ScenarioArrays) -> ScenarioArrays:
    """The arrays as a worker holds them for its chunks."""
    return arrays


def worker_chunk(arrays: ScenarioArrays, seed: int, first: int, count: int) -> ChunkOfWorker:
    """A chunk, made by a worker."""
    return ChunkOfWorker(code_version(), simulate_chunk(arrays, seed, first, count))


class ClusterMaker:
    """Makes chunks on the workers of a cluster. ClusterUnavailable where it cannot be had or is of another version."""

    def __init__(self, inputs: ScenarioInputs, address: ClusterAddress) -> None:
        self._address, self._seed = address, inputs.scenario.seed
        self._client = _connected(address)
        try:
            self._require_workers()
            self._require_same_program()
            self._run = uuid.uuid4().hex
            self._arrays = self._client.submit(received, inputs.arrays, key=f"arrays-{self._run}")
        except BaseException:
            self.close()
            raise
        self._counted, self._threads, self._alone_since = 0.0, self._count_threads(), 0.0

    @property
    def ahead(self) -> int:
        return 2 * self._threads + 2

    def submit(self, span: Span) -> ChunkToFetch:
        key = f"chunk-{self._run}-{span[0]}"
        return ChunkToFetch(
            self._client.submit(worker_chunk, self._arrays, self._seed, *span, key=key), self._address
        )

    def still_there(self) -> None:
        """ClusterUnavailable where the scheduler is gone, or every worker for too long."""
        if self._client.status != "running":
            raise _lost(self._address)
        now = time.monotonic()
        if now - self._counted < 1.0:
            return
        self._counted, self._threads = now, self._count_threads()
        if self._threads:
            self._alone_since = now
        elif now - self._alone_since > PATIENCE_SECONDS:
            raise ClusterUnavailable(
                Text(
                    f"调度器 {self._address.scheduler} 已无工作进程；已完成的分块仍在",
                    f"the scheduler {self._address.scheduler} has no worker any more; finished chunks are where they were",
                )
            )

    def close(self) -> None:
        self._client.close(timeout=2)

    def _count_threads(self) -> int:
        try:
            return sum(self._client.nthreads().values())
        except (OSError, TimeoutError, RuntimeError):
            raise _lost(self._address) from None

    def _require_workers(self) -> None:
        try:
            self._client.wait_for_workers(1, timeout=CONNECT_SECONDS)
        except TimeoutError:
            raise ClusterUnavailable(
                Text(
                    f"调度器 {self._address.scheduler} 没有工作进程：先用 dask worker 启动",
                    f"the scheduler {self._address.scheduler} has no worker: start one with dask worker",
                )
            ) from None

    def _require_same_program(self) -> None:
        """Scheduler and workers say what they are; each that differs is named with what differs."""
        stated = {"scheduler": _answer(self._client, scheduler=True)} | _answer(self._client)
        problems = [
            Problem("other_version", text, None, Where(field=str(who)))
            for who, versions in stated.items()
            if (text := _difference(program_versions(), versions)) is not None
        ]
        if problems:
            raise Refused(problems, Text("集群", "the cluster"))


class ChunkToFetch:
    """A chunk that a worker makes."""

    def __init__(self, future: Any, address: ClusterAddress) -> None:
        self._future, self._address = future, address

    def result(self, timeout: float | None = None) -> ChunkRows:
        """The chunk; TimeoutError where it is not there in time, ClusterUnavailable where it will never be."""
        from distributed.client import FutureCancelledError
        from distributed.scheduler import KilledWorker

        try:
            made: ChunkOfWorker = self._future.result(timeout=timeout)
        except TimeoutError:
            raise
        except (FutureCancelledError, OSError):
            raise _lost(self._address) from None
        except KilledWorker:
            raise ClusterUnavailable(
                Text(
                    "算同一分块的工作进程接连中止，可能是内存不足；已完成的分块仍在",
                    "worker after worker died over one chunk, for want of memory perhaps; finished chunks are where they were",
                )
            ) from None
        if made.version != code_version():
            raise ClusterUnavailable(
                Text(
                    f"运行中加入的工作进程程序版本为 {made.version}，本机为 {code_version()}；已完成的分块仍在",
                    f"a worker that joined during the run has kernels {made.version}, ours are {code_version()}; finished chunks are where they were",
                )
            )
        return made.rows

    def cancel(self) -> None:
        """No longer wanted."""
        if self._future.client.status == "running":
            self._future.cancel()


def _connected(address: ClusterAddress) -> Any:
    """A client of the scheduler. ClusterUnavailable where it does not answer, or where the extra is not installed."""
    try:
        import distributed
    except ModuleNotFoundError:
        raise ClusterUnavailable(
            Text(
                "未安装集群所需的组件：pip install 'fof[cluster]'",
                "what a cluster needs is not installed: pip install 'fof[cluster]'",
            )
        ) from None
    for name in ("distributed.client", "distributed.comm", "distributed.core", "distributed.batched"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what it would say is said by our errors
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of versions: compared below, and refused
            return distributed.Client(
                address.scheduler,
                security=address.security(),
                timeout=CONNECT_SECONDS,
                set_as_default=False,
                name="fof",
            )
    except (OSError, TimeoutError, ssl.SSLError, ValueError, TypeError) as error:
        silent = "Timed out" in str(error)  # the library says so in English
        why = f"{CONNECT_SECONDS:.0f} 秒内没有应答" if silent else str(error)
        raise ClusterUnavailable(
            Text(
                f"连不上调度器 {address.scheduler}（{why}）；什么也没有丢失，可在本机运行或稍后再试",
                f"the scheduler {address.scheduler} cannot be reached ({error}); nothing is lost: run it here, or try later",
            )
        ) from None


def _answer(client: Any, *, scheduler: bool = False) -> Any:
    """What the scheduler, or each worker, says of itself; in place of it the error of one that cannot."""
    if not scheduler:
        return client.run(program_versions, on_error="return")
    try:
        return client.run_on_scheduler(program_versions)
    except Exception as error:
        return error


_ZH = {"kernels": "程序"}
"""What of a machine's versions has a Chinese name."""


def _difference(ours: Mapping[str, str], theirs: Any) -> Text | None:
    """In words what a machine has otherwise than we; None where nothing is."""
    if not isinstance(theirs, Mapping):
        return Text(
            f"那里没有同版本的程序（{theirs}）：用同一安装包与同一锁文件安装",
            f"this program is not there in this version ({theirs}): install the same package from the same lock",
        )
    off = [(name, theirs.get(name, "-"), own) for name, own in ours.items() if theirs.get(name) != own]
    if not off:
        return None
    return Text(
        "版本不同：" + "；".join(f"{_ZH.get(name, name)} {other}，本机 {own}" for name, other, own in off),
        "another version: " + "; ".join(f"{name} {other}, ours {own}" for name, other, own in off),
    )


def _lost(address: ClusterAddress) -> ClusterUnavailable:
    return ClusterUnavailable(
        Text(
            f"与调度器 {address.scheduler} 的连接中断；已完成的分块仍在，可由此续算",
            f"the connection to the scheduler {address.scheduler} broke; finished chunks are where they were, and a run goes on from them",
        )
    )
