"""Every exporter, in the order the files are written.

Here: the two lists. A new exporter is a line here and a source in brands/qinglan.toml.
"""

from __future__ import annotations

from simulator.brand.export import Batches
from simulator.brand.exports import (
    crm,
    digital,
    miniprogram,
    outreach,
    reference,
    shop,
    social,
    store,
    survey,
    till,
    tmall,
    voice,
    voucher,
    wechat,
)
from simulator.brand.story import Story
from simulator.brand.world import World


def of_people(story: Story) -> Batches:
    """All batches about single people."""
    for module in (
        wechat,
        miniprogram,
        tmall,
        social,
        digital,
        outreach,
        shop,
        till,
        store,
        crm,
        voucher,
        voice,
        survey,
    ):
        yield from module.export(story)


def of_world(world: World) -> Batches:
    """All batches that are the same for everybody."""
    for module in (reference, social, shop, voucher, survey):
        yield from module.reference(world)
