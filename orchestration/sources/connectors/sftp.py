"""The connector for SFTP servers: files of a folder there.

Here: logging in, listing and fetching by asyncssh. Not here: which files are new (folder.py), what is in them
(files.py). The server's key is always checked. A file that changes while it is fetched is left for the next landing.
"""

from __future__ import annotations

import asyncio
import stat
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from orchestration.brands import Brand, Source
from orchestration.source_settings import SftpSettings, present
from orchestration.sources.connectors import Cursor, Offer, SourceFailedError, files, folder, missing_extra, secret
from orchestration.sources.connectors.folder import Found, NotNowError
from orchestration.sources.formats import RefusedFileError

if TYPE_CHECKING:
    import asyncssh

Result = TypeVar("Result")


def offers(brand: Brand, source: Source, cursor: Cursor) -> Iterator[Offer]:
    """Files that fit the source's path and were not yet looked into as they are now, by name."""
    with _opened(present(source.sftp, "table sftp")) as server:
        yield from folder.offers(brand, source, cursor, server.listed(present(source.path, "path")), server.fetch)


class Server:
    """One server, logged in to; its conversation runs in a thread of its own, so that it lives while files land."""

    def __init__(self, how: SftpSettings) -> None:
        try:
            import asyncssh
        except ImportError:
            raise missing_extra("asyncssh", "sftp") from None
        self._ssh = asyncssh
        self._how = how
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="sftp", daemon=True)
        self._connection: asyncssh.SSHClientConnection | None = None
        self._client: asyncssh.SFTPClient | None = None

    def open(self) -> None:
        """Log in; SourceFailedError when that fails."""
        self._thread.start()
        self._client = self._run(self._log_in())

    def close(self) -> None:
        """Log out and end the thread."""
        self._run(self._log_out())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def listed(self, pattern: str) -> list[Found]:
        """The files that fit the pattern; SourceFailedError where their folder is not there."""
        try:
            return self._run(self._listed(pattern))
        except FileNotFoundError:
            parent = folder.steady_part(pattern).rpartition("/")[0] or "."
        try:
            self._run(present(self._client, "connection").stat(parent))
        except FileNotFoundError:
            raise SourceFailedError("bad_setting", f"{self._how.host} has no folder {parent}: set path") from None
        return []

    def fetch(self, found: Found, path: Path) -> None:
        """Write a file to a path, as it was listed."""
        try:
            mark = self._run(self._fetched(found.name, path))
        except FileNotFoundError:
            raise NotNowError from None
        except PermissionError:
            raise RefusedFileError(
                "not_readable", "the server does not let this account read the file: ask its owner for the right"
            ) from None
        if mark != found.mark or path.stat().st_size != int(mark.partition("/")[0]):
            raise NotNowError

    async def _log_in(self) -> asyncssh.SFTPClient:
        how = self._how
        self._connection = await self._ssh.connect(
            how.host,
            how.port,
            username=how.username,
            password=secret(how.password_env) if how.password_env else None,
            client_keys=[self._key()] if how.key_env else None,
            known_hosts=self._known_hosts(),
            agent_path=None,
            config=None,
            connect_timeout=how.timeout_seconds,
            login_timeout=how.timeout_seconds,
            keepalive_interval=how.timeout_seconds,
        )
        return await self._connection.start_sftp_client()

    async def _log_out(self) -> None:
        if self._connection is not None:
            self._connection.abort()
            await self._connection.wait_closed()

    def _key(self) -> asyncssh.SSHKey:
        """The private key: the variable's own text, or the file whose path it holds."""
        given = secret(present(self._how.key_env, "key_env"))
        locked = secret(self._how.passphrase_env) if self._how.passphrase_env else None
        if given.lstrip().startswith("-----BEGIN"):
            return self._ssh.import_private_key(given, locked)
        return self._ssh.read_private_key(given, locked)

    def _known_hosts(self) -> Any:
        how = self._how
        if how.host_key is not None:
            name = how.host if how.port == 22 else f"[{how.host}]:{how.port}"
            return self._ssh.import_known_hosts(f"{name} {how.host_key}\n")
        return str(Path(how.known_hosts).expanduser()) if how.known_hosts else ()

    async def _listed(self, pattern: str) -> list[Found]:

        client = present(self._client, "connection")
        names = await client.glob_sftpname(pattern)
        return [
            Found(str(item.filename), f"{item.attrs.size}/{item.attrs.mtime}")
            for item in names
            if stat.S_ISREG(item.attrs.permissions or 0) and files.is_whole(str(item.filename).rpartition("/")[2])
        ]

    async def _fetched(self, name: str, path: Path) -> str:
        client = present(self._client, "connection")
        await client.get(name, str(path), follow_symlinks=True)
        facts = await client.stat(name)
        return f"{facts.size}/{facts.mtime}"

    def _run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Do it in the conversation's thread; what goes wrong with the server is a SourceFailedError."""
        where = f"{self._how.host}:{self._how.port}"
        try:
            return asyncio.run_coroutine_threadsafe(work, self._loop).result()
        except self._ssh.HostKeyNotVerifiable:
            told = f"{where} shows another key than the one it is known by: set host_key once you know that it is right"
            raise SourceFailedError("unknown_host", told) from None
        except (self._ssh.PermissionDenied, self._ssh.KeyImportError, self._ssh.KeyEncryptionError) as error:
            told = f"{where} does not let {self._how.username} in, or the key cannot be read ({type(error).__name__})"
            raise SourceFailedError("not_allowed", told) from None
        except self._ssh.SFTPNoSuchFile:
            raise FileNotFoundError from None
        except self._ssh.SFTPPermissionDenied:
            raise PermissionError from None
        except (self._ssh.Error, OSError, TimeoutError) as error:
            told = f"{where} cannot be reached or broke off ({type(error).__name__})"
            raise SourceFailedError("unreachable", told) from None


@contextmanager
def _opened(how: SftpSettings) -> Iterator[Server]:
    server = Server(how)
    try:
        server.open()
        yield server
    finally:
        server.close()
