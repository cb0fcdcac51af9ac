"""Which requests go into the next forward: Sarathi-Serve's rules, as Plumbline's `sarathi` has them.

Every running decode gets its token, then started prefills go on, then new requests come in first come first served,
each with as much of its prompt as the token budget leaves. A request owns room for its whole context from its start to
its end, so that nobody is ever preempted; see https://arxiv.org/abs/2403.02310.
"""

from collections import deque


class ServedRequest:
    """A request while it is served; all times are ns from the start of the run."""

    def __init__(self, request, prompt):
        self.request = request
        self.prompt = prompt
        self.computed = 0
        self.token = None
        self.token_ns = []
        self.scheduled_ns = None
        self.region = None
        self.error = None

    @property
    def prefilling(self):
        """Not all of its prompt has been computed."""
        return self.computed < self.request.prompt_tokens

    @property
    def ended(self):
        """It has all its tokens."""
        return len(self.token_ns) == self.request.output_tokens


class Scheduler:
    """token_budget bounds the tokens of a forward, max_batch_size the requests that are being served."""

    def __init__(self, token_budget, max_batch_size):
        self.token_budget = token_budget
        self.waiting = deque()
        self.running = []
        self._regions = list(range(max_batch_size - 1, -1, -1))

    def enqueue(self, served):
        """A request arrives."""
        self.waiting.append(served)

    def next(self):
        """(request, tokens) pairs of the next forward, decodes first; empty if there is nothing to do."""
        decodes = [served for served in self.running if not served.prefilling]
        batch = [(served, 1) for served in decodes]
        left = self.token_budget - len(batch)
        for served in self.running:
            if served.prefilling and left > 0:
                left -= self._add_chunk(batch, served, left)
        while self.waiting and self._regions and left > 0:
            served = self.waiting.popleft()
            served.region = self._regions.pop()
            self.running.append(served)
            left -= self._add_chunk(batch, served, left)
        return batch

    @staticmethod
    def _add_chunk(batch, served, left):
        chunk = min(served.request.prompt_tokens - served.computed, left)
        batch.append((served, chunk))
        return chunk

    def forget_ended(self):
        """Takes what has ended out, and its room back."""
        for served in self.running:
            if served.ended:
                self._regions.append(served.region)
        self.running = [served for served in self.running if not served.ended]
