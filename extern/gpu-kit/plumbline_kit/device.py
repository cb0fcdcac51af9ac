"""The device under test, and how it is timed."""

import contextlib
import gc
import os
import platform
import shutil
import statistics
import subprocess
import time
from itertools import pairwise

import torch

from .errors import BadInput

DTYPES = {"float32": torch.float32, "float16": torch.float16, "bfloat16": torch.bfloat16}
_NVIDIA_SMI = (
    "name,driver_version,pstate,clocks.sm,clocks.mem,clocks.max.sm,clocks.max.mem,power.draw,power.limit,"
    "temperature.gpu,memory.total,ecc.mode.current,mig.mode.current"
)


def choose_device(name):
    """auto, cpu or cuda."""
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    if name == "cuda" and not torch.cuda.is_available():
        raise BadInput(
            "--device cuda: PyTorch sees no GPU. Maybe use --device cpu, or install a CUDA build of PyTorch."
        )
    return torch.device(name)


def synchronize(device):
    """Waits for everything that was launched."""
    if device.type == "cuda":
        torch.cuda.synchronize()


def free_memory(device):
    """Gives back what nothing refers to any more."""
    gc.collect()
    if device.type == "cuda":
        torch.cuda.empty_cache()


def device_name(device):
    """The device as its driver calls it."""
    if device.type == "cuda":
        return torch.cuda.get_device_name()
    return platform.processor() or platform.machine() or "cpu"


def facts(device):
    """Everything about the host that may matter, as strings by name."""
    found = {
        "torch": torch.__version__,
        "python": platform.python_version(),
        "os": platform.platform(),
        "cpu": _cpu_model(),
        "cpus": str(os.cpu_count()),
        "torch_threads": str(torch.get_num_threads()),
    }
    if hasattr(os, "getloadavg"):
        found["load_average_1_minute"] = f"{os.getloadavg()[0]:.2f}"
    for variable in ("OMP_NUM_THREADS", "CUDA_VISIBLE_DEVICES", "PYTORCH_CUDA_ALLOC_CONF", "NVIDIA_TF32_OVERRIDE"):
        if variable in os.environ:
            found[variable] = os.environ[variable]
    if device.type == "cuda":
        properties = torch.cuda.get_device_properties(0)
        found["cuda"] = torch.version.cuda or "none"
        found["cudnn"] = str(torch.backends.cudnn.version())
        found["multiprocessors"] = str(properties.multi_processor_count)
        found["memory_bytes"] = str(properties.total_memory)
        found["gpus"] = str(torch.cuda.device_count())
        found.update(nvidia_smi())
    return found


def nvidia_smi():
    """Clocks, power, temperature and driver at this moment; empty where the tool is missing."""
    if not shutil.which("nvidia-smi"):
        return {}
    command = ["nvidia-smi", f"--query-gpu={_NVIDIA_SMI}", "--format=csv,noheader", "-i", "0"]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    if answer.returncode != 0:
        return {}
    values = [value.strip() for value in answer.stdout.strip().split(",")]
    return {f"nvidia_smi.{key}": value for key, value in zip(_NVIDIA_SMI.split(","), values, strict=True)}


def _cpu_model():
    with contextlib.suppress(OSError), open("/proc/cpuinfo", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.machine()


def time_stats(milliseconds):
    """The five statistics of Vidur's profiles."""
    return {
        "min": min(milliseconds),
        "max": max(milliseconds),
        "mean": statistics.fmean(milliseconds),
        "median": statistics.median(milliseconds),
        "std": statistics.pstdev(milliseconds),
    }


class WallTimer:
    """Times calls on a CPU, one by one."""

    method = "wall"

    def __init__(self, repeats):
        self.repeats = repeats

    def milliseconds(self, calls):
        """Time of one of `calls`, as often as repeats says; they take turns, so that data is not in caches."""
        for call in calls:
            call()
        times = []
        for i in range(self.repeats):
            start = time.perf_counter_ns()
            calls[i % len(calls)]()
            times.append((time.perf_counter_ns() - start) / 1e6)
        return times


class EventTimer:
    """Times calls on a GPU as a Python program makes them, launch by launch, between two events."""

    method = "eager"

    def __init__(self, repeats):
        self.repeats = repeats

    def milliseconds(self, calls):
        """Time of one of `calls`, as often as repeats says: the longer of launching and running."""
        for call in calls:
            call()
        marks = [torch.cuda.Event(enable_timing=True) for _ in range(self.repeats + 1)]
        torch.cuda.synchronize()
        marks[0].record()
        for i in range(self.repeats):
            calls[i % len(calls)]()
            marks[i + 1].record()
        torch.cuda.synchronize()
        return [a.elapsed_time(b) for a, b in pairwise(marks)]


class GraphTimer:
    """Times calls on a GPU inside a CUDA graph, so that launching costs what it costs there."""

    method = "cuda_graph"
    _TARGET_MS = 0.4

    def __init__(self, repeats):
        self.repeats = repeats
        self._stream = torch.cuda.Stream()

    def milliseconds(self, calls):
        """Time of one of `calls`: a replay of a graph that holds them several times over, divided."""
        self._stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(self._stream):
            for call in calls:
                call()
            start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
            torch.cuda.synchronize()
            start.record()
            calls[0]()
            end.record()
            torch.cuda.synchronize()
            once = max(start.elapsed_time(end), 0.004)
            rounds = min(max(round(self._TARGET_MS / (once * len(calls))), 1), 16)
            graph = torch.cuda.CUDAGraph()
            with torch.cuda.graph(graph, stream=self._stream):
                for _ in range(rounds):
                    for call in calls:
                        call()
            graph.replay()
            marks = [torch.cuda.Event(enable_timing=True) for _ in range(self.repeats + 1)]
            marks[0].record()
            for i in range(self.repeats):
                graph.replay()
                marks[i + 1].record()
            torch.cuda.synchronize()
        graph.reset()
        return [a.elapsed_time(b) / (rounds * len(calls)) for a, b in pairwise(marks)]


def timers(device, repeats):
    """All ways in which a device is timed."""
    if device.type == "cuda":
        return [GraphTimer(repeats), EventTimer(repeats)]
    return [WallTimer(repeats)]
