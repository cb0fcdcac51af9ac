"""The operators of a decoder: what the engine runs and what the profiler times, the same functions.

Tensors are packed: [tokens, width], tokens of all sequences behind each other. Keys and values of a
layer are one table [rows, kv_heads, head_dim]; a sequence owns consecutive rows of it.
"""

import torch
import torch.nn.functional as F


def rms_norm(x, weight, epsilon):
    """RMSNorm over the last dimension."""
    return F.rms_norm(x, (weight.shape[0],), weight, epsilon)


def linear(x, weight, bias=None):
    """x times weight transposed."""
    return F.linear(x, weight, bias)


def split_qkv(qkv, card):
    """Views of queries, keys and values as [tokens, heads, head_dim]."""
    heads = qkv.view(qkv.shape[0], card.query_heads + 2 * card.kv_heads, card.head_dim)
    return heads.split((card.query_heads, card.kv_heads, card.kv_heads), dim=1)


def rotate(x, cos, sin):
    """Rotary embedding of [tokens, heads, head_dim]; cos and sin are [tokens, 1, head_dim]."""
    half = x.shape[-1] // 2
    turned = torch.cat((-x[..., half:], x[..., :half]), dim=-1)
    return x * cos + turned * sin


def activate(hidden, gated):
    """Activation of the MLP; a gated one takes gate and up from one tensor."""
    if not gated:
        return F.gelu(hidden)
    gate, up = hidden.chunk(2, dim=-1)
    return F.silu(gate) * up


def save_kv(keys, values, rows, k, v):
    """Writes the new tokens' keys and values into their rows of the layer's tables."""
    keys.index_copy_(0, rows, k)
    values.index_copy_(0, rows, v)


class FlashAttention:
    """PyTorch's own FlashAttention over ragged batches; reads keys where they lie."""

    name = "torch-flash-varlen"

    def __call__(self, q, keys, values, batch):
        """Attends causally.

        q is [tokens, query_heads, head_dim]; of `batch`, `starts` [sequences + 1] holds the first row of each
        sequence, `lengths` its context with the new tokens, `query_starts` [sequences + 1] its first row in q.
        """
        return torch.ops.aten._flash_attention_forward(
            q,
            keys,
            values,
            batch.query_starts,
            batch.starts,
            batch.longest_query,
            batch.longest_context,
            0.0,
            True,
            False,
            seqused_k=batch.lengths,
        )[0]


class LoopAttention:
    """Sequence by sequence: for CPUs, and what FlashAttention is checked against."""

    name = "torch-sdpa-loop"

    def __call__(self, q, keys, values, batch):
        """As FlashAttention does; reads the batch's numbers on the host."""
        outputs = []
        bounds = batch.query_starts.tolist()
        starts = batch.starts.tolist()
        for i, context in enumerate(batch.lengths.tolist()):
            new = q[bounds[i] : bounds[i + 1]]
            k = keys[starts[i] : starts[i] + context]
            v = values[starts[i] : starts[i] + context]
            groups = q.shape[1] // keys.shape[1]
            tokens = new.shape[0]
            mask = torch.ones(tokens, context, dtype=torch.bool, device=q.device).tril(context - tokens)
            mixed = F.scaled_dot_product_attention(
                new.transpose(0, 1)[None],
                k.transpose(0, 1).repeat_interleave(groups, dim=0)[None],
                v.transpose(0, 1).repeat_interleave(groups, dim=0)[None],
                attn_mask=mask,
            )
            outputs.append(mixed[0].transpose(0, 1))
        return torch.cat(outputs)


def attention_for(device):
    """The attention that a device runs."""
    return FlashAttention() if device.type == "cuda" else LoopAttention()


class RaggedBatch:
    """Sequences of one attention call; its tensors are int32, as FlashAttention wants them."""

    def __init__(self, query_starts, starts, lengths, longest_query, longest_context):
        self.query_starts = query_starts
        self.starts = starts
        self.lengths = lengths
        self.longest_query = longest_query
        self.longest_context = longest_context

    @staticmethod
    def of(queries, starts, lengths, longest_context, device):
        """From lists: new tokens, first row and context of each sequence."""
        bounds = [0]
        for tokens in queries:
            bounds.append(bounds[-1] + tokens)
        as_int32 = {"dtype": torch.int32, "device": device}
        return RaggedBatch(
            torch.tensor(bounds, **as_int32),
            torch.tensor([*starts, 0], **as_int32),
            torch.tensor(lengths, **as_int32),
            max(queries),
            longest_context,
        )
