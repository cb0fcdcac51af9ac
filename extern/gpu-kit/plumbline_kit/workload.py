"""Workloads: when requests arrive and how long they are. The same files as Plumbline's."""

import csv
import random
from dataclasses import dataclass
from pathlib import Path

from .errors import BadInput

_LENGTHS = "trace_lengths.csv"
_INTERVALS = "trace_intervals.csv"


@dataclass(frozen=True)
class Request:
    """One request: arrival in ns from the start of the run, tokens to prefill, tokens to produce."""

    id: int
    arrival_ns: int
    prompt_tokens: int
    output_tokens: int


def read_workload(folder):
    """Reads trace_lengths.csv and trace_intervals.csv of a folder.

    Raises BadInput naming file, line, column and value.
    """
    folder = Path(folder)
    lengths = _rows(folder / _LENGTHS, ("num_prefill_tokens", "num_decode_tokens"), 1)
    arrivals = _rows(folder / _INTERVALS, ("arrival_time_ns",), 0)
    if len(lengths) != len(arrivals):
        raise BadInput(f"{folder}: {_LENGTHS} has {len(lengths)} requests, {_INTERVALS} has {len(arrivals)}")
    if not lengths:
        raise BadInput(f"{folder / _LENGTHS}: no requests")
    return [Request(i, a[0], n[0], n[1]) for i, (n, a) in enumerate(zip(lengths, arrivals, strict=True))]


def write_workload(folder, requests):
    """Writes the two files."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / _LENGTHS, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(("request_id", "prompt_id", "num_prefill_tokens", "num_decode_tokens"))
        out.writerows((r.id, f"p{r.id}", r.prompt_tokens, r.output_tokens) for r in requests)
    with open(folder / _INTERVALS, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(("request_id", "inter_arrival_ns", "arrival_time_ns"))
        before = 0
        for r in requests:
            out.writerow((r.id, r.arrival_ns - before, r.arrival_ns))
            before = r.arrival_ns


def _rows(path, columns, least):
    try:
        with open(path, encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            missing = [c for c in columns if c not in (reader.fieldnames or ())]
            if missing:
                raise BadInput(f"{path}:1: no column {missing[0]}. Maybe it is not a workload of Plumbline's.")
            return [tuple(_number(path, line, row, c, least) for c in columns) for line, row in enumerate(reader, 2)]
    except OSError as e:
        raise BadInput(f"cannot read {path}: {e.strerror}") from e


def _number(path, line, row, column, least):
    try:
        value = int(row[column])
    except (TypeError, ValueError):
        raise BadInput(f"{path}:{line}: {column} is {row[column]!r}, not a whole number") from None
    if value < least:
        raise BadInput(f"{path}:{line}: {column} is {value}, must be at least {least}")
    return value


def draw_workload(requests, requests_per_second, seed, prompt=(512, 0.9, 16, 2048), output=(96, 0.7, 8, 256)):
    """Poisson arrivals (all at 0 if the rate is None) and log-normal lengths.

    prompt and output are (median, sigma, least, most).
    """
    draw = random.Random(seed)
    made = []
    seconds = 0.0
    for i in range(requests):
        if requests_per_second is not None and i > 0:
            seconds += draw.expovariate(requests_per_second)
        made.append(Request(i, round(seconds * 1e9), _length(draw, *prompt), _length(draw, *output)))
    return made


def _length(draw, median, sigma, least, most):
    return min(max(round(median * draw.lognormvariate(0.0, sigma)), least), most)
