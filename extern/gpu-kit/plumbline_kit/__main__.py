"""Command line of the kit: python3 -m plumbline_kit COMMAND --help."""

import argparse
import contextlib
import hashlib
import json
import os
import sys
import time
from pathlib import Path

import torch

from . import device as dev
from . import operators as op
from .card import read_card
from .collectives import profile_collectives
from .endpoint import Endpoint, replay
from .engine import DecoderExecutor, EngineOptions, longest_context, serve
from .errors import BadInput
from .overheads import BATCHES, overhead_rows
from .profile import profile, write_rows
from .runs import write_run
from .torchscript import TorchScriptExecutor
from .workload import draw_workload, read_workload, write_workload

MANIFEST = "manifest.json"
SCHEMA_VERSION = 1
# What an engine of a given size may take beside weights and tables: activations, logits, graphs.
_SPARE_BYTES = 6 << 30


def main(arguments=None):
    """Runs a command; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        options.command(options)
    except BadInput as e:
        print(f"error: {e}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("interrupted: what is in the output folder is whole", file=sys.stderr)
        return 130
    return 0


def _parser():
    parser = argparse.ArgumentParser(prog="plumbline_kit", description=sys.modules["plumbline_kit"].__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--out", required=True, type=Path, help="folder for what is measured")
    common.add_argument("--device", default="auto", choices=("auto", "cpu", "cuda"))
    common.add_argument("--device-label", help="name of the device in folders; default: as its driver calls it")
    common.add_argument("--node-label", default="single", help="name of the node type in folders")
    common.add_argument("--dtype", default="bfloat16", choices=sorted(dev.DTYPES))
    common.add_argument("--commit", help="commit that the kit was copied from; default: a hash of its files")
    common.add_argument("--threads", type=int, help="CPU threads of PyTorch")
    models = argparse.ArgumentParser(add_help=False)
    models.add_argument(
        "--model",
        required=True,
        action="append",
        metavar="CARD[:TP]",
        help="model card or config.json; :4 takes the shard of one of 4 devices; may be given several times",
    )
    grid = argparse.ArgumentParser(add_help=False)
    grid.add_argument("--most-tokens", type=int, default=4096, help="largest prefill")
    grid.add_argument("--most-context", type=int, default=16384, help="longest context")
    grid.add_argument("--serve-context", type=int, default=2304, help="longest context of the engine to be predicted")
    grid.add_argument("--collective-devices", type=int, help="devices to reduce over; default: all GPUs")
    engine = argparse.ArgumentParser(add_help=False)
    engine.add_argument("--token-budget", type=int, default=2048, help="most tokens of a forward")
    engine.add_argument("--max-batch-size", type=int, default=128, help="most requests served at once")
    engine.add_argument("--no-cuda-graphs", action="store_true", help="launch decodes one by one too")
    engine.add_argument("--repeats", type=int, default=3)
    engine.add_argument("--seed", type=int, default=0)

    one = commands.add_parser("profile", parents=[common, models, grid], help="measure operators in Vidur's layout")
    one.add_argument("--minutes", type=float, default=5, help="for all models together")
    one.set_defaults(command=_profile)

    two = commands.add_parser("bench", parents=[common, models, engine], help="serve workloads for real")
    two.add_argument("--workload", required=True, action="append", type=Path, help="folder with a workload")
    two.add_argument("--archive", type=Path, help="run this TorchScript archive instead of the kit's own decoder")
    two.set_defaults(command=_bench)

    three = commands.add_parser("serve-bench", parents=[common, models, engine], help="replay against an endpoint")
    three.add_argument("--workload", required=True, action="append", type=Path, help="folder with a workload")
    three.add_argument("--url", required=True, help="what comes before /completions")
    three.add_argument("--served-model", help="the model as the server names it; default: the card's name")
    three.add_argument("--api-key-env", help="environment variable with the API key")
    three.set_defaults(command=_serve_bench)

    four = commands.add_parser(
        "all", parents=[common, models, grid, engine], help="everything within a number of minutes"
    )
    four.add_argument("--minutes", type=float, default=30)
    four.add_argument("--workload", action="append", type=Path, default=[], help="folder; default: three drawn ones")
    four.set_defaults(command=_all)

    five = commands.add_parser("workload", help="draw a workload: Poisson arrivals, log-normal lengths")
    five.add_argument("--out", required=True, type=Path)
    five.add_argument("--requests", type=int, default=100)
    five.add_argument("--rate", type=float, help="requests per second; without it all arrive at once")
    five.add_argument("--prompt", default="512,0.9,16,2048", help="median,sigma,least,most tokens")
    five.add_argument("--output", default="96,0.7,8,256", help="median,sigma,least,most tokens")
    five.add_argument("--seed", type=int, default=0)
    five.set_defaults(command=_workload)
    return parser


class Session:
    """The device and the output folder of one command, and the manifest in it."""

    def __init__(self, options):
        if options.threads:
            torch.set_num_threads(options.threads)
        self.device = dev.choose_device(options.device)
        self.dtype = dev.DTYPES[options.dtype]
        self.out = options.out
        self.name = dev.device_name(self.device)
        self.label = options.device_label or self.name.replace(" ", "-").replace("/", "-").lower()
        self.node_label = options.node_label
        self.commit = options.commit or _hash_of_kit()
        self.out.mkdir(parents=True, exist_ok=True)
        self._command = {
            "arguments": _without_paths(sys.argv[1:]),
            "kit_commit": self.commit,
            "dtype": options.dtype,
            "started_at": _now(),
            "before": dev.facts(self.device),
        }
        self._manifest = {
            "schema_version": SCHEMA_VERSION,
            "device": self.name,
            "device_label": self.label,
            "commands": [],
            "profiles": [],
            "runs": [],
        }
        earlier = self.out / MANIFEST
        if earlier.exists():
            before = json.loads(earlier.read_text(encoding="utf-8"))
            if before.get("device") != self.name:
                raise BadInput(f"{self.out} holds measurements of {before.get('device')}. Maybe choose another folder.")
            self._manifest = before
        self._manifest["commands"].append(self._command)

    def add(self, kind, entry):
        """Notes something measured and writes the manifest, so that an interrupted command leaves a whole folder."""
        if entry not in self._manifest[kind]:
            self._manifest[kind].append(entry)
        self._command["ended_at"] = _now()
        self._command["after"] = dev.facts(self.device)
        unfinished = self.out / f".{MANIFEST}.unfinished"
        unfinished.write_text(json.dumps(self._manifest, indent=2) + "\n", encoding="utf-8")
        unfinished.replace(self.out / MANIFEST)


def _now():
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def _without_paths(arguments):
    """The arguments with file names alone: where they lay on the host is nobody's business."""
    return " ".join(a if "/" not in a or a.startswith("http") else a.rstrip("/").rsplit("/", 1)[-1] for a in arguments)


