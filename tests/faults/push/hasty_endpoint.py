"""An endpoint that answers before the inbox has committed: what the real one must not be. The harness sees it lose."""

from __future__ import annotations

import argparse
import sys
import threading
from concurrent.futures import Future

from orchestration import brands
from orchestration.brands import Brand
from orchestration.endpoint import server
from orchestration.endpoint.writer import Limits, Writer
from orchestration.sources.push.inbox import Push

WRITTEN_AFTER = 0.5
"""Seconds from the answer to the writing: long enough for the answer to have gone out, however busy the machine."""


class HastyWriter(Writer):
    """Says that a push is durable as soon as it has it, and collects for a moment before it writes."""

    def put(self, push: Push) -> Future[bool]:
        """Have a push written some time."""
        later = threading.Timer(WRITTEN_AFTER, super().put, (push,))
        later.daemon = True
        later.start()
        answer: Future[bool] = Future()
        answer.set_result(True)
        return answer


def _hasty(brand: Brand, limits: Limits) -> Writer:
    return HastyWriter(brand, limits=limits)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--brand")
    parser.add_argument("serve")
    parser.add_argument("--port", type=int)
    parser.add_argument("--land-every", type=float)
    told = parser.parse_args()
    server.serve(
        brands.load(told.brand),
        host="127.0.0.1",
        port=told.port,
        land_every=told.land_every,
        limits=Limits(),
        make_writer=_hasty,
        on_open=lambda address: print(f"{address}/push/<source>", flush=True, file=sys.stdout),
    )
