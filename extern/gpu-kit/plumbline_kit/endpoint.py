"""Replays a workload against a server that speaks OpenAI's streaming API, one thread per request in flight."""

import http.client
import json
import random
import threading
import time
from urllib.parse import urlsplit

from .engine import ServingRun
from .errors import BadInput
from .scheduler import ServedRequest


class Endpoint:
    """Where the server is and how it is asked.

    url is what comes before /completions, model the name that the server gives its model.
    """

    name = "openai"

    def __init__(self, url, model, api_key=None, timeout_seconds=600):
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise BadInput(f"--url {url} is not an http address. Maybe http://localhost:8000/v1")
        self._parts = parts
        self.model = model
        self._headers = {"Content-Type": "application/json", "Accept": "text/event-stream"}
        if api_key:
            self._headers["Authorization"] = f"Bearer {api_key}"
        self._timeout = timeout_seconds

    def stream(self, served, zero):
        """Sends one request and notes when its tokens come; an error is noted, never sent again."""
        kind = http.client.HTTPSConnection if self._parts.scheme == "https" else http.client.HTTPConnection
        connection = kind(self._parts.hostname, self._parts.port, timeout=self._timeout)
        try:
            connection.request("POST", self._parts.path.rstrip("/") + "/completions", self._body(served), self._headers)
            response = connection.getresponse()
            if response.status != 200:
                served.error = f"HTTP {response.status}: {response.read(200).decode(errors='replace')}"
                return
            self._read(response, served, zero)
        except (OSError, http.client.HTTPException, ValueError) as e:
            served.error = f"{type(e).__name__}: {e}"
        finally:
            connection.close()
        if not served.error and not served.ended:
            served.error = f"{len(served.token_ns)} of {served.request.output_tokens} tokens came"

    def _body(self, served):
        length = served.request.output_tokens
        return json.dumps(
            {
                "model": self.model,
                "prompt": served.prompt,
                "max_tokens": length,
                "min_tokens": length,
                "ignore_eos": True,
                "temperature": 0,
                "stream": True,
                "stream_options": {"include_usage": True, "continuous_usage_stats": True},
            }
        )

    @staticmethod
    def _read(response, served, zero):
        while True:
            line = response.readline()
            at = time.perf_counter_ns() - zero
            if not line:
                return
            data = line.strip()
            if not data.startswith(b"data:"):
                continue
            data = data[5:].strip()
            if data == b"[DONE]":
                return
            event = json.loads(data)
            if "error" in event:
                served.error = str(event["error"])
                return
            usage = event.get("usage") or {}
            known = len(served.token_ns)
            if event.get("choices"):
                # A chunk without a count is one token; one with a count brings all up to it.
                total = usage.get("completion_tokens", known + 1)
                served.token_ns += [at] * max(total - known, 0)


def replay(endpoint, requests, vocabulary_size, seed, progress=None):
    """Open loop: every request leaves at its arrival, whatever became of those before it."""
    draw = random.Random(seed)
    low, high = vocabulary_size // 4, max(vocabulary_size * 3 // 4, vocabulary_size // 4 + 1)
    everyone = [ServedRequest(r, [draw.randrange(low, high) for _ in range(r.prompt_tokens)]) for r in requests]
    threads = []
    started_at = time.time()
    zero = time.perf_counter_ns()
    for done, served in enumerate(sorted(everyone, key=lambda s: s.request.arrival_ns), 1):
        wait = served.request.arrival_ns - (time.perf_counter_ns() - zero)
        if wait > 0:
            time.sleep(wait / 1e9)
        thread = threading.Thread(target=endpoint.stream, args=(served, zero), daemon=True)
        thread.start()
        threads.append(thread)
        if progress:
            progress(done, len(everyone))
    for thread in threads:
        thread.join()
    return ServingRun(everyone, [], started_at, time.time())
