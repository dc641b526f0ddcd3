"""A brand on the server this run is for, shared by the tests of this folder and made new for each."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest

from orchestration import settings
from orchestration.warehouse import connect, server
from simulator.smtp_gateway import Gateway
from tests.integration.activation.kit import Room, open_folder, settings_folder


@pytest.fixture(scope="session")
def shared_room() -> Iterator[Room]:
    name = f"act_{secrets.token_hex(4)}"
    with open_folder() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("TOUCHSTREAM_HOME", str(folder / "home"))
        settings_folder(folder).mkdir()
        connect.ensure_brand(name)
        with Gateway(folder / "gateway" / "accepted.jsonl") as gateway:
            yield Room(name, folder, gateway)
        connect.drop_brand(name)
        if settings.external_database_url() is None:
            server.destroy()


@pytest.fixture
def room(shared_room: Room, monkeypatch: pytest.MonkeyPatch) -> Room:
    monkeypatch.setenv("TOUCHSTREAM_HOME", str(shared_room.folder / "home"))
    monkeypatch.setenv("TOUCHSTREAM_BRANDS", str(settings_folder(shared_room.folder)))
    shared_room.reset()
    return shared_room


@pytest.fixture
def planned(room: Room) -> Room:
    """Four customers, planned live."""
    room.build()
    room.people(4)
    room.plan()
    return room
