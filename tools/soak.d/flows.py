"""The flows of a container, and what becomes of them when somebody strikes."""

import threading

from patience import now


class Flows:
    """Between two containers `ending` is set, and no flow begins."""

    def __init__(self, fire):
        self._fire, self._lock, self._all = fire, threading.Lock(), set()
        self.ending = threading.Event()
        self.ending.set()

    def begin(self, flow):
        """Notes it, and answers the fire's token; False: it is too late."""
        with self._lock:
            if self.ending.is_set():
                return False
            self._all.add(flow)
            return self._fire.token()

    def opened(self, flow, token):
        with self._lock:
            if not flow.open:
                flow.open, flow.excused = True, self._fire.since(token)

    def forget(self, flow):
        with self._lock:
            self._all.discard(flow)

    def end(self, are_let_go):
        """The container ends. Some flows end by themselves, we think; these
        are let go."""
        with self._lock:
            self.ending.set()
            for flow in filter(are_let_go, self._all):
                flow.wake()

    def open_by_source(self):
        with self._lock:
            return {flow.source: flow for flow in self._all if flow.open}

    def strike(self, flows=None):
        """These must end now, or else all that are open; answers them."""
        with self._lock:
            struck = [flow for flow in (self._all if flows is None else flows)
                      if flow.open and flow.struck_at is None]
            for flow in struck:
                flow.struck_at = now()
            return struck

    def missed(self, flows):
        """The strike has met nobody; or has it?"""
        with self._lock:
            for flow in flows:
                flow.struck_at, flow.excused = None, True

    def excuse(self, source):
        """It may end, or not: nobody knows whether it was the one."""
        with self._lock:
            for flow in self._all:
                if flow.source == source:
                    flow.excused = True
