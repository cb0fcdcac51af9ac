"""A decoder with random weights, run step by step over its own key/value tables."""

from dataclasses import dataclass

import torch

from . import operators as op
from .card import ModelCard


@dataclass
class LayerWeights:
    """Weights of a transformer block, in the order of the TorchScript archive; None for what the model lacks."""

    attention_norm: torch.Tensor
    qkv: torch.Tensor
    qkv_bias: torch.Tensor | None
    query_norm: torch.Tensor | None
    key_norm: torch.Tensor | None
    attention_out: torch.Tensor
    mlp_norm: torch.Tensor
    mlp_in: torch.Tensor
    mlp_out: torch.Tensor


def random_layer(card: ModelCard, device, dtype, generator):
    """Weights of a block as wide as the card says: small random numbers, norms near one."""

    def matrix(rows, columns):
        weight = torch.empty(rows, columns, dtype=dtype, device=device)
        return weight.normal_(0.0, columns**-0.5, generator=generator)

    def norm(width):
        return torch.ones(width, dtype=dtype, device=device)

    return LayerWeights(
        attention_norm=norm(card.hidden_size),
        qkv=matrix(card.qkv_width, card.hidden_size),
        qkv_bias=torch.zeros(card.qkv_width, dtype=dtype, device=device) if card.qkv_bias else None,
        query_norm=norm(card.head_dim) if card.query_key_norm else None,
        key_norm=norm(card.head_dim) if card.query_key_norm else None,
        attention_out=matrix(card.hidden_size, card.attention_width),
        mlp_norm=norm(card.hidden_size),
        mlp_in=matrix(card.mlp_in_width, card.hidden_size),
        mlp_out=matrix(card.hidden_size, card.mlp_hidden_size),
    )


def rotary_tables(card, positions, device, dtype):
    """Cosines and sines, [positions, head_dim] each."""
    exponents = torch.arange(0, card.head_dim, 2, dtype=torch.float64) / card.head_dim
    angles = torch.outer(torch.arange(positions, dtype=torch.float64), card.rope_theta**-exponents)
    angles = torch.cat((angles, angles), dim=-1)
    return angles.cos().to(device, dtype), angles.sin().to(device, dtype)


@dataclass
class Step:
    """Tensors of one forward: decodes first, one token each, then the tokens of the prefills.

    `decode` and `prefill` are RaggedBatches, None where there are none. `rows` are the rows of the key/value tables
    for the new tokens, `yielding` the rows of the hidden state from which a token is sampled.
    """

    ids: torch.Tensor
    positions: torch.Tensor
    rows: torch.Tensor
    decodes: int
    decode: op.RaggedBatch | None
    prefill: op.RaggedBatch | None
    yielding: torch.Tensor


class Decoder:
    """All layers, embedding and LM head.

    cache_rows is the number of tokens that the key/value tables hold.
    """

    def __init__(self, card, device, dtype, cache_rows, seed=0):
        generator = torch.Generator(device=device).manual_seed(seed)
        self.card = card
        self.device = device
        self.dtype = dtype
        self.attention = op.attention_for(device)
        self.embedding = torch.empty(card.vocabulary_size, card.hidden_size, dtype=dtype, device=device)
        self.embedding.normal_(0.0, 1.0, generator=generator)
        self.head = self.embedding
        if not card.tied_embeddings:
            self.head = torch.empty_like(self.embedding).normal_(0.0, card.hidden_size**-0.5, generator=generator)
        self.layers = [random_layer(card, device, dtype, generator) for _ in range(card.layers)]
        self.final_norm = torch.ones(card.hidden_size, dtype=dtype, device=device)
        self.cos, self.sin = rotary_tables(card, min(card.max_positions, cache_rows), device, dtype)
        shape = (cache_rows, card.kv_heads, card.head_dim)
        self.keys = [torch.zeros(shape, dtype=dtype, device=device) for _ in range(card.layers)]
        self.values = [torch.zeros(shape, dtype=dtype, device=device) for _ in range(card.layers)]

    @torch.inference_mode()
    def logits(self, step):
        """Logits of the rows that yield a token, [rows, vocabulary]."""
        card = self.card
        cos = self.cos.index_select(0, step.positions)[:, None, :]
        sin = self.sin.index_select(0, step.positions)[:, None, :]
        x = self.embedding.index_select(0, step.ids)
        for layer, keys, values in zip(self.layers, self.keys, self.values, strict=True):
            h = op.rms_norm(x, layer.attention_norm, card.norm_epsilon)
            q, k, v = op.split_qkv(op.linear(h, layer.qkv, layer.qkv_bias), card)
            if card.query_key_norm:
                q = op.rms_norm(q, layer.query_norm, card.norm_epsilon)
                k = op.rms_norm(k, layer.key_norm, card.norm_epsilon)
            q, k = op.rotate(q, cos, sin), op.rotate(k, cos, sin)
            op.save_kv(keys, values, step.rows, k, v)
            mixed = self._attend(q, keys, values, step)
            x = x + op.linear(mixed.reshape(-1, card.attention_width), layer.attention_out)
            h = op.rms_norm(x, layer.mlp_norm, card.norm_epsilon)
            x = x + op.linear(op.activate(op.linear(h, layer.mlp_in), card.gated_mlp), layer.mlp_out)
        x = op.rms_norm(x.index_select(0, step.yielding), self.final_norm, card.norm_epsilon)
        return op.linear(x, self.head)

    def _attend(self, q, keys, values, step):
        if step.prefill is None:
            return self.attention(q, keys, values, step.decode)
        if step.decode is None:
            return self.attention(q, keys, values, step.prefill)
        n = step.decodes
        return torch.cat(
            (self.attention(q[:n], keys, values, step.decode), self.attention(q[n:], keys, values, step.prefill))
        )
