"""An endpoint that answers before the inbox has committed: what the real one must not be. The harness sees it lose."""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import Future

from orchestration import brands
from orchestration.brands import Brand
from orchestration.endpoint import server
from orchestration.endpoint.writer import Limits, Writer
from orchestration.sources.push.inbox import Push


class HastyWriter(Writer):
    """Says that a push is durable as soon as it has it."""

    def put(self, push: Push) -> Future[bool]:
        """Have a push written some time."""
        super().put(push)
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
