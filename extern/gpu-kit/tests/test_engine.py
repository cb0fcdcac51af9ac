"""The engine against plain arithmetic, and its parts against each other."""

import os
import random
import unittest
from itertools import pairwise
from pathlib import Path

import torch

from plumbline_kit import operators as op
from plumbline_kit.card import ModelCard, read_card
from plumbline_kit.decoder import Decoder
from plumbline_kit.engine import DecoderExecutor, EngineOptions, longest_context, serve
from plumbline_kit.scheduler import Scheduler, ServedRequest
from plumbline_kit.torchscript import TorchScriptExecutor
from plumbline_kit.workload import Request, draw_workload

TINY = ModelCard("tiny", 2, 4, 2, 64, 96, 160, 300, 512, True, False, True, True, 10000.0, 1e-5)
CPU = torch.device("cpu")


def reference_logits(decoder, ids):
    """Logits after a whole sequence at once, in double, without tables, groups or chunks."""
    card = decoder.card
    double = torch.float64

    def norm(x, weight):
        return x / torch.sqrt((x * x).mean(-1, keepdim=True) + card.norm_epsilon) * weight.cpu().to(double)

    def times(x, weight):
        return x @ weight.cpu().to(double).T

    n = len(ids)
    angles = torch.outer(
        torch.arange(n, dtype=double),
        card.rope_theta ** (-torch.arange(0, card.head_dim, 2, dtype=double) / card.head_dim),
    )

    def turn(heads):
        first, second = heads.chunk(2, dim=-1)
        cos, sin = angles.cos()[:, None], angles.sin()[:, None]
        return torch.cat((first * cos - second * sin, second * cos + first * sin), dim=-1)

    x = decoder.embedding.cpu().to(double)[ids]
    causal = torch.ones(n, n, dtype=torch.bool).tril()
    for w in decoder.layers:
        qkv = times(norm(x, w.attention_norm), w.qkv)
        if w.qkv_bias is not None:
            qkv = qkv + w.qkv_bias.cpu().to(double)
        heads = qkv.view(n, -1, card.head_dim)
        q, k = heads[:, : card.query_heads], heads[:, card.query_heads : card.query_heads + card.kv_heads]
        if card.query_key_norm:
            q, k = norm(q, w.query_norm), norm(k, w.key_norm)
        q, k = turn(q), turn(k)
        v = heads[:, card.query_heads + card.kv_heads :]
        mixed = []
        for head in range(card.query_heads):
            shared = head // (card.query_heads // card.kv_heads)
            scores = (q[:, head] @ k[:, shared].T / card.head_dim**0.5).masked_fill(~causal, float("-inf"))
            mixed.append(scores.softmax(-1) @ v[:, shared])
        x = x + times(torch.cat(mixed, dim=-1), w.attention_out)
        gate, up = times(norm(x, w.mlp_norm), w.mlp_in).chunk(2, dim=-1)
        x = x + times(gate / (1 + torch.exp(-gate)) * up, w.mlp_out)
    return times(norm(x[-1], decoder.final_norm), decoder.head)


class DecoderTest(unittest.TestCase):
    def check(self, device, dtype, graphs, tolerance):
        """Chunked prefills and batched decodes give the logits of whole sequences."""
        options = EngineOptions(token_budget=7, max_batch_size=3, cuda_graphs=graphs, warmup_requests=0)
        self.check_executor(DecoderExecutor(TINY, device, dtype, options, context_tokens=64), options, tolerance)

    def check_executor(self, executor, options, tolerance, decoder=None):
        decoder = decoder or executor.decoder
        draw = random.Random(3)
        requests = [Request(i, 0, n, 4) for i, n in enumerate((5, 11, 1, 20))]
        everyone = [ServedRequest(r, [draw.randrange(300) for _ in range(r.prompt_tokens)]) for r in requests]
        scheduler = Scheduler(options.token_budget, options.max_batch_size)
        for served in everyone:
            scheduler.enqueue(served)
        known = {served.request.id: list(served.prompt) for served in everyone}
        compared = 0
        while batch := scheduler.next():
            executor.prepare(batch)
            executor.forward()
            logits = executor._logits.double().cpu()
            row = 0
            for served, count in batch:
                served.computed += count
                if served.prefilling:
                    continue
                expected = reference_logits(decoder, known[served.request.id])
                error = (logits[row] - expected).norm() / expected.norm()
                self.assertLess(error.item(), tolerance, f"request {served.request.id}, token {len(served.token_ns)}")
                # What follows is drawn, not sampled: ties of low precision must not part the sequences.
                served.token = draw.randrange(300)
                known[served.request.id].append(served.token)
                served.token_ns.append(0)
                row += 1
                compared += 1
            self.assertEqual(row, logits.shape[0])
            scheduler.forget_ended()
        self.assertEqual(compared, 16)

    def test_matches_plain_arithmetic_on_the_cpu(self):
        self.check(CPU, torch.float32, False, 1e-5)

    @unittest.skipUnless(torch.cuda.is_available(), "PyTorch sees no GPU")
    def test_matches_plain_arithmetic_on_the_gpu_launch_by_launch(self):
        self.check(torch.device("cuda"), torch.bfloat16, False, 3e-2)

    @unittest.skipUnless(torch.cuda.is_available(), "PyTorch sees no GPU")
    def test_matches_plain_arithmetic_on_the_gpu_in_graphs(self):
        self.check(torch.device("cuda"), torch.bfloat16, True, 3e-2)

    @unittest.skipUnless("PLUMBLINE_ARCHIVE" in os.environ, "no PLUMBLINE_ARCHIVE: the archive of models/tiny.json")
    def test_the_archive_matches_plain_arithmetic(self):
        card = read_card(Path(__file__).parents[3] / "models" / "tiny.json")
        options = EngineOptions(token_budget=7, max_batch_size=3, cuda_graphs=False, warmup_requests=0)
        archive = os.environ["PLUMBLINE_ARCHIVE"]
        executor = TorchScriptExecutor(archive, card, CPU, torch.float32, options, context_tokens=64)
        # The same seed draws the same weights.
        decoder = Decoder(card, CPU, torch.float32, 4 * 64)
        self.check_executor(executor, options, 1e-5, decoder)

    def test_the_tolerance_notices_a_wrong_position(self):
        options = EngineOptions(16, 1, False, 0)
        executor = DecoderExecutor(TINY, CPU, torch.float32, options, context_tokens=16)
        served = ServedRequest(Request(0, 0, 6, 1), [1, 2, 3, 4, 5, 6])
        served.region = 0
        executor.decoder.cos.mul_(1.001)
        executor.prepare([(served, 6)])
        executor.forward()
        expected = reference_logits(executor.decoder, served.prompt)
        self.assertGreater(((executor._logits[0].double() - expected).norm() / expected.norm()).item(), 1e-5)


