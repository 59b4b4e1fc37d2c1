"""Runs on a real scheduler and two real workers: the same bits, a killed worker, a killed scheduler, another version."""

from __future__ import annotations

import datetime as dt
import json
import pickle
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from fof.cli import main
from fof.errors import Refused
from fof.scenarios import path_summary, scenario_cluster
from fof.scenarios.projection import inputs_of
from fof.scenarios.scenario_chunks import Cancelled
from fof.scenarios.scenario_cluster import (
    ChunkOfWorker,
    ChunkToFetch,
    ClusterAddress,
    ClusterMaker,
    ClusterUnavailable,
)
from fof.scenarios.scenario_inputs import ScenarioInputs
from fof.scenarios.scenario_runs import ScenarioRun, run_scenario
from fof.scenarios.scenario_spec import read_scenario
from models.kinds import EntryKind
from models.posting_kinds import PostingKind
from valuation.scenario_paths import simulate_chunk

SPEC = "name = 'x'\npaths = 8192\nhorizon = 4\n[noise]\nmarket = 0.2\nown = 0.2\n"


@pytest.fixture
def inputs(clerk) -> ScenarioInputs:
    clerk.party("PF", "parent_fund", portfolio="yes")
    for fund in ("A", "B"):
        clerk.party(fund, "sub_fund")
        clerk.pay(PostingKind.COMMITMENT, "PF", fund, 1_000, "2024-01-02", entry=EntryKind.COMMITMENT)
        clerk.pay(PostingKind.CALL_INVESTMENT, "PF", fund, 400, "2024-02-01", entry=EntryKind.CALL_PAYMENT)
        clerk.mark("PF", fund, 500, "2026-06-30")
    return inputs_of(clerk.view("2026-09-30"), read_scenario(SPEC))[0]


def bits(run: ScenarioRun) -> bytes:
    return run.summary.means.tobytes() + run.summary.at_levels.tobytes()


# -- certificates and processes ------------------------------------------------------------------------------------


def certificates(folder: Path) -> Path:
    """An authority and one certificate of it for everybody, of a day."""
    now, host = dt.datetime.now(dt.UTC), x509.DNSName("localhost")
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, n)]) for n in ("authority", "localhost")]
    made = []
    for own, name, ca in zip(keys, names, (True, False), strict=True):
        made.append(
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(names[0])
            .public_key(own.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(hours=1))
            .not_valid_after(now + dt.timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([host]), critical=False)
            .sign(keys[0], hashes.SHA256())
        )
    folder.mkdir()
    for certificate, file in zip(made, ("ca.pem", "cert.pem"), strict=True):
        (folder / file).write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        keys[1].private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return folder


