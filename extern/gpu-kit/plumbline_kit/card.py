"""Shapes of decoder-only transformers, from Plumbline's model cards or Hugging Face's config.json."""

import json
from dataclasses import dataclass, replace
from pathlib import Path

from .errors import BadInput


@dataclass(frozen=True)
class ModelCard:
    """Shape of a model, or of the part of it that one of several tensor-parallel devices holds.

    Heads and MLP width are those of one device, `tensor_parallel` says of how many; widths of the
    residual stream and of the vocabulary are never divided, as in Vidur's profiles.
    """

    name: str
    layers: int
    query_heads: int
    kv_heads: int
    head_dim: int
    hidden_size: int
    mlp_hidden_size: int
    vocabulary_size: int
    max_positions: int
    gated_mlp: bool
    tied_embeddings: bool
    qkv_bias: bool
    query_key_norm: bool
    rope_theta: float
    norm_epsilon: float
    tensor_parallel: int = 1

    def shard(self, degree):
        """What one of `degree` devices holds."""
        for what, size in (
            ("query heads", self.query_heads),
            ("key/value heads", self.kv_heads),
            ("MLP width", self.mlp_hidden_size),
        ):
            if size % degree:
                raise BadInput(f"{self.name} has {size} {what}: they cannot be divided by tensor parallelism {degree}")
        return replace(
            self,
            query_heads=self.query_heads // degree,
            kv_heads=self.kv_heads // degree,
            mlp_hidden_size=self.mlp_hidden_size // degree,
            tensor_parallel=self.tensor_parallel * degree,
        )

    @property
    def qkv_width(self):
        """Columns of the joint projection to queries, keys and values."""
        return (self.query_heads + 2 * self.kv_heads) * self.head_dim

    @property
    def attention_width(self):
        """Width of the attention's output before its projection."""
        return self.query_heads * self.head_dim

    @property
    def mlp_in_width(self):
        """Columns of the first MLP projection; a gated MLP has gate and up in one."""
        return self.mlp_hidden_size * (2 if self.gated_mlp else 1)

    @property
    def label(self):
        """The name as part of a file name."""
        name = self.name.split("/")[-1].lower()
        return name if self.tensor_parallel == 1 else f"{name}-tp{self.tensor_parallel}-shard"

    def kv_bytes_per_token(self, element_bytes):
        """Bytes of keys and values of one token, over all layers."""
        return 2 * self.layers * self.kv_heads * self.head_dim * element_bytes

    def weight_elements(self):
        """Elements of all weights that the decoder allocates."""
        attention = self.hidden_size * (self.qkv_width + self.attention_width)
        mlp = self.hidden_size * (self.mlp_in_width + self.mlp_hidden_size)
        vocabulary = self.vocabulary_size * self.hidden_size * (1 if self.tied_embeddings else 2)
        return self.layers * (attention + mlp + 2 * self.hidden_size) + vocabulary


def read_card(path):
    """Reads a card of Plumbline's, or a config.json.

    Raises BadInput naming the file and the key.
    """
    path = Path(path)
    try:
        tree = json.loads(path.read_text(encoding="utf-8"))
    except OSError as e:
        raise BadInput(f"cannot read {path}: {e.strerror}") from e
    except ValueError as e:
        raise BadInput(f"{path} is not JSON: {e}") from e
    if not isinstance(tree, dict):
        raise BadInput(f"{path}: must be a JSON object")
    return _of_hugging_face(path, tree) if "num_hidden_layers" in tree else _of_plumbline(path, tree)


def _of_plumbline(path, tree):
    return ModelCard(
        name=_get(path, tree, "name", str),
        layers=_get(path, tree, "layers", int),
        query_heads=_get(path, tree, "query_heads", int),
        kv_heads=_get(path, tree, "kv_heads", int),
        head_dim=_get(path, tree, "head_dim", int),
        hidden_size=_get(path, tree, "hidden_size", int),
        mlp_hidden_size=_get(path, tree, "mlp_hidden_size", int),
        vocabulary_size=_get(path, tree, "vocabulary_size", int),
        max_positions=_get(path, tree, "max_positions", int),
        gated_mlp=_get(path, tree, "gated_mlp", bool),
        tied_embeddings=_get(path, tree, "tied_embeddings", bool),
        qkv_bias=_get(path, tree, "qkv_bias", bool),
        query_key_norm=_get(path, tree, "query_key_norm", bool),
        rope_theta=float(_get(path, tree, "rope_theta", (int, float))),
        norm_epsilon=float(_get(path, tree, "norm_epsilon", (int, float))),
    )


# What the architectures have that their config.json does not say: bias of QKV, norms of queries and keys.
_ARCHITECTURES = {
    "LlamaForCausalLM": (False, False),
    "MistralForCausalLM": (False, False),
    "Qwen2ForCausalLM": (True, False),
    "Qwen3ForCausalLM": (False, True),
}


def _of_hugging_face(path, tree):
    architecture = (tree.get("architectures") or ["?"])[0]
    if architecture not in _ARCHITECTURES:
        known = ", ".join(sorted(_ARCHITECTURES))
        raise BadInput(f"{path}: architectures is {architecture}. Known: {known}. Maybe write a model card.")
    qkv_bias, query_key_norm = _ARCHITECTURES[architecture]
    hidden = _get(path, tree, "hidden_size", int)
    heads = _get(path, tree, "num_attention_heads", int)
    rope = tree.get("rope_theta", (tree.get("rope_parameters") or {}).get("rope_theta", 10000.0))
    return ModelCard(
        name=tree.get("_name_or_path") or path.resolve().parent.name,
        layers=_get(path, tree, "num_hidden_layers", int),
        query_heads=heads,
        kv_heads=tree.get("num_key_value_heads", heads),
        head_dim=tree.get("head_dim") or hidden // heads,
        hidden_size=hidden,
        mlp_hidden_size=_get(path, tree, "intermediate_size", int),
        vocabulary_size=_get(path, tree, "vocab_size", int),
        max_positions=_get(path, tree, "max_position_embeddings", int),
        gated_mlp=True,
        tied_embeddings=bool(tree.get("tie_word_embeddings", False)),
        qkv_bias=bool(tree.get("attention_bias", qkv_bias)),
        query_key_norm=query_key_norm,
        rope_theta=float(rope),
        norm_epsilon=float(_get(path, tree, "rms_norm_eps", (int, float))),
    )


def _get(path, tree, key, kind):
    value = tree.get(key)
    numeric = kind is not bool and isinstance(value, bool)
    if value is None or numeric or not isinstance(value, kind):
        raise BadInput(f"{path}: {key} is {value!r}, not what a model card has there")
    if isinstance(value, int) and kind is int and value < 1:
        raise BadInput(f"{path}: {key} is {value}, must be at least 1")
    return value
