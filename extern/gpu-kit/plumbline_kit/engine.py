"""A serving engine: continuous batching, chunked prefill, decode in CUDA graphs, an open loop of arrivals."""

import random
import time
from dataclasses import dataclass

import torch

from . import operators as op
from .decoder import Decoder, Step
from .device import synchronize
from .errors import BadInput
from .scheduler import Scheduler, ServedRequest

# Batch sizes of the graphs: a decode batch is padded to the next of them.
GRAPH_SIZES = (1, 2, 4, *range(8, 257, 8))
BLOCK_TOKENS = 16


@dataclass(frozen=True)
class EngineOptions:
    """What a run of the engine is made with.

    Attributes:
        token_budget: most tokens of a forward
        max_batch_size: most requests that are served at once
        cuda_graphs: replay decode batches from CUDA graphs; prefills are always launched one by one
        warmup_requests: requests served before the clock starts
    """

    token_budget: int = 2048
    max_batch_size: int = 128
    cuda_graphs: bool = True
    warmup_requests: int = 8


@dataclass(frozen=True)
class Iteration:
    """One forward, in ns; the four parts add up to the duration."""

    start_ns: int
    schedule_ns: int
    prepare_ns: int
    forward_ns: int
    sample_ns: int
    batch_size: int
    prefill_tokens: int
    decode_tokens: int
    kv_blocks: int


class PackedBatch:
    """The numbers of a batch, as lists: what every executor makes its tensors of."""

    def __init__(self, batch, region_tokens):
        self.ids, self.positions, self.rows, self.yielding = [], [], [], []
        self.queries, self.starts, self.lengths = [], [], []
        for served, tokens in batch:
            first = served.region * region_tokens
            done = served.computed
            if served.prefilling:
                self.ids += served.prompt[done : done + tokens]
            else:
                self.ids.append(served.token)
            self.positions += range(done, done + tokens)
            self.rows += range(first + done, first + done + tokens)
            if done + tokens >= served.request.prompt_tokens:
                self.yielding.append(len(self.ids) - 1)
            self.queries.append(tokens)
            self.starts.append(first)
            self.lengths.append(done + tokens)
        self.decodes = sum(not served.prefilling for served, _ in batch)


class DecoderExecutor:
    """Runs batches on a Decoder."""

    name = "gpu-kit"

    def __init__(self, card, device, dtype, options, context_tokens, seed=0):
        self.region_tokens = context_tokens
        self.device = device
        self.options = options
        # One region more than requests: the padding of graphs writes there.
        rows = (options.max_batch_size + 1) * context_tokens
        self.decoder = Decoder(card, device, dtype, rows, seed)
        self.attention_name = self.decoder.attention.name
        self._graphs = {}
        self._graph = None
        self._step = None
        self._logits = None
        if options.cuda_graphs and device.type == "cuda":
            self._capture()

    def _capture(self):
        sizes = [size for size in GRAPH_SIZES if size < self.options.max_batch_size] + [self.options.max_batch_size]
        pool = None
        for size in reversed(sizes):
            self._graphs[size] = DecodeGraph(self.decoder, size, self.region_tokens, self._padding_row(), pool)
            pool = self._graphs[size].pool
        self._sizes = sizes

    def _padding_row(self):
        return self.options.max_batch_size * self.region_tokens

    def prepare(self, batch):
        """Brings a batch's numbers to the device."""
        packed = PackedBatch(batch, self.region_tokens)
        if self._graphs and packed.decodes == len(batch):
            self._graph = self._graphs[next(size for size in self._sizes if size >= len(batch))]
            self._graph.fill(packed)
        else:
            self._graph = None
            self._step = self._tensors(packed)

    def _tensors(self, packed):
        n = packed.decodes
        count = len(packed.ids)
        numbers = self._to_device([*packed.ids, *packed.positions, *packed.rows, *packed.yielding])
        ids, positions, rows, yielding = numbers.split((count, count, count, len(packed.yielding)))
        return Step(
            ids,
            positions,
            rows,
            n,
            self._ragged(packed, 0, n) if n else None,
            self._ragged(packed, n, len(packed.queries)) if n < len(packed.queries) else None,
            yielding,
        )

    def _ragged(self, packed, begin, end):
        return op.RaggedBatch.of(
            packed.queries[begin:end],
            packed.starts[begin:end],
            packed.lengths[begin:end],
            self.region_tokens,
            self.device,
        )

    def _to_device(self, values):
        tensor = torch.tensor(values, dtype=torch.int64, pin_memory=self.device.type == "cuda")
        return tensor.to(self.device, non_blocking=True)

    def forward(self):
        """Computes the logits and waits for them."""
        self._logits = self._graph.replay() if self._graph else self.decoder.logits(self._step)
        synchronize(self.device)

    def sample(self):
        """The next tokens of the requests that yield one, greedily."""
        return self._logits.argmax(-1).tolist()


