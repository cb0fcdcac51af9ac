"""Profiles as files."""

import csv
import io
import tempfile
import time
import unittest
from pathlib import Path

import torch

from plumbline_kit.card import ModelCard
from plumbline_kit.device import time_stats, timers
from plumbline_kit.errors import BadInput
from plumbline_kit.profile import CONTEXTS, TOKENS, _level, profile, write_rows

TINY = ModelCard("own/tiny", 2, 4, 2, 32, 64, 96, 128, 512, True, False, False, False, 10000.0, 1e-5)
CPU = torch.device("cpu")


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class ProfileTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.out = Path(self.folder.name)

    def measure(self, degree, seconds=60):
        stream = io.StringIO()
        profile(TINY, degree, CPU, torch.float32, timers(CPU, 2), seconds, (6, 64, 64), "host", self.out, stream)
        return self.out / "wall/compute/host/own/tiny", stream.getvalue()

    def test_writes_every_operator_of_vidurs_layout(self):
        folder, said = self.measure(1)
        rows = read(folder / "mlp.csv")
        self.assertEqual([int(row["num_tokens"]) for row in rows], [1, 2, 3, 4, 5, 6])
        for operator in [
            "emb",
            "input_layernorm",
            "attn_pre_proj",
            "attn_rope",
            "attn_post_proj",
            "post_attention_layernorm",
            "mlp_up_proj",
            "mlp_act",
            "mlp_down_proj",
            "add",
        ]:
            for row in rows:
                self.assertGreater(float(row[f"time_stats.{operator}.median"]), 0)
                self.assertLessEqual(float(row[f"time_stats.{operator}.min"]), float(row[f"time_stats.{operator}.max"]))
        attention = read(folder / "attention.csv")
        decodes = [row for row in attention if row["is_prefill"] == "False"]
        self.assertTrue(
            all(row["prefill_chunk_size"] == "0" and row["time_stats.attn_decode.median"] for row in decodes)
        )
        self.assertIn(("1", "64"), {(row["batch_size"], row["kv_cache_size"]) for row in decodes})
        self.assertIn("6/6 points", said)

    def test_degrees_of_tensor_parallelism_share_a_file(self):
        self.measure(2)
        folder, _ = self.measure(1)
        degrees = [row["num_tensor_parallel_workers"] for row in read(folder / "mlp.csv")]
        self.assertEqual(degrees, ["1"] * 6 + ["2"] * 6)
        # Measured again, a degree replaces itself.
        folder, _ = self.measure(1)
        self.assertEqual(len(read(folder / "mlp.csv")), 12)

    def test_a_shard_must_be_whole(self):
        with self.assertRaisesRegex(BadInput, "own/tiny has 2 key/value heads: they cannot be divided by .* 4"):
            self.measure(4)

    def test_stops_when_its_time_is_over(self):
        begin = time.monotonic()
        folder, _ = self.measure(1, seconds=0)
        self.assertEqual(len(read(folder / "mlp.csv")), 1)
        self.assertLess(time.monotonic() - begin, 30)

    def test_coarse_points_come_first_with_both_ends(self):
        self.assertEqual(_level(TOKENS[0], TOKENS), 0)
        self.assertEqual(_level(TOKENS[-1], TOKENS), 0)
        self.assertEqual([_level(c, CONTEXTS) for c in CONTEXTS[:9]], [0, 3, 2, 3, 1, 3, 2, 3, 0])

    def test_statistics_are_those_of_the_layout(self):
        self.assertEqual(
            time_stats([4.0, 1.0, 3.0, 4.0]), {"min": 1.0, "max": 4.0, "mean": 3.0, "median": 3.5, "std": 1.5**0.5}
        )

    def test_an_empty_field_stands_for_what_a_row_lacks(self):
        write_rows(self.out / "x.csv", [{"a": 1, "tensor_parallel_degree": 1}, {"tensor_parallel_degree": 1, "b": 2}])
        self.assertEqual((self.out / "x.csv").read_text(), "a,tensor_parallel_degree,b\n1,1,\n,1,2\n")


if __name__ == "__main__":
    unittest.main()