class Machines:
    """A scheduler and two workers, each a process of its own, over TLS."""

    def __init__(self, folder: Path) -> None:
        self.certificates = certificates(folder / "certificates")
        self._folder = folder
        self._tls = [
            text
            for option, file in (("ca", "ca"), ("cert", "cert"), ("key", "key"))
            for text in (
                f"--tls-{option}{'-file' if option == 'ca' else ''}",
                f"{self.certificates}/{file}.pem",
            )
        ]
        listed = folder / "scheduler.json"
        self.scheduler = self._start(
            "scheduler", "--protocol", "tls", "--host", "127.0.0.1", "--port", "0", "--no-show",
            "--scheduler-file", str(listed),
        )  # fmt: off
        until = time.monotonic() + 60
        while not (listed.exists() and listed.read_bytes().endswith(b"}")) and time.monotonic() < until:
            time.sleep(0.1)  # the file is there before it is written
        self.address = json.loads(listed.read_text("utf-8"))["address"]
        self.workers = [
            self._start(
                "worker", self.address, "--nthreads", "1", "--no-nanny", "--local-directory", str(folder)
            )
            for _ in range(2)
        ]

    def _start(self, kind: str, *words: str) -> subprocess.Popen[bytes]:
        module = f"distributed.cli.dask_{kind}"
        with (self._folder / "log").open("ab") as log:
            command = [sys.executable, "-m", module, *words, "--no-dashboard", *self._tls]
            return subprocess.Popen(command, stdout=log, stderr=log)

    def run(self, inputs: ScenarioInputs, **more: object) -> ScenarioRun:
        return run_scenario(inputs, cluster=ClusterAddress(self.address, self.certificates), **more)

    def end(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[Machines]:
    started = Machines(tmp_path)
    yield started
    started.end()


# -- what leaves -----------------------------------------------------------------------------------------------------


def test_no_name_and_no_code_leaves_the_book(clerk) -> None:
    """What is sent are arrays of numbers: nothing that names a fund, its investor or the portfolio."""
    clerk.party("PORTFOLIO-ZQX", "parent_fund", portfolio="yes")
    clerk.party("SUBFUND-ZQX", "sub_fund")
    clerk.pay(
        PostingKind.COMMITMENT,
        "PORTFOLIO-ZQX",
        "SUBFUND-ZQX",
        1_000,
        "2024-01-02",
        entry=EntryKind.COMMITMENT,
    )
    made = inputs_of(clerk.view("2026-09-30"), read_scenario(SPEC))[0]
    assert b"ZQX" in pickle.dumps(made.codes)  # there it is seen
    assert b"ZQX" not in pickle.dumps(made.arrays)


# -- a cluster ----------------------------------------------------------------------------------------------------


def test_a_cluster_gives_the_bits_of_one_machine_whatever_dies(
    inputs: ScenarioInputs, machines: Machines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One cluster for all of it, since its processes take most of the time."""
    local, kept = run_scenario(inputs, workers=1), tmp_path / "kept"
    monkeypatch.setattr(scenario_cluster, "CONNECT_SECONDS", 60.0)
    client = scenario_cluster._connected(ClusterAddress(machines.address, machines.certificates))
    client.wait_for_workers(2)
    client.close()

    # another version: of the scheduler and both workers, before anything is sent
    with monkeypatch.context() as other:
        other.setattr(scenario_cluster, "code_version", lambda: "0123456789ab")
        with pytest.raises(Refused) as refused:
            machines.run(inputs)
    assert len(refused.value.problems) == 3
    assert all("ours 0123456789ab" in p.text("en") for p in refused.value.problems)

    # stopped, and gone on with from what is there
    seen: list[int] = []
    with pytest.raises(Cancelled):
        machines.run(
            inputs, folder=kept, progress=lambda *at: seen.append(at[0]), cancelled=lambda: len(seen) == 1
        )
    assert len(list(kept.rglob("*.npz"))) == 1

    # a worker killed after the first chunk that is made now: its chunks are made by the other
    seen.clear()

    def kill(victim: subprocess.Popen[bytes], at: int) -> Callable[[int, int, float], None]:
        def progress(done: int, paths: int, left: float) -> None:
            seen.append(done)
            if len(seen) == at:
                victim.kill()
                victim.wait()

        return progress

    run = machines.run(inputs, folder=kept, forget=True, progress=kill(machines.workers[0], 2))
    assert seen == [512 * n for n in range(1, 17)]
    assert bits(run) == bits(local)
    assert all(check.holds for check in run.checks)
    assert list(kept.rglob("*.npz")) == []

    # the scheduler killed: said so, and the finished chunks are good on one machine
    seen.clear()
    with pytest.raises(ClusterUnavailable, match=machines.address):
        machines.run(inputs, folder=kept, progress=kill(machines.scheduler, 3))
    finished = len(list(kept.rglob("*.npz")))
    assert 3 <= finished < 16
    assert bits(run_scenario(inputs, workers=1, folder=kept)) == bits(local)

    # and now nobody answers
    monkeypatch.setattr(scenario_cluster, "CONNECT_SECONDS", 0.5)
    with pytest.raises(ClusterUnavailable, match=machines.address) as lost:
        machines.run(inputs)
    assert lost.value.text("zh") != lost.value.text("en")


def test_a_closed_network_without_certificates(
    inputs: ScenarioInputs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from distributed import LocalCluster

    monkeypatch.setattr(scenario_cluster, "CONNECT_SECONDS", 2.0)
    with LocalCluster(
        n_workers=1,
        threads_per_worker=1,
        processes=False,
        protocol="tcp",
        host="127.0.0.1",
        dashboard_address=":0",
        silence_logs=50,
        local_directory=str(tmp_path),
    ) as cluster:
        address = ClusterAddress(cluster.scheduler_address)
        assert address.scheduler.startswith("tcp://")
        alone = bits(run_scenario(inputs))
        assert bits(run_scenario(inputs, cluster=address)) == alone
        with (
            monkeypatch.context() as little
        ):  # the same chunks are asked for again, for some rows after others
            little.setattr(path_summary, "MOST_BYTES", 2**18)
            assert bits(run_scenario(inputs, cluster=address)) == alone
        maker = ClusterMaker(inputs, address)
        cluster.scale(0)
        monkeypatch.setattr(scenario_cluster, "PATIENCE_SECONDS", 0.0)
        with pytest.raises(ClusterUnavailable, match="已无工作进程"):
            _asked_until_lost(maker)
        maker.close()
        with pytest.raises(ClusterUnavailable, match="dask worker"):
            ClusterMaker(inputs, address)


def test_a_scheduler_that_does_not_answer_is_said_in_one_language(
    inputs: ScenarioInputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scenario_cluster, "CONNECT_SECONDS", 1.0)
    with pytest.raises(ClusterUnavailable) as error:
        ClusterMaker(inputs, ClusterAddress("tcp://127.0.0.1:1"))
    said = error.value.text("zh")
    assert "连不上调度器 tcp://127.0.0.1:1（1 秒内没有应答）；什么也没有丢失" in said
    assert "Timed" not in said
    assert "nothing is lost" in error.value.text("en")
    other = scenario_cluster._difference({"kernels": "a", "numpy": "2"}, {"kernels": "b", "numpy": "2"})
    assert other == ("版本不同：程序 b，本机 a", "another version: kernels b, ours a")


def _asked_until_lost(maker: ClusterMaker) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        maker.still_there()
        time.sleep(0.1)


def test_what_a_later_worker_of_another_version_made_is_not_taken(inputs: ScenarioInputs) -> None:
    class Future:
        def result(self, timeout: float | None) -> ChunkOfWorker:
            return ChunkOfWorker("0123456789ab", simulate_chunk(inputs.arrays, 1, 0, 64))

    with pytest.raises(ClusterUnavailable, match="0123456789ab"):
        ChunkToFetch(Future(), ClusterAddress("tcp://localhost:1")).result(1.0)


@pytest.mark.parametrize(
    ("scheduler", "folder", "fields"),
    [
        ("localhost:8786", False, ["--scheduler"]),
        ("tcp://localhost", False, ["--scheduler"]),
        ("tcp://localhost:99999", False, ["--scheduler"]),
        ("http://localhost:8786", False, ["--scheduler"]),
        ("tcp://localhost:8786", True, ["--scheduler", *["--certificates"] * 3]),
        ("tls://localhost:8786", False, ["--certificates"]),
        ("tls://[::1]:8786", True, ["--certificates"] * 3),
    ],
)
def test_an_address_that_is_none(scheduler: str, folder: bool, fields: list[str], tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        ClusterAddress(scheduler, tmp_path if folder else None)
    assert [p.where.field for p in refused.value.problems] == fields


def test_the_command_says_what_is_wrong_before_it_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = tmp_path / "a.toml"
    spec.write_text(SPEC, encoding="utf-8")
    assert main(["project", str(spec), "--scheduler", "localhost:1", "--lang", "en"]) == 2
    assert "tcp://host:port" in capsys.readouterr().err
    assert main(["project", str(spec), "--scheduler", "tcp://localhost:1", "--workers", "2"]) == 2