@unittest.skipUnless(torch.cuda.is_available(), "PyTorch sees no GPU")
class FlashAttentionTest(unittest.TestCase):
    def test_reads_ragged_regions_like_the_loop(self):
        generator = torch.Generator("cuda").manual_seed(1)

        def draw(*shape):
            return torch.randn(shape, generator=generator, device="cuda", dtype=torch.bfloat16)

        for heads, kv_heads in ((16, 8), (32, 8), (16, 2)):
            keys, values = draw(9000, kv_heads, 128), draw(9000, kv_heads, 128)
            for queries, starts, lengths in (
                ([1] * 4, [3000, 0, 100, 6000], [2000, 1, 77, 513]),
                ([128, 5, 300], [4000, 0, 7000], [128, 905, 1500]),
            ):
                batch = op.RaggedBatch.of(queries, starts, lengths, 2304, torch.device("cuda"))
                q = draw(sum(queries), heads, 128)
                fast = op.FlashAttention()(q, keys, values, batch).double()
                slow = op.LoopAttention()(q.double(), keys.double(), values.double(), batch)
                self.assertLess(((fast - slow).norm() / slow.norm()).item(), 1e-2)


class SchedulerTest(unittest.TestCase):
    @staticmethod
    def served(number, prompt, output):
        return ServedRequest(Request(number, 0, prompt, output), [1] * prompt)

    def step(self, scheduler):
        batch = scheduler.next()
        for served, tokens in batch:
            served.computed += tokens
            if not served.prefilling:
                served.token_ns.append(0)
        scheduler.forget_ended()
        return [(served.request.id, tokens) for served, tokens in batch]

    def test_decodes_come_first_then_started_prefills_then_new_ones(self):
        scheduler = Scheduler(token_budget=8, max_batch_size=3)
        for number, prompt in enumerate((3, 12, 4, 2)):
            scheduler.enqueue(self.served(number, prompt, 3))
        self.assertEqual(self.step(scheduler), [(0, 3), (1, 5)])
        self.assertEqual(self.step(scheduler), [(0, 1), (1, 7)])
        # Request 1 decodes from here on; request 2 comes in; request 3 waits for a place.
        self.assertEqual(self.step(scheduler), [(0, 1), (1, 1), (2, 4)])
        self.assertEqual(self.step(scheduler), [(1, 1), (2, 1), (3, 2)])

    def test_places_are_given_back(self):
        scheduler = Scheduler(token_budget=4, max_batch_size=1)
        for number in range(3):
            scheduler.enqueue(self.served(number, 2, 1))
        self.assertEqual([self.step(scheduler) for _ in range(4)], [[(0, 2)], [(1, 2)], [(2, 2)], []])


class ServeTest(unittest.TestCase):
    def test_every_request_gets_its_tokens_in_order_of_time(self):
        options = EngineOptions(32, 4, False, 0)
        requests = draw_workload(12, 200.0, 5, (20, 0.5, 4, 40), (6, 0.5, 2, 12))
        executor = DecoderExecutor(TINY, CPU, torch.float32, options, longest_context(requests))
        run = serve(executor, options, requests, TINY.vocabulary_size, seed=2)
        for served in run.served:
            self.assertEqual(len(served.token_ns), served.request.output_tokens)
            self.assertLessEqual(served.request.arrival_ns, served.scheduled_ns)
            self.assertLess(served.scheduled_ns, served.token_ns[0])
            self.assertEqual(served.token_ns, sorted(served.token_ns))
        computed = sum(it.prefill_tokens + it.decode_tokens for it in run.iterations)
        self.assertEqual(computed, sum(r.prompt_tokens + r.output_tokens - 1 for r in requests))
        self.assertLessEqual(max(it.prefill_tokens + it.decode_tokens for it in run.iterations), 32)
        self.assertLessEqual(max(it.batch_size for it in run.iterations), 4)
        for before, after in pairwise(run.iterations):
            end = before.start_ns + before.schedule_ns + before.prepare_ns + before.forward_ns + before.sample_ns
            self.assertLessEqual(end, after.start_ns)


if __name__ == "__main__":
    unittest.main()
