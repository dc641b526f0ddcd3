"""The first lines of an own connector, and of its test: they run as they are, against a page of JSON.

Here: the two texts. Not here: the interface (connectors/), the entry in the brand file (scaffold.py).
"""

from __future__ import annotations

from pathlib import Path
from string import Template

from orchestration import settings

MODULE = Template('''\
"""The connector of $name: what it is, and who runs it.

Here: asking for what is new and putting it into the drop folder, where it lands like any file: counted, judged, never
twice. Not here: what its fields mean (the brand file maps them).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.request import urlopen

from orchestration.brands import Brand, Source
from orchestration.sources.connectors import Cursor, Offer, SourceFailedError, files

TIMEOUT_SECONDS = 60


def offers(brand: Brand, source: Source, cursor: Cursor) -> Iterator[Offer]:
    """Fetch what is new, then offer what lies in the folder of the source's path."""
    folder = (brand.drop / source.path).parent
    for name, content in pages(source.own):
        files.deposit(folder, name, content)
    yield from files.offers(brand, source, cursor)


def pages(own: Mapping[str, Any]) -> Iterator[tuple[str, bytes]]:
    """The pages of the system as files: a name that stays the same for the same page, and JSON lines.

    This one asks `address` for a list of JSON objects. Change it to what the system really says: more pages, a log-in
    (its secret by the name of a variable, never itself), another format. SourceFailedError says what a person should
    do about a system that cannot be read; its message holds no secret and no row. What was put down before lands.
    """
    try:
        with urlopen(own["address"], timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310 - the address is the brand's own
            rows = json.load(answer)
    except OSError as error:
        raise SourceFailedError("unreachable", f"$name does not answer ({error}): is it running?") from error
    except ValueError as error:
        raise SourceFailedError("bad_answer", f"$name answers no JSON ({error}): is the address right?") from error
    content = "".join(json.dumps(row, ensure_ascii=False) + "\\n" for row in rows).encode()
    if content:
        yield f"{hashlib.sha256(content).hexdigest()[:16]}.jsonl", content
''')

TEST = Template('''\
"""What $name tells comes in once, as it was told."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from orchestration.brands import Brand, BrandFile, Source
from orchestration.sources import connectors

TOLD = [{"id": "1", "name": "林"}, {"id": "2", "name": "Wu"}]


@pytest.fixture
def address() -> Iterator[str]:
    """A system that tells the same page to whoever asks."""

    class Told(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(TOLD).encode())

        def log_request(self, code: object = "-", size: object = "-") -> None:
            del code, size  # said to nobody

    with ThreadingHTTPServer(("127.0.0.1", 0), Told) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


def test_a_page_is_offered_once(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOUCHSTREAM_HOME", str(tmp_path))
    source = Source.model_validate(
        {"connector": "own.$name", "contract": "crm.member", "path": "$name/*.jsonl", "own": {"address": address}}
    )
    brand = Brand("own_test", tmp_path, BrandFile(title="T", time_zone="UTC", currency="EUR"))
    ask = connectors.own_connector("own.$name")
    (offer,) = ask(brand, source, {})
    assert offer.count() == len(TOLD)
    assert [json.loads(row["_line"]) for row in offer.read().read_all().to_pylist()] == TOLD
    assert list(ask(brand, source, offer.advance({}))) == []


def test_a_system_that_is_away_fails_with_a_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOUCHSTREAM_HOME", str(tmp_path))
    nobody = {"address": "http://127.0.0.1:9/"}
    source = Source.model_validate(
        {"connector": "own.$name", "contract": "crm.member", "path": "$name/*.jsonl", "own": nobody}
    )
    brand = Brand("own_test", tmp_path, BrandFile(title="T", time_zone="UTC", currency="EUR"))
    with pytest.raises(connectors.SourceFailedError, match="does not answer") as failed:
        list(connectors.own_connector("own.$name")(brand, source, {}))
    assert failed.value.reason == "unreachable"
''')


def write(name: str) -> tuple[Path, Path]:
    """Write module and test of a new own connector; FileExistsError where one of them is there."""
    folder = settings.own_connectors_folder()
    is_ours = folder.is_relative_to(settings.project_root())
    module = folder / f"{name}.py"
    test = (settings.project_root() / "tests" / "unit" / "connectors" if is_ours else folder) / f"test_{name}.py"
    for path in (module, test):
        if path.exists():
            raise FileExistsError(f"{path} is there already: choose another name")
    for path, text in ((module, MODULE), (test, TEST)):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.substitute(name=name), encoding="utf-8")
    return module, test
