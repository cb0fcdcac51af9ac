"""Operator profiles in Vidur's layout, measured on this device.

One folder per way of timing, each a root of Vidur's layout: compute/DEVICE/MODEL/mlp.csv and attention.csv,
network/NODE/all_reduce.csv, cpu_overhead/NODE/MODEL/cpu_overheads.csv. Times are in milliseconds. Columns that Vidur
does not have come with it: lm_head and final_layernorm, which Vidur's own profiles count to the sampler.
"""

import csv
import math
import os
import time
from pathlib import Path

import torch

from . import operators as op
from .decoder import random_layer, rotary_tables
from .device import free_memory, time_stats

BLOCK_TOKENS = 16
_STATISTICS = ("min", "max", "mean", "median", "std")

TOKENS = (
    *range(1, 9),
    *range(10, 17, 2),
    *range(20, 33, 4),
    *range(40, 129, 8),
    *range(144, 257, 16),
    *range(288, 513, 32),
    *range(576, 1025, 64),
    *range(1152, 2049, 128),
    *range(2304, 4097, 256),
)
BATCHES = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 80, 96, 112, 128, 160, 192, 224, 256)
CONTEXTS = (
    *(1, 16, 64, 128, 192, 256, 384, 512, 640, 768, 1024, 1280, 1536, 1792),
    *(2048, 2560, 3072, 3584, 4096, 8192, 16384),
)
CHUNKS = (16, 32, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1280, 1536, 1792, 2048, 3072, 4096)
CACHED = (0, 64, 128, 256, 512, 768, 1024, 1536, 2048, 3072, 4096, 8192, 16384)

# Weights take turns until they are more than any cache holds, as the layers of a model do.
_ROTATED_BYTES = 160 << 20
_MOST_COPIES = 8
# Rows of one measured key/value table: a decode over more context than this is not measured.
_MOST_ROWS = 512 * 1024


class Progress:
    """Says on one line how far a list of points is, at most once a second."""

    def __init__(self, what, total, stream):
        self._what, self._total, self._stream = what, total, stream
        self._start = self._said = time.monotonic()

    def at(self, done):
        """`done` points are measured."""
        now = time.monotonic()
        if now - self._said >= 1 or done == self._total:
            self._said = now
            rate = done / max(now - self._start, 1e-9)
            left = (self._total - done) / max(rate, 1e-9)
            print(f"{self._what}: {done}/{self._total} points, {rate:.1f}/s, {left:.0f} s left", file=self._stream)


