"""Runs as folders: the files that Plumbline takes in."""

import csv
import datetime
import json
import shutil
from pathlib import Path


def write_run(folder, engine, card, run, params, software, device, commit):
    """Writes request, token and iteration metrics and run_meta.json; the folder appears whole."""
    folder = Path(folder)
    unfinished = folder.with_name(f".{folder.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    _write(
        unfinished / "request_metrics.csv",
        (
            "request_id",
            "arrival_time_ns",
            "first_token_time_ns",
            "ttft_ns",
            "completion_time_ns",
            "num_prefill_tokens",
            "num_decode_tokens",
            "num_decode_tokens_actual",
            "status",
            "backend",
            "scheduled_time_ns",
            "replica",
        ),
        (_request_row(served, engine) for served in run.served),
    )
    _write(
        unfinished / "token_metrics.csv",
        ("request_id", "token_index", "token_time_ns", "token_latency_ns"),
        (
            (served.request.id, i, at, at - served.token_ns[i - 1] if i else 0)
            for served in run.served
            for i, at in enumerate(served.token_ns)
        ),
    )
    if run.iterations:
        _write(
            unfinished / "iteration_metrics.csv",
            (
                "replica",
                "stage",
                "iteration",
                "start_time_ns",
                "duration_ns",
                "batch_size",
                "num_prefill_tokens",
                "num_decode_tokens",
                "kv_blocks_used",
                "schedule_ns",
                "prepare_ns",
                "forward_ns",
                "sample_ns",
            ),
            (_iteration_row(i, it) for i, it in enumerate(run.iterations)),
        )
    meta = {
        "backend": engine,
        "run_type": "real",
        "model": card.name,
        "started_at": _instant(run.started_at),
        "ended_at": _instant(run.ended_at),
        "git_commit": commit,
        "params": params,
        "env": {**software, "cuda_device_name": device},
    }
    (unfinished / "run_meta.json").write_text(json.dumps(meta, indent=2) + "\n", encoding="utf-8")
    if folder.exists():
        shutil.rmtree(folder)
    unfinished.rename(folder)


def _request_row(served, engine):
    request = served.request
    times = served.token_ns
    complete = len(times) == request.output_tokens
    return (
        request.id,
        request.arrival_ns,
        times[0] if times else "",
        times[0] - request.arrival_ns if times else "",
        times[-1] if complete else "",
        request.prompt_tokens,
        request.output_tokens,
        len(times),
        "ok" if complete else "failed" if served.error else "unfinished",
        engine,
        "" if served.scheduled_ns is None else served.scheduled_ns,
        0,
    )


def _iteration_row(i, it):
    parts = (it.schedule_ns, it.prepare_ns, it.forward_ns, it.sample_ns)
    return (0, 0, i, it.start_ns, sum(parts), it.batch_size, it.prefill_tokens, it.decode_tokens, it.kv_blocks, *parts)


def _write(path, header, rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header)
        out.writerows(rows)


def _instant(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).isoformat().replace("+00:00", "Z")
