"""An SFTP server on this machine, with a folder, one account and a key of its own.

Here: a real server (asyncssh) for tests of what fetches files, which changes a file while it is being read when told
to. Imports no product code. Nothing leaves the machine.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Self

import asyncssh


class SftpServer:
    """The server, in a thread of its own. `folder` is its root; `fetched`: the files that were opened, in order.

    `on_open`: called with each file that is opened, before its first byte leaves.
    """

    def __init__(self, folder: Path, *, username: str, password: str, key: asyncssh.SSHKey | None = None) -> None:
        self.folder = folder
        self.fetched: list[str] = []
        self.on_open: Callable[[str], None] = lambda _: None
        self.port = 0
        self._account = (username, password)
        self._client_key = key
        self._own_key = asyncssh.generate_private_key("ssh-ed25519")
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="sftp server", daemon=True)
        self._acceptor: asyncssh.SSHAcceptor | None = None

    @property
    def host_key(self) -> str:
        """The server's public key, as `ssh-keyscan` prints it behind the name."""
        return self._own_key.export_public_key().decode().strip()

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def accepts(self, username: str, password: str) -> bool:
        """Whether this is the account."""
        return (username, password) == self._account

    def accepts_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        """Whether the account has this key."""
        known = self._client_key
        return known is not None and username == self._account[0] and key.public_data == known.public_data

    async def _listen(self) -> None:
        def session(channel: asyncssh.SSHServerChannel[bytes]) -> asyncssh.SFTPServer:
            return _Folder(channel, self)

        self._acceptor = await asyncssh.create_server(
            lambda: _Gate(self), "127.0.0.1", 0, server_host_keys=[self._own_key], sftp_factory=session
        )
        self.port = self._acceptor.get_port()

    async def _close(self) -> None:
        if self._acceptor is not None:
            self._acceptor.close()
            await self._acceptor.wait_closed()


class _Gate(asyncssh.SSHServer):
    """Lets the account in."""

    def __init__(self, server: SftpServer) -> None:
        self._server = server

    def begin_auth(self, username: str) -> bool:
        """Everybody has to log in."""
        del username
        return True

    def password_auth_supported(self) -> bool:
        """By password."""
        return True

    def validate_password(self, username: str, password: str) -> bool:
        """Whether it is the account's."""
        return self._server.accepts(username, password)

    def public_key_auth_supported(self) -> bool:
        """Or by key."""
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        """Whether it is the account's."""
        return self._server.accepts_key(username, key)


class _Folder(asyncssh.SFTPServer):
    """The folder, as the account sees it."""

    def __init__(self, channel: asyncssh.SSHServerChannel[bytes], server: SftpServer) -> None:
        super().__init__(channel, chroot=str(server.folder).encode())
        self._server = server

    def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> object:
        """Open a file and note it."""
        opened = super().open(path, pflags, attrs)
        name = path.decode().lstrip("/")
        self._server.fetched.append(name)
        self._server.on_open(name)
        return opened
