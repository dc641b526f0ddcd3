"""A brand on an embedded server of this folder's own, which may be killed; made new for each test."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest

from orchestration.warehouse import connect, server
from simulator.smtp_gateway import Gateway
from tests.integration.activation.kit import Room, open_folder, settings_folder


@pytest.fixture(scope="session")
def own_room() -> Iterator[Room]:
    name = f"act_{secrets.token_hex(4)}"
    with open_folder() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("TOUCHSTREAM_HOME", str(folder / "home"))
        patch.delenv("TOUCHSTREAM_DATABASE_URL", raising=False)
        settings_folder(folder).mkdir()
        connect.ensure_brand(name)
        with Gateway(folder / "gateway" / "accepted.jsonl") as gateway:
            yield Room(name, folder, gateway)
        server.destroy()


@pytest.fixture
def room(own_room: Room, monkeypatch: pytest.MonkeyPatch) -> Room:
    monkeypatch.setenv("TOUCHSTREAM_HOME", str(own_room.folder / "home"))
    monkeypatch.setenv("TOUCHSTREAM_BRANDS", str(settings_folder(own_room.folder)))
    monkeypatch.delenv("TOUCHSTREAM_DATABASE_URL", raising=False)
    server.start()
    own_room.reset()
    own_room.write_brand(batch_size=3, lease_seconds=20)
    own_room.build()
    return own_room