def _hash_of_kit():
    sha = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        sha.update(path.name.encode() + path.read_bytes())
    return "files-" + sha.hexdigest()[:12]


def _cards(options):
    cards = []
    for text in options.model:
        path, _, degree = text.rpartition(":") if text.rpartition(":")[2].isdigit() else (text, "", "1")
        cards.append((read_card(path), int(degree)))
    return cards


def _profile(options):
    cards = _cards(options)
    session = Session(options)
    _profile_network(session, options)
    for card, degree in cards:
        _profile_one(session, options, card, degree, options.minutes * 60 / len(cards))
    print(f"profiles are in {session.out / 'profiles'}")


def _profile_network(session, options):
    """All-reduce, where there is more than one device to reduce over."""
    gpus = torch.cuda.device_count() if session.device.type == "cuda" else 1
    devices = options.collective_devices or gpus
    if devices < 2:
        return
    if session.device.type == "cuda" and devices > gpus:
        raise BadInput(f"--collective-devices {devices}: there are {gpus} GPUs")
    method = dev.timers(session.device, 1)[0].method
    folder = session.out / "profiles" / method / "network" / session.node_label
    for file in profile_collectives(session.device.type, devices, folder):
        session.add("profiles", str(file.relative_to(session.out)))


def _profile_one(session, options, card, degree, seconds):
    dev.free_memory(session.device)
    timers = dev.timers(session.device, repeats=20 if session.device.type == "cuda" else 7)
    files = profile(
        card,
        degree,
        session.device,
        session.dtype,
        timers,
        seconds,
        (options.most_tokens, options.most_context, options.serve_context),
        session.label,
        session.out / "profiles",
        sys.stderr,
    )
    for file in files:
        session.add("profiles", str(file.relative_to(session.out)))


