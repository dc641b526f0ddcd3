"""A file is told from another by all of its bytes, however many blocks they fill."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from orchestration.sources.connectors import files

BLOCK = 64


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "BLOCK_BYTES", BLOCK)
    monkeypatch.setattr(files, "READ_BYTES", 10)


def digest(folder: Path, content: bytes) -> str:
    path = folder / "file"
    path.write_bytes(content)
    return files.content_digest(path)


@pytest.mark.parametrize("size", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK, 3 * BLOCK + 7])
def test_it_is_the_hash_of_the_hashes_of_blocks(tmp_path: Path, size: int) -> None:
    content = bytes(number % 251 for number in range(size))
    blocks = [content[start : start + BLOCK] for start in range(0, size, BLOCK)] or [b""]
    whole = b"".join(hashlib.sha256(block).digest() for block in blocks)
    assert digest(tmp_path, content) == hashlib.sha256(whole).hexdigest()


def test_every_byte_counts_and_so_does_its_place(tmp_path: Path) -> None:
    one, other = b"a" * BLOCK, b"b" * BLOCK
    contents = [one + other, other + one, one + other[:-1], one + other + b"b", one + other[:-1] + b"a"]
    assert len({digest(tmp_path, content) for content in contents}) == len(contents)
