"""Serves requests one after the other with times that LLMCompass predicts.

LLMCompass has no requests: it predicts one block of a GPT-3-like transformer, for a prompt or for one token at a
context. A prefill is that of its prompt times the layers. A decode is predicted at up to nine contexts between the
shortest and the longest and interpolated linearly, since it grows nearly linearly with the context.
"""

import argparse
import csv

MOST_CONTEXTS = 9


def contexts(requests):
    first = min(r["prompt"] for r in requests)
    last = max(r["prompt"] + r["output"] for r in requests)
    count = min(MOST_CONTEXTS, last - first + 1)
    if count == 1:
        return [first]
    return sorted({first + (last - first) * i // (count - 1) for i in range(count)})


def interpolated(points, x):
    if x <= points[0][0]:
        return points[0][1]
    for (x0, y0), (x1, y1) in zip(points, points[1:]):
        if x <= x1:
            return y0 + (y1 - y0) * (x - x0) / (x1 - x0)
    return points[-1][1]


def read(file):
    with open(file, newline="") as rows:
        return [
            {
                "id": int(row["request_id"]),
                "arrival": float(row["arrival_s"]),
                "prompt": int(row["prompt_tokens"]),
                "output": int(row["output_tokens"]),
            }
            for row in csv.DictReader(rows)
        ]


def serve(requests, prefill_seconds, decode_seconds):
    """One at a time, in the order of arrival; the prefill gives the first token."""
    free = 0.0
    rows = []
    for request in requests:
        start = max(free, request["arrival"])
        first = start + prefill_seconds(request["prompt"])
        end = first
        for token in range(1, request["output"]):
            end += decode_seconds(request["prompt"] + token)
        free = end
        rows.append((request, start, first, end))
    return rows


def write(file, rows):
    with open(file, "w", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(
            ["request_id", "arrival_s", "prompt_tokens", "output_tokens", "start_s", "first_token_s", "end_s"]
        )
        for request, *times in rows:
            writer.writerow(
                [request["id"], f"{request['arrival']:.9f}", request["prompt"], request["output"]]
                + [f"{time:.9f}" for time in times]
            )


class Blocks:
    """The two blocks of LLMCompass on one of its devices."""

    def __init__(self, device, devices, layers, hidden_size, heads):
        from design_space_exploration.dse import read_architecture_template, template_to_system
        from software_model.transformer import (
            TransformerBlockAutoRegressionTP,
            TransformerBlockInitComputationTP,
        )
        from software_model.utils import Tensor, data_type_dict

        description = read_architecture_template(f"configs/{device}.json")
        description["device_count"] = devices
        self.system = template_to_system(description)
        self.layers = layers
        self.hidden_size = hidden_size
        self.half = data_type_dict["fp16"]
        self.tensor = Tensor
        shape = {"d_model": hidden_size, "n_heads": heads, "device_count": devices, "data_type": self.half}
        self.new_prefill = lambda: TransformerBlockInitComputationTP(**shape)
        self.new_decode = lambda: TransformerBlockAutoRegressionTP(**shape)
        self.known = {}

    def prefill(self, tokens):
        if tokens not in self.known:
            block = self.new_prefill()
            block(self.tensor([1, tokens, self.hidden_size], self.half))
            self.known[tokens] = self.layers * block.compile_and_simulate(self.system, "heuristic-GPU")
        return self.known[tokens]

    def decode(self, context):
        block = self.new_decode()
        block(self.tensor([1, 1, self.hidden_size], self.half), context)
        return self.layers * block.compile_and_simulate(self.system, "heuristic-GPU")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--probe", action="store_true", help="only import LLMCompass")
    parser.add_argument("--device")
    parser.add_argument("--devices", type=int)
    parser.add_argument("--layers", type=int)
    parser.add_argument("--hidden-size", type=int)
    parser.add_argument("--heads", type=int)
    parser.add_argument("--requests")
    parser.add_argument("--out")
    args = parser.parse_args()
    if args.probe:
        import software_model.transformer  # noqa: F401

        return
    blocks = Blocks(args.device, args.devices, args.layers, args.hidden_size, args.heads)
    requests = read(args.requests)
    decodes = [(context, blocks.decode(context)) for context in contexts(requests)]
    write(args.out, serve(requests, blocks.prefill, lambda context: interpolated(decodes, context)))


if __name__ == "__main__":
    main()
