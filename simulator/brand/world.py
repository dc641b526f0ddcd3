"""What is the same for everybody: calendar, catalogue, places, media, the brand's own campaigns.

Here: the one object that carries it, made once a run. Not here: people.
"""

from __future__ import annotations

from functools import cached_property

from simulator.brand.calendar import Sale, daily_lift, sales_within
from simulator.brand.campaigns import Campaigns
from simulator.brand.catalogue import Catalogue
from simulator.brand.draws import Floats
from simulator.brand.media import Media
from simulator.brand.parameters import Parameters
from simulator.brand.places import Places


class World:
    """The stage on which people act."""

    def __init__(self, parameters: Parameters) -> None:
        self.parameters = parameters
        self.catalogue = Catalogue(parameters)
        self.places = Places(parameters)
        self.media = Media(parameters, self.catalogue)
        self.campaigns = Campaigns(parameters)

    @cached_property
    def lift(self) -> Floats:
        """How busy each day is."""
        return daily_lift(self.parameters)

    @cached_property
    def sales(self) -> list[Sale]:
        """The big sales within the run."""
        return sales_within(self.parameters)