class Profiler:
    """Profiles the shapes of one card on one device."""

    def __init__(self, card, whole, device, dtype, timer, serve_context, stream):
        self.card = card
        self.whole = whole
        self.device = device
        self.dtype = dtype
        self.timer = timer
        self.serve_context = serve_context
        self.stream = stream
        self._generator = torch.Generator(device=device).manual_seed(0)

    def _random(self, *shape):
        return torch.empty(shape, dtype=self.dtype, device=self.device).normal_(generator=self._generator)

    def _stats(self, calls):
        with torch.inference_mode():
            return time_stats(self.timer.milliseconds(calls))

    def compute_rows(self, deadline, most_tokens):
        """Rows of mlp.csv, one per number of tokens."""
        element = self._random(1).element_size()
        layer_bytes = (
            element
            * self.card.hidden_size
            * (self.card.qkv_width + self.card.attention_width + self.card.mlp_in_width + self.card.mlp_hidden_size)
        )
        copies = min(max(math.ceil(_ROTATED_BYTES / layer_bytes), 2), _MOST_COPIES)
        layers = [random_layer(self.card, self.device, self.dtype, self._generator) for _ in range(copies)]
        vocabulary = self._random(self.card.vocabulary_size, self.card.hidden_size)
        final_norm = torch.ones(self.card.hidden_size, dtype=self.dtype, device=self.device)
        tables = rotary_tables(self.card, most_tokens, self.device, self.dtype)
        grid = sorted((t for t in TOKENS if t <= most_tokens), key=lambda t: _level(t, TOKENS))
        progress = Progress(self._what("mlp"), len(grid), self.stream)
        rows = []
        for tokens in grid:
            if time.monotonic() > deadline and rows:
                break
            timed = {
                name: self._stats(calls)
                for name, calls in self._compute_calls(tokens, layers, vocabulary, final_norm, tables).items()
            }
            rows.append((tokens, timed))
            progress.at(len(rows))
        header = {
            "n_head": self.whole.query_heads,
            "n_kv_head": self.whole.kv_heads,
            "n_embd": self.whole.hidden_size,
            "n_expanded_embd": self.whole.mlp_hidden_size,
            "vocab_size": self.whole.vocabulary_size,
            "use_gated_mlp": self.whole.gated_mlp,
        }
        return [
            {**_flat(timed), **header, "num_tokens": tokens, "num_tensor_parallel_workers": self.card.tensor_parallel}
            for tokens, timed in sorted(rows, key=lambda row: row[0])
        ]

    def _compute_calls(self, tokens, layers, vocabulary, final_norm, tables):
        """Calls per operator, one per copy of the weights; inputs take turns with them."""
        card = self.card
        eps = card.norm_epsilon
        n = len(layers)
        x = [self._random(tokens, card.hidden_size) for _ in range(n)]
        mixed = [self._random(tokens, card.attention_width) for _ in range(n)]
        wide = [self._random(tokens, card.mlp_in_width) for _ in range(n)]
        narrow = [self._random(tokens, card.mlp_hidden_size) for _ in range(n)]
        heads = [op.split_qkv(self._random(tokens, card.qkv_width), card) for _ in range(n)]
        ids = [torch.randint(card.vocabulary_size, (tokens,), device=self.device) for _ in range(n)]
        positions = torch.arange(tokens, device=self.device)
        cos, sin = (table.index_select(0, positions)[:, None, :] for table in tables)

        def rope(layer, q, k):
            if card.query_key_norm:
                q = op.rms_norm(q, layer.query_norm, eps)
                k = op.rms_norm(k, layer.key_norm, eps)
            return op.rotate(q, cos, sin), op.rotate(k, cos, sin)

        def each(call):
            return [lambda i=i, layer=layer: call(i, layer) for i, layer in enumerate(layers)]

        return {
            "emb": each(lambda i, w: vocabulary.index_select(0, ids[i])),
            "input_layernorm": each(lambda i, w: op.rms_norm(x[i], w.attention_norm, eps)),
            "attn_pre_proj": each(lambda i, w: op.linear(x[i], w.qkv, w.qkv_bias)),
            "attn_rope": each(lambda i, w: rope(w, heads[i][0], heads[i][1])),
            "attn_post_proj": each(lambda i, w: op.linear(mixed[i], w.attention_out)),
            "post_attention_layernorm": each(lambda i, w: op.rms_norm(x[i], w.mlp_norm, eps)),
            "mlp_up_proj": each(lambda i, w: op.linear(x[i], w.mlp_in)),
            "mlp_act": each(lambda i, w: op.activate(wide[i], card.gated_mlp)),
            "mlp_down_proj": each(lambda i, w: op.linear(narrow[i], w.mlp_out)),
            "add": each(lambda i, w: x[i] + x[i - 1]),
            "final_layernorm": each(lambda i, w: op.rms_norm(x[i], final_norm, eps)),
            # An LM head sees the rows that yield a token: one per request, never a whole prefill.
            **({"lm_head": [lambda: op.linear(x[0], vocabulary)] * 2} if tokens <= max(BATCHES) else {}),
        }

    def attention_rows(self, deadline, most_tokens, most_context):
        """Rows of attention.csv: decodes over batch and context, then prefills over chunk and what is cached."""
        rows_per_token = self.card.kv_heads * self.card.head_dim
        free = _free_bytes(self.device)
        element = self._random(1).element_size()
        longest = max(max(BATCHES) * (most_context + 1), most_tokens + most_context)
        capacity = min(_MOST_ROWS, longest, int(free * 0.4 / (2 * rows_per_token * element)))
        decodes = [(b, c) for b in BATCHES for c in CONTEXTS if c <= most_context and b * (c + 1) <= capacity]
        prefills = [
            (p, c) for p in CHUNKS if p <= most_tokens for c in CACHED if c <= most_context and p + c <= capacity
        ]
        # Whatever is cut off, the coarse grids of both have been measured whole.
        decodes.sort(key=lambda point: _level(point[0], BATCHES) + _level(point[1], CONTEXTS))
        prefills.sort(key=lambda point: _level(point[0], CHUNKS) + _level(point[1], CACHED))
        keys = self._random(capacity, self.card.kv_heads, self.card.head_dim)
        values = self._random(capacity, self.card.kv_heads, self.card.head_dim)
        attention = op.attention_for(self.device)
        rows = []
        half = (deadline - time.monotonic()) / 2
        for what, points, until in (("decode", decodes, deadline - half), ("prefill", prefills, deadline)):
            progress = Progress(self._what(f"attention {what}"), len(points), self.stream)
            for done, (size, cached) in enumerate(points, 1):
                if time.monotonic() > until and done > 1:
                    break
                rows.append(self._attention_row(attention, keys, values, what == "prefill", size, cached))
                progress.at(done)
        order = ("is_prefill", "prefill_chunk_size", "batch_size", "kv_cache_size")
        rows.sort(key=lambda row: tuple(row[name] for name in order))
        return rows

    def _attention_row(self, attention, keys, values, prefill, size, cached):
        sequences, tokens = (1, size) if prefill else (size, 1)
        context = cached + tokens
        room = keys.shape[0] // sequences
        # Sequences take turns over the table, so that what one call read is gone from the caches at the next.
        shifts = max(min(room // context, 8), 1)
        batches = [
            op.RaggedBatch.of(
                [tokens] * sequences,
                [s * room + shift * context for s in range(sequences)],
                [context] * sequences,
                # FlashAttention splits decodes by the longest context that may come, which graphs have as a constant.
                context if prefill else max(context, self.serve_context),
                self.device,
            )
            for shift in range(shifts)
        ]
        q = self._random(sequences * tokens, self.card.query_heads, self.card.head_dim)
        new_k = self._random(sequences * tokens, self.card.kv_heads, self.card.head_dim)
        rows = torch.arange(sequences * tokens, device=self.device)
        timed = {
            ("attn_prefill" if prefill else "attn_decode"): self._stats(
                [lambda batch=batch: attention(q, keys, values, batch) for batch in batches]
            ),
            "attn_kv_cache_save": self._stats([lambda: op.save_kv(keys, values, rows, new_k, new_k)] * 2),
        }
        return {
            **_flat(timed),
            "n_embd": self.whole.hidden_size,
            "n_q_head": self.whole.query_heads,
            "n_kv_head": self.whole.kv_heads,
            "block_size": BLOCK_TOKENS,
            "num_tensor_parallel_workers": self.card.tensor_parallel,
            "max_model_len": self.whole.max_positions,
            "batch_size": sequences,
            "prefill_chunk_size": tokens if prefill else 0,
            "kv_cache_size": cached,
            "is_prefill": prefill,
            "attention_backend": attention.name,
            "profile_method": self.timer.method,
        }

    def _what(self, part):
        return f"profile {self.card.label} {self.timer.method} {part}"


def _level(value, grid):
    """How fine a grid must be to contain the value: 0 is the coarsest."""
    i = grid.index(value)
    if i == len(grid) - 1:
        return 0
    return next(level for level, step in enumerate((8, 4, 2, 1)) if i % step == 0)


def _free_bytes(device):
    if device.type == "cuda":
        return torch.cuda.mem_get_info()[0]
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_AVPHYS_PAGES")


def _flat(timed):
    return {f"time_stats.{name}.{key}": f"{stats[key]:.6g}" for name, stats in timed.items() for key in _STATISTICS}


def write_rows(path, rows):
    """Writes rows as CSV, in one step; rows of other tensor-parallel degrees that are there already stay."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    degree = next(c for c in ("num_tensor_parallel_workers", "tensor_parallel_degree") if c in rows[0])
    if path.exists():
        with open(path, encoding="utf-8", newline="") as file:
            others = [row for row in csv.DictReader(file) if row[degree] != str(rows[0][degree])]
        rows = sorted([*others, *rows], key=lambda row: int(row[degree]))
    columns = list(dict.fromkeys(name for row in rows for name in row))
    unfinished = path.with_suffix(".unfinished")
    with open(unfinished, "w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        out.writeheader()
        out.writerows(rows)
    unfinished.replace(path)


def profile(card, tensor_parallel, device, dtype, timers, seconds, limits, device_label, out, stream):
    """Profiles one model within about `seconds`; returns the files written.

    limits is (largest prefill, longest context measured, longest context that the serving engine is made for).
    """
    most_tokens, most_context, serve_context = limits
    shard = card.shard(tensor_parallel)
    written = []
    for i, timer in enumerate(timers):
        # The first way of timing is the one that predictions are made from; it gets the most of the time.
        share = 1.0 if len(timers) == 1 else (0.7 if i == 0 else 0.3 / (len(timers) - 1))
        profiler = Profiler(shard, card, device, dtype, timer, serve_context, stream)
        folder = Path(out) / timer.method / "compute" / device_label / card.name
        start = time.monotonic()
        write_rows(folder / "mlp.csv", profiler.compute_rows(start + 0.4 * share * seconds, most_tokens))
        free_memory(device)
        write_rows(
            folder / "attention.csv", profiler.attention_rows(start + share * seconds, most_tokens, most_context)
        )
        free_memory(device)
        written += [folder / "mlp.csv", folder / "attention.csv"]
    return written