def _bench(options):
    cards = _cards(options)
    workloads = [(folder.name, read_workload(folder)) for folder in options.workload]
    session = Session(options)
    for card, degree in cards:
        _bench_one(session, options, card, degree, workloads, options.archive, deadline=None)
    print(f"runs are in {session.out / 'runs'}")


def _engine_options(options):
    if options.token_budget < 1 or options.max_batch_size < 1 or options.repeats < 1:
        raise BadInput("--token-budget, --max-batch-size and --repeats must be at least 1")
    if options.token_budget < options.max_batch_size:
        raise BadInput(
            f"--token-budget {options.token_budget} is less than --max-batch-size {options.max_batch_size}: "
            "a batch of decodes would not fit"
        )
    return EngineOptions(options.token_budget, options.max_batch_size, not options.no_cuda_graphs)


def _bench_one(session, options, card, degree, workloads, archive, deadline):
    engine_options = _engine_options(options)
    shard = card.shard(degree)
    context = max(longest_context(requests) for _, requests in workloads)
    if context > card.max_positions:
        raise BadInput(
            f"a request of the workloads needs {context} tokens, but {card.name} knows {card.max_positions} positions. "
            "Maybe draw a workload with shorter prompts."
        )
    _require_memory(session, shard, engine_options, context)
    dev.free_memory(session.device)
    if archive:
        executor = TorchScriptExecutor(archive, shard, session.device, session.dtype, engine_options, context)
    else:
        executor = DecoderExecutor(shard, session.device, session.dtype, engine_options, context)
    warm_up = draw_workload(
        engine_options.warmup_requests, None, 1, (context // 4, 0.5, 1, context // 2), (4, 0.5, 2, 8)
    )
    serve(executor, engine_options, warm_up, card.vocabulary_size, seed=1)
    # Repeats are the outer loop: a change of the host over time becomes spread, not a difference between workloads.
    for repeat in range(1, options.repeats + 1):
        for name, requests in workloads:
            if deadline and time.monotonic() + _longest_seconds(requests) > deadline:
                print(f"no time left for {shard.label} {name} repeat {repeat}", file=sys.stderr)
                continue
            label = f"{shard.label}-{name}{'-archive' if archive else '' if engine_options.cuda_graphs else '-eager'}"
            run = serve(
                executor,
                engine_options,
                requests,
                card.vocabulary_size,
                options.seed,
                _progress(f"{label} {repeat}/{options.repeats}"),
            )
            _write(session, options, executor, card, shard, engine_options, name, label, repeat, run)
    if not archive:
        _overheads(session, card, shard, executor, engine_options)


def _overheads(session, card, shard, executor, engine_options):
    heads = _lm_head_ms(session, shard, executor)
    method = "wall" if session.device.type != "cuda" else "cuda_graph" if engine_options.cuda_graphs else "eager"
    folder = session.out / "profiles" / method / "cpu_overhead" / session.node_label
    path = folder / card.name / "cpu_overheads.csv"
    write_rows(path, overhead_rows(executor, engine_options, shard, card, 24, heads))
    session.add("profiles", str(path.relative_to(session.out)))


def _lm_head_ms(session, shard, executor):
    timer = dev.timers(session.device, 10)[0]
    decoder = executor.decoder
    times = {}
    for size in BATCHES:
        x = torch.zeros(size, shard.hidden_size, dtype=session.dtype, device=session.device)

        def head(x=x):
            return op.linear(op.rms_norm(x, decoder.final_norm, shard.norm_epsilon), decoder.head)

        with torch.inference_mode():
            times[size] = dev.time_stats(timer.milliseconds([head, head]))["median"]
    return times


def _write(session, options, executor, card, shard, engine_options, workload, label, repeat, run):
    folder = session.out / "runs" / f"{label}-{repeat}"
    params = {
        "workload": workload,
        "repeat": repeat,
        "seed": options.seed,
        "scheduler": "sarathi",
        "token_budget": engine_options.token_budget,
        "max_batch_size": engine_options.max_batch_size,
        "cuda_graphs": engine_options.cuda_graphs and session.device.type == "cuda" and executor.name == "gpu-kit",
        "attention": executor.attention_name,
        "dtype": options.dtype,
        "tensor_parallel": shard.tensor_parallel,
        "all_reduce": False,
        "weights": "random",
        "region_tokens": executor.region_tokens,
        "warmup_requests": engine_options.warmup_requests,
    }
    software = dev.facts(session.device)
    write_run(folder, executor.name, card, run, params, software, session.name, session.commit)
    session.add("runs", str(folder.relative_to(session.out)))


def _longest_seconds(requests):
    return requests[-1].arrival_ns / 1e9 + 15


def _require_memory(session, shard, engine_options, context):
    if session.device.type != "cuda":
        return
    element = torch.empty(0, dtype=session.dtype).element_size()
    tables = (engine_options.max_batch_size + 1) * context * shard.kv_bytes_per_token(element)
    needed = shard.weight_elements() * element + tables + _SPARE_BYTES
    dev.free_memory(session.device)
    free = torch.cuda.mem_get_info()[0]
    if needed > free:
        raise BadInput(
            f"{shard.name} needs about {needed >> 30} GiB, and {free >> 30} GiB are free: weights, KV cache for "
            f"{engine_options.max_batch_size} requests of {context} tokens, and {_SPARE_BYTES >> 30} GiB beside them. "
            "Maybe lower --max-batch-size, or take a shard with CARD:TP."
        )


def _serve_bench(options):
    cards = _cards(options)
    workloads = [(folder.name, read_workload(folder)) for folder in options.workload]
    key = os.environ.get(options.api_key_env) if options.api_key_env else None
    if options.api_key_env and not key:
        raise BadInput(f"--api-key-env {options.api_key_env}: no such environment variable")
    card, degree = cards[0]
    endpoint = Endpoint(options.url, options.served_model or card.name, key)
    session = Session(options)
    params = {"url": options.url, "served_model": endpoint.model, "seed": options.seed}
    for repeat in range(1, options.repeats + 1):
        for name, requests in workloads:
            label = f"{card.label}-{name}-endpoint"
            # Another seed per repeat: a prefix cache of the server must not know the prompts.
            run = replay(endpoint, requests, card.vocabulary_size, options.seed + repeat, _progress(label))
            failed = sum(served.error is not None for served in run.served)
            if failed == len(run.served):
                raise BadInput(f"every request failed, the first with: {run.served[0].error}")
            folder = session.out / "runs" / f"{label}-{repeat}"
            described = {**params, "workload": name, "repeat": repeat, "tensor_parallel": degree, "failed": failed}
            write_run(
                folder, endpoint.name, card, run, described, dev.facts(session.device), session.name, session.commit
            )
            session.add("runs", str(folder.relative_to(session.out)))
            print(f"{label} {repeat}: {failed} of {len(run.served)} requests failed")


def _all(options):
    cards = _cards(options)
    begin = time.monotonic()
    session = Session(options)
    workloads = [(folder.name, read_workload(folder)) for folder in options.workload]
    if not workloads:
        for name, rate in (("static", None), ("poisson-2", 2.0), ("poisson-6", 6.0)):
            # No longer than every model can go, and than the drawn lengths' own bounds.
            most = min(2304, *(card.max_positions for card, _ in cards))
            prompt, output = (512, 0.9, 16, most * 8 // 9), (96, 0.7, 8, most // 9)
            requests = draw_workload(64, rate, 7, prompt, output)
            write_workload(session.out / "workloads" / name, requests)
            workloads.append((name, requests))
    _profile_network(session, options)
    per_model = options.minutes * 60 / len(cards)
    for i, (card, degree) in enumerate(cards):
        deadline = begin + (i + 1) * per_model
        _profile_one(session, options, card, degree, 0.4 * per_model)
        _bench_one(session, options, card, degree, workloads, None, deadline)
    print(f"everything is in {session.out}; on a host with a JVM: plumbline ingest gpu-kit {session.out}")


def _workload(options):
    def law(name, text):
        try:
            median, sigma, least, most = (float(part) for part in text.split(","))
        except ValueError:
            raise BadInput(f"--{name} {text} is not median,sigma,least,most") from None
        return median, sigma, int(least), int(most)

    requests = draw_workload(
        options.requests, options.rate, options.seed, law("prompt", options.prompt), law("output", options.output)
    )
    write_workload(options.out, requests)
    print(f"{len(requests)} requests in {options.out}")


def _progress(label):
    said = [time.monotonic()]
    begin = said[0]

    def at(done, total):
        now = time.monotonic()
        if now - said[0] >= 2 or done == total:
            said[0] = now
            rate = done / (now - begin)
            print(
                f"{label}: {done}/{total} requests, {rate:.1f}/s, {(total - done) / rate:.0f} s left", file=sys.stderr
            )

    return at


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):
        sys.exit(main())
