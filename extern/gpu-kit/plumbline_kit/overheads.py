"""cpu_overheads.csv of Vidur's layout, from the engine's own iterations."""

import statistics

from .engine import EngineOptions, serve
from .workload import Request

BATCHES = (1, 2, 4, 8, 16, 24, 32, 48, 64, 96, 128)


def overhead_rows(executor, options, card, whole, steps, lm_head_ms):
    """One row per batch size, of `steps` decodes each, in milliseconds.

    sampler_e2e holds the last norm and the LM head as well (lm_head_ms by batch size, empty on request): in Vidur's
    layout no other column has them.
    """
    prompt = min(32, executor.region_tokens // 2)
    steps = min(steps, executor.region_tokens - prompt - 1)
    rows = []
    for size in (b for b in BATCHES if b <= options.max_batch_size):
        requests = [Request(i, 0, prompt, steps + 1) for i in range(size)]
        small = EngineOptions(options.token_budget, options.max_batch_size, options.cuda_graphs, 0)
        run = serve(executor, small, requests, card.vocabulary_size, seed=size)
        decodes = [it for it in run.iterations if it.prefill_tokens == 0 and it.decode_tokens == size]
        ends = [it.start_ns + it.schedule_ns + it.prepare_ns + it.forward_ns + it.sample_ns for it in decodes]
        gaps = [b.start_ns - end for end, b in zip(ends, decodes[1:], strict=False)]
        head = lm_head_ms.get(size, 0.0)
        parts = {
            "schedule": [it.schedule_ns / 1e6 for it in decodes],
            "sampler_e2e": [it.sample_ns / 1e6 + head for it in decodes],
            "prepare_inputs_e2e": [it.prepare_ns / 1e6 for it in decodes],
            "model_execution_e2e": [it.forward_ns / 1e6 for it in decodes],
            "process_model_outputs": [gap / 1e6 for gap in gaps],
        }
        rows.append(
            {
                **{f"{name}_mean": f"{statistics.fmean(times):.6g}" for name, times in parts.items()},
                **{f"{name}_median": f"{statistics.median(times):.6g}" for name, times in parts.items()},
                "model_name": whole.name,
                "batch_size": size,
                "tensor_parallel_degree": card.tensor_parallel,
                "ray_comm_time_mean": 0,
            }
        )
    return rows
