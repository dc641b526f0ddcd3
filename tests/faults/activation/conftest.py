"""A brand on an embedded server that the tests of a module may kill; made new for each test."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest

from orchestration.warehouse import connect, server
from simulator.smtp_gateway import Gateway
from tests.integration.activation.kit import Room, settings_folder
from tests.workshop import opened


@pytest.fixture(scope="module")
def own_room() -> Iterator[Room]:
    name = f"act_{secrets.token_hex(4)}"
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("TOUCHSTREAM_DATABASE_URL", raising=False)
        with opened() as own, Gateway(own.folder / "gateway" / "accepted.jsonl") as gateway:
            settings_folder(own.folder).mkdir()
            connect.ensure_brand(name)
            yield Room(name, own.folder, gateway)


@pytest.fixture
def room(own_room: Room) -> Room:
    server.start()
    own_room.reset()
    own_room.write_brand(batch_size=3, lease_seconds=20)
    own_room.build()
    return own_room
