"""A brand on the server this run is for, shared by the tests of this folder and made new for each."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest

from orchestration.warehouse import connect
from simulator.smtp_gateway import Gateway
from tests.integration.activation.kit import Room, settings_folder
from tests.workshop import Workshop


@pytest.fixture(scope="session")
def shared_room(workshop: Workshop) -> Iterator[Room]:
    name = f"act_{secrets.token_hex(4)}"
    settings_folder(workshop.folder).mkdir(exist_ok=True)
    connect.ensure_brand(name)
    with Gateway(workshop.folder / "gateway" / "accepted.jsonl") as gateway:
        yield Room(name, workshop.folder, gateway)
    connect.drop_brand(name)


@pytest.fixture
def room(shared_room: Room) -> Room:
    shared_room.reset()
    return shared_room


@pytest.fixture
def planned(room: Room) -> Room:
    """Four customers, planned live."""
    room.build()
    room.people(4)
    room.plan()
    return room
