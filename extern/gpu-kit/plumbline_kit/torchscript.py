"""Runs the TorchScript archive that Plumbline's Java engine runs, from Python: `engine = torch-python`.

Hosts whose PyTorch is newer than the native library of the Java side measure the same decoder this way. The archive is
written by `plumbline measure FILE.yaml --archive decoder.pt`; its method `forward` takes all weights and tables.
"""

from pathlib import Path

import torch

from .decoder import Decoder
from .device import synchronize
from .engine import PackedBatch
from .errors import BadInput

_SCALAR_TYPES = {torch.float16: 5, torch.float32: 6, torch.bfloat16: 15}


class TorchScriptExecutor:
    """As DecoderExecutor is, with the archive's decoder inside; nothing is captured in graphs."""

    name = "torch-python"
    attention_name = "torchscript-sdpa-without-cudnn"

    def __init__(self, archive, card, device, dtype, options, context_tokens, seed=0):
        if not Path(archive).is_file():
            raise BadInput(
                f"no such archive: {archive}. Maybe write it first: plumbline measure FILE.yaml --archive {archive}"
            )
        try:
            self._module = torch.jit.load(str(archive), map_location=device)
        except RuntimeError as e:
            raise BadInput(f"PyTorch {torch.__version__} cannot load {archive}: {e}") from e
        # As the Java side has it: its optimizing executor would compile anew for shapes that it has not met.
        torch._C._set_graph_executor_optimize(False)
        if device.type == "cuda":
            # cuDNN's attention plans anew, for tens of milliseconds, for each context length that it has not met.
            torch.backends.cuda.enable_cudnn_sdp(False)
        self.region_tokens = context_tokens
        self.device = device
        self._scalar_type = _SCALAR_TYPES[dtype]
        decoder = Decoder(card, device, dtype, (options.max_batch_size + 1) * context_tokens, seed)
        self._weights = _flat_weights(decoder)
        self._keys, self._values = decoder.keys, decoder.values
        self._cos, self._sin = decoder.cos[:, None, :], decoder.sin[:, None, :]
        self._inputs = None
        self._logits = None

    @torch.inference_mode()
    def prepare(self, batch):
        """Brings a batch's numbers to the device, decodes as one group of the archive's, prefills one each."""
        packed = PackedBatch(batch, self.region_tokens)
        groups = []
        context_rows = []
        n = packed.decodes
        if n:
            longest = max(packed.lengths[:n])
            groups += (n, 1, longest)
            for start, length in zip(packed.starts[:n], packed.lengths[:n], strict=True):
                # What is left of the longest context is masked, but there to be read.
                context_rows += [*range(start, start + length), *[0] * (longest - length)]
        for tokens, start, length in zip(packed.queries[n:], packed.starts[n:], packed.lengths[n:], strict=True):
            groups += (1, tokens, length)
            context_rows += range(start, start + length)
        positions = self._longs(packed.positions)
        self._inputs = (
            self._longs(packed.ids),
            positions,
            self._longs(packed.rows),
            self._longs(context_rows),
            self._longs(packed.yielding),
            groups,
            self._module.masks(positions, groups, self._scalar_type),
        )
        synchronize(self.device)

    def _longs(self, values):
        return torch.tensor(values, dtype=torch.int64, device=self.device)

    @torch.inference_mode()
    def forward(self):
        """Computes the logits and waits for them."""
        self._logits = self._module.forward(
            *self._inputs, self._weights, self._keys, self._values, self._cos, self._sin
        )
        synchronize(self.device)

    @torch.inference_mode()
    def sample(self):
        """The next tokens of the requests that yield one, greedily."""
        return self._module.next_tokens(self._logits).tolist()


def _flat_weights(decoder):
    """Embedding, last norm, LM head, then layer by layer what the model has: the archive's order."""
    flat = [decoder.embedding, decoder.final_norm, decoder.head]
    for layer in decoder.layers:
        flat += [weight for weight in vars(layer).values() if weight is not None]
    return flat