class DecodeGraph:
    """A captured forward of `size` decodes; smaller batches are padded."""

    def __init__(self, decoder, size, region_tokens, padding_row, pool):
        device = decoder.device
        self._size = size
        self._padding_row = padding_row
        # ids, positions and rows in one, and starts and lengths in another: two copies per step.
        self._longs = torch.zeros(3 * size, dtype=torch.int64, device=device)
        self._longs[2 * size :] = padding_row
        self._ints = torch.ones(2 * size + 1, dtype=torch.int32, device=device)
        self._ints[: size + 1] = padding_row
        ids, positions, rows = self._longs.split(size)
        batch = op.RaggedBatch(
            torch.arange(size + 1, dtype=torch.int32, device=device),
            self._ints[: size + 1],
            self._ints[size + 1 :],
            1,
            region_tokens,
        )
        # The graph refers to the memory of these tensors, so they live as long as it does.
        self._step = step = Step(ids, positions, rows, size, batch, None, torch.arange(size, device=device))
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            decoder.logits(step)
        torch.cuda.current_stream().wait_stream(stream)
        self._graph = torch.cuda.CUDAGraph()
        with torch.inference_mode(), torch.cuda.graph(self._graph, pool=pool):
            self._logits = decoder.logits(step)
        self.pool = self._graph.pool()
        self._used = 0

    def fill(self, packed):
        """Puts a batch in; the rest of the places decode one token of nobody."""
        self._used = len(packed.ids)
        idle = self._size - self._used
        nobody = [self._padding_row] * idle
        longs = [*packed.ids, *[0] * idle, *packed.positions, *[0] * idle, *packed.rows, *nobody]
        ints = [*packed.starts, *nobody, 0, *packed.lengths, *[1] * idle]
        self._longs.copy_(torch.tensor(longs, dtype=torch.int64, pin_memory=True), non_blocking=True)
        self._ints.copy_(torch.tensor(ints, dtype=torch.int32, pin_memory=True), non_blocking=True)

    def replay(self):
        """Logits of the batch that was filled in."""
        self._graph.replay()
        return self._logits[: self._used]


class ServingRun:
    """One run: the requests with their times, and the iterations."""

    def __init__(self, served, iterations, started_at, ended_at):
        self.served = served
        self.iterations = iterations
        self.started_at = started_at
        self.ended_at = ended_at


def longest_context(requests):
    """Rows that a request may need, rounded to whole blocks."""
    longest = max(r.prompt_tokens + r.output_tokens for r in requests)
    return -(-longest // BLOCK_TOKENS) * BLOCK_TOKENS


def serve(executor, options, requests, vocabulary_size, seed, progress=None):
    """Serves requests at their arrivals, never waiting for the engine before one arrives.

    Raises BadInput if a request needs more room than the executor has for one.
    """
    for request in requests:
        if request.prompt_tokens + request.output_tokens > executor.region_tokens:
            raise BadInput(
                f"request {request.id} needs {request.prompt_tokens + request.output_tokens} tokens of KV cache, "
                f"but the engine was made for {executor.region_tokens} per request"
            )
    draw = random.Random(seed)
    # Ids of special tokens are small or at the end; the middle has ordinary ones only.
    low, high = vocabulary_size // 4, max(vocabulary_size * 3 // 4, vocabulary_size // 4 + 1)
    everyone = [ServedRequest(r, [draw.randrange(low, high) for _ in range(r.prompt_tokens)]) for r in requests]
    everyone.sort(key=lambda served: served.request.arrival_ns)
    scheduler = Scheduler(options.token_budget, options.max_batch_size)
    iterations = []
    synchronize(executor.device)
    started_at = time.time()
    zero = time.perf_counter_ns()
    arrived = 0
    ended = 0
    while ended < len(everyone):
        start = time.perf_counter_ns() - zero
        while arrived < len(everyone) and everyone[arrived].request.arrival_ns <= start:
            scheduler.enqueue(everyone[arrived])
            arrived += 1
        batch = scheduler.next()
        if not batch:
            _wait(zero, everyone[arrived].request.arrival_ns)
            continue
        iteration, done = _iterate(executor, scheduler, batch, zero, start)
        iterations.append(iteration)
        ended += done
        if progress and done:
            progress(ended, len(everyone))
    everyone.sort(key=lambda served: served.request.id)
    return ServingRun(everyone, iterations, started_at, time.time())


def _iterate(executor, scheduler, batch, zero, start):
    decodes = sum(not served.prefilling for served, _ in batch)
    prefill_tokens = sum(tokens for _, tokens in batch) - decodes
    scheduled = time.perf_counter_ns() - zero
    executor.prepare(batch)
    prepared = time.perf_counter_ns() - zero
    executor.forward()
    computed = time.perf_counter_ns() - zero
    tokens = executor.sample()
    end = time.perf_counter_ns() - zero
    blocks = sum(-(-(served.computed + n) // BLOCK_TOKENS) for served, n in batch)
    _note(batch, tokens, start, end)
    before = len(scheduler.running)
    scheduler.forget_ended()
    iteration = Iteration(
        start,
        scheduled - start,
        prepared - scheduled,
        computed - prepared,
        end - computed,
        len(batch),
        prefill_tokens,
        decodes,
        blocks,
    )
    return iteration, before - len(scheduler.running)


def _note(batch, tokens, start, end):
    sampled = iter(tokens)
    for served, count in batch:
        if served.scheduled_ns is None:
            served.scheduled_ns = start
        served.computed += count
        if not served.prefilling:
            served.token = next(sampled)
            served.token_ns.append(end)


def _wait(zero, until_ns):
    """Sleeps the most of it and spins the rest: an arrival is met to some microseconds."""
    while True:
        left = until_ns - (time.perf_counter_ns() - zero)
        if left <= 0:
            return
        if left > 2_000_000:
            time.sleep((left - 1_000_000) / 1e9)
