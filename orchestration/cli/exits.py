"""Exit codes of the `touchstream` command, as docs/cli.md lists them."""

from __future__ import annotations

OK = 0
FAILED = 1
"""Something was tried and failed: a build, a check, a message."""
USAGE = 2
"""The command, the brand file or the environment is wrong; nothing was done."""
BUSY = 3
"""Somebody else holds the brand's lock."""
CLOSED = 4
"""A gate or a check is red: nothing was sent."""
REFUSED = 5
"""Landed, but whole files were refused or a source could not be read; `touchstream status` names them."""
