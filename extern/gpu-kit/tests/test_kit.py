"""Files, command line, collectives and the replay against an endpoint."""

import contextlib
import csv
import http.server
import io
import json
import tempfile
import threading
import time
import unittest
from pathlib import Path
from unittest import mock

import torch

from plumbline_kit.__main__ import main
from plumbline_kit.card import read_card
from plumbline_kit.collectives import profile_collectives
from plumbline_kit.errors import BadInput
from plumbline_kit.workload import draw_workload, read_workload, write_workload

CARD = {
    "name": "own/tiny",
    "layers": 2,
    "query_heads": 4,
    "kv_heads": 2,
    "head_dim": 16,
    "hidden_size": 64,
    "mlp_hidden_size": 96,
    "vocabulary_size": 256,
    "max_positions": 512,
    "gated_mlp": True,
    "tied_embeddings": False,
    "qkv_bias": False,
    "query_key_norm": False,
    "rope_theta": 10000.0,
    "norm_epsilon": 1e-05,
}


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class FolderTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.card = self.folder / "tiny.json"
        self.card.write_text(json.dumps(CARD))

    def run_kit(self, *arguments):
        """Exit code and what was said as an error."""
        said = io.StringIO()
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
            code = main([str(a) for a in arguments])
        return code, said.getvalue()


class CardTest(FolderTest):
    def test_reads_a_config_of_hugging_face(self):
        config = self.folder / "config.json"
        config.write_text(
            json.dumps(
                {
                    "architectures": ["Qwen2ForCausalLM"],
                    "num_hidden_layers": 3,
                    "hidden_size": 64,
                    "num_attention_heads": 4,
                    "num_key_value_heads": 2,
                    "intermediate_size": 96,
                    "vocab_size": 256,
                    "max_position_embeddings": 512,
                    "rms_norm_eps": 1e-6,
                    "rope_theta": 5e5,
                }
            )
        )
        card = read_card(config)
        self.assertEqual((card.layers, card.head_dim, card.qkv_bias, card.rope_theta), (3, 16, True, 5e5))
        self.assertEqual(card.shard(2).qkv_width, 64)

    def test_names_file_and_key_of_what_is_wrong(self):
        self.card.write_text(json.dumps({**CARD, "kv_heads": "two"}))
        with self.assertRaisesRegex(BadInput, "tiny.json: kv_heads is 'two'"):
            read_card(self.card)
        self.card.write_text("{")
        with self.assertRaisesRegex(BadInput, "tiny.json is not JSON"):
            read_card(self.card)


class WorkloadTest(FolderTest):
    def test_is_drawn_the_same_and_read_as_written(self):
        requests = draw_workload(20, 5.0, seed=3)
        self.assertEqual(requests, draw_workload(20, 5.0, seed=3))
        self.assertNotEqual(requests, draw_workload(20, 5.0, seed=4))
        write_workload(self.folder / "w", requests)
        self.assertEqual(read_workload(self.folder / "w"), requests)

    def test_says_where_a_number_is_wrong(self):
        write_workload(self.folder / "w", draw_workload(3, None, seed=3))
        path = self.folder / "w" / "trace_lengths.csv"
        lines = path.read_text().splitlines()
        lines[2] = "1,p1,0,7"
        path.write_text("\n".join(lines))
        with self.assertRaisesRegex(BadInput, r"trace_lengths.csv:3: num_prefill_tokens is 0, must be at least 1"):
            read_workload(self.folder / "w")


class CommandLineTest(FolderTest):
    def bench(self, *more):
        write_workload(self.folder / "w", draw_workload(6, 100.0, 2, (12, 0.4, 4, 24), (4, 0.4, 2, 8)))
        return self.run_kit(
            *("bench", "--model", self.card, "--workload", self.folder / "w", "--out", self.folder / "out"),
            *("--device", "cpu", "--dtype", "float32", "--max-batch-size", 4, "--token-budget", 16, "--repeats", 2),
            *more,
        )

    def test_bench_writes_runs_that_account_for_every_token(self):
        self.assertEqual(self.bench(), (0, mock.ANY))
        for repeat in (1, 2):
            run = self.folder / "out/runs" / f"tiny-w-{repeat}"
            requests = read(run / "request_metrics.csv")
            tokens = read(run / "token_metrics.csv")
            self.assertEqual(len(requests), 6)
            self.assertEqual(len(tokens), sum(int(r["num_decode_tokens"]) for r in requests))
            for r in requests:
                own = [int(t["token_time_ns"]) for t in tokens if t["request_id"] == r["request_id"]]
                self.assertEqual(
                    (r["status"], int(r["first_token_time_ns"]), int(r["completion_time_ns"])), ("ok", own[0], own[-1])
                )
            meta = json.loads((run / "run_meta.json").read_text())
            self.assertEqual(
                (meta["params"]["repeat"], meta["model"], meta["backend"]), (repeat, "own/tiny", "gpu-kit")
            )
        manifest = json.loads((self.folder / "out/manifest.json").read_text())
        self.assertEqual(manifest["runs"], ["runs/tiny-w-1", "runs/tiny-w-2"])
        self.assertNotIn(str(self.folder), json.dumps(manifest))
        overheads = read(self.folder / "out/profiles/wall/cpu_overhead/single/own/tiny/cpu_overheads.csv")
        self.assertEqual([row["batch_size"] for row in overheads], ["1", "2", "4"])

    def test_a_second_command_adds_to_the_manifest(self):
        self.bench()
        self.bench("--seed", 5)
        manifest = json.loads((self.folder / "out/manifest.json").read_text())
        self.assertEqual(len(manifest["commands"]), 2)
        self.assertEqual(len(manifest["runs"]), 2)

    def test_bad_input_ends_with_one_line_and_code_2(self):
        for arguments, message in (
            (("--token-budget", 2), "--token-budget 2 is less than --max-batch-size 4"),
            (("--workload", self.folder / "none"), "cannot read"),
            (("--archive", self.folder / "none.pt"), "no such archive"),
        ):
            code, said = self.bench(*arguments)
            self.assertEqual(code, 2)
            self.assertRegex(said, message)
            self.assertEqual(said.count("error:"), 1)

    def test_all_fills_a_folder(self):
        code, _ = self.run_kit(
            *("all", "--minutes", 0.02, "--model", self.card, "--out", self.folder / "out", "--device", "cpu"),
            *(
                "--dtype",
                "float32",
                "--max-batch-size",
                4,
                "--token-budget",
                16,
                "--most-tokens",
                4,
                "--most-context",
                16,
            ),
        )
        self.assertEqual(code, 0)
        self.assertTrue((self.folder / "out/workloads/static/trace_lengths.csv").is_file())
        self.assertEqual(len(json.loads((self.folder / "out/manifest.json").read_text())["profiles"]), 3)


