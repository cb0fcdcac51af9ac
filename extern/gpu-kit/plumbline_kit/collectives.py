"""All-reduce and send/receive between the devices of a host, in Vidur's layout of network profiles."""

import csv
import os
import tempfile
import time
from pathlib import Path

import torch
import torch.distributed as dist
import torch.multiprocessing as mp

from .device import time_stats

BYTES = tuple(2**n for n in range(11, 28))
_REPEATS = 20


def profile_collectives(kind, devices, folder, sizes=BYTES):
    """Measures with 2, 4, … and `devices` processes, one per device; returns the files written.

    kind is cuda (NCCL) or cpu (gloo). Times are in ms, sizes in bytes.
    """
    degrees = sorted({d for d in (2, 4, 8) if d <= devices} | {devices})
    all_reduces, sends = [], []
    for degree in degrees:
        with tempfile.TemporaryDirectory() as scratch:
            mp.spawn(_measure, args=(kind, degree, scratch, sizes), nprocs=degree)
            rows = _read(Path(scratch) / "rows.csv")
        all_reduces += [row for row in rows if row["collective"] == "all_reduce"]
        sends += [row for row in rows if row["collective"] == "send_recv"]
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for name, rows in (("all_reduce.csv", all_reduces), ("send_recv.csv", sends)):
        path = folder / name
        with open(path, "w", encoding="utf-8", newline="") as file:
            out = csv.writer(file, lineterminator="\n")
            columns = [c for c in rows[0] if any(row[c] for row in rows)]
            out.writerow(["", *columns])
            out.writerows([i, *(row[c] for c in columns)] for i, row in enumerate(rows))
        files.append(path)
    return files


def _read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _measure(rank, kind, degree, scratch, sizes):
    os.environ.setdefault("MASTER_ADDR", "127.0.0.1")
    dist.init_process_group(
        "nccl" if kind == "cuda" else "gloo", init_method=f"file://{scratch}/meeting", rank=rank, world_size=degree
    )
    if kind == "cuda":
        torch.cuda.set_device(rank)
    rows = []
    for size in sizes:
        tensor = torch.ones(size // 2, dtype=torch.float16, device=kind if kind == "cpu" else f"cuda:{rank}")
        rows.append(_row("all_reduce", _times(lambda t=tensor: dist.all_reduce(t), kind), degree, size))
        if degree == 2:
            call = dist.send if rank == 0 else dist.recv
            rows.append(_row("send_recv", _times(lambda t=tensor, c=call: c(t, 1 - rank), kind), degree, size))
    if rank == 0:
        with open(Path(scratch) / "rows.csv", "w", encoding="utf-8", newline="") as file:
            columns = list(dict.fromkeys(name for row in rows for name in row))
            out = csv.DictWriter(file, columns, restval="", lineterminator="\n")
            out.writeheader()
            out.writerows(rows)
    dist.destroy_process_group()


def _times(call, kind):
    """Milliseconds per call; all processes start together."""
    for _ in range(3):
        call()
    times = []
    for _ in range(_REPEATS):
        _wait(kind)
        dist.barrier()
        _wait(kind)
        start = time.perf_counter_ns()
        call()
        _wait(kind)
        times.append((time.perf_counter_ns() - start) / 1e6)
    return times


def _wait(kind):
    if kind == "cuda":
        torch.cuda.synchronize()


def _row(collective, times, degree, size):
    return {
        **{f"time_stats.{collective}.{name}": f"{value:.6g}" for name, value in time_stats(times).items()},
        "rank": 0,
        "num_workers": degree,
        "size": size,
        "collective": collective,
        "devices_per_node": degree,
        "max_devices_per_node": degree,
    }
