"""What every asset may ask for: which brand, and the switches of this run.

Here: the `deployment` resource. Not here: connections (warehouse/connect.py opens them by brand).
"""

from __future__ import annotations

from datetime import date

import dagster as dg

from orchestration import brands
from orchestration.activation.delivery import Delivery, requested
from orchestration.brands import Brand
from orchestration.sources.contracts import clock_contracts
from orchestration.warehouse import builds
from orchestration.warehouse.builds import Inputs


class Deployment(dg.ConfigurableResource):  # pyright: ignore[reportMissingTypeArgument]  # generic only in Dagster's own stubs
    """One brand, and what this run may do.

    `is_full`: land sources marked `only_full` too. `force`: build although nothing changed. `live`: one of the two
    keys of real sending. `as_of`: business day to build (`YYYY-MM-DD`), empty for the newest. `wait_seconds`: how long
    sending waits for open questions.
    """

    brand: str
    is_full: bool = False
    force: bool = False
    live: bool = False
    as_of: str = ""
    wait_seconds: float = 30.0

    def load(self) -> Brand:
        """The brand's file, checked."""
        return brands.load(self.brand)

    def inputs(self, day: str = "") -> Inputs:
        """The inputs of a build now: of `day` (a partition's), else of `as_of`, else of the newest day of the data."""
        wanted = day or self.as_of
        return builds.inputs(self.load(), clock_contracts(), as_of=date.fromisoformat(wanted) if wanted else None)

    def delivery(self) -> Delivery:
        """How far this run may send."""
        return requested(live=self.live)