class CollectivesTest(FolderTest):
    @unittest.skipUnless(torch.distributed.is_available() and torch.distributed.is_gloo_available(), "no gloo")
    def test_two_processes_reduce_and_send(self):
        files = profile_collectives("cpu", 2, self.folder / "network/single", sizes=(2048, 4096))
        reduces, sends = (read(file) for file in files)
        self.assertEqual({row["collective"] for row in reduces}, {"all_reduce"})
        self.assertEqual({row["collective"] for row in sends}, {"send_recv"})
        self.assertTrue(all(float(row["time_stats.all_reduce.median"]) > 0 for row in reduces))
        self.assertEqual([(row["num_workers"], row["size"]) for row in reduces], [("2", "2048"), ("2", "4096")])


class Server(http.server.ThreadingHTTPServer):
    """Streams a token each 20 ms after 50 ms; refuses prompts of 13 tokens, breaks off those of 14."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.bodies = []


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.bodies.append(body)
        if len(body["prompt"]) == 13:
            self.send_error(429, "full")
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        time.sleep(0.05)
        for i in range(body["max_tokens"]):
            if len(body["prompt"]) == 14 and i == 1:
                return
            event = {"choices": [{"text": " x"}], "usage": {"completion_tokens": i + 1}}
            self.wfile.write(f"data: {json.dumps(event)}\n\n".encode())
            self.wfile.flush()
            time.sleep(0.02)
        self.wfile.write(b"data: [DONE]\n\n")

    def log_message(self, *_):
        pass


class EndpointTest(FolderTest):
    def test_replays_and_hides_no_failure(self):
        server = Server()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        folder = self.folder / "w"
        folder.mkdir()
        (folder / "trace_lengths.csv").write_text("num_prefill_tokens,num_decode_tokens\n12,4\n13,4\n14,4\n")
        (folder / "trace_intervals.csv").write_text("arrival_time_ns\n0\n100000000\n100000000\n")
        code, said = self.run_kit(
            *(
                "serve-bench",
                "--model",
                self.card,
                "--workload",
                folder,
                "--out",
                self.folder / "out",
                "--device",
                "cpu",
            ),
            *("--url", f"http://127.0.0.1:{server.server_port}/v1", "--repeats", 1),
        )
        self.assertEqual(code, 0, said)
        rows = read(self.folder / "out/runs/tiny-w-endpoint-1/request_metrics.csv")
        self.assertEqual([row["status"] for row in rows], ["ok", "failed", "failed"])
        self.assertEqual([row["num_decode_tokens_actual"] for row in rows], ["4", "0", "1"])
        self.assertGreaterEqual(int(rows[0]["ttft_ns"]), 50_000_000)
        self.assertGreaterEqual(int(rows[0]["completion_time_ns"]) - int(rows[0]["first_token_time_ns"]), 60_000_000)
        self.assertEqual({body["ignore_eos"] for body in server.bodies}, {True})

    def test_a_server_that_is_not_there_is_bad_input(self):
        write_workload(self.folder / "w", draw_workload(2, None, 1))
        code, said = self.run_kit(
            *("serve-bench", "--model", self.card, "--workload", self.folder / "w", "--out", self.folder / "out"),
            *("--device", "cpu", "--url", "http://127.0.0.1:9/v1", "--repeats", 1),
        )
        self.assertEqual(code, 2)
        self.assertIn("every request failed, the first with: ConnectionRefusedError", said)


if __name__ == "__main__":
    unittest.main()
