"""Arrow's functions over columns.

Here: one name for them. Arrow makes them when it is imported, so that no type checker sees them. Not here: what is done
with them.
"""

from __future__ import annotations

from typing import Any

import pyarrow.compute

pc: Any = pyarrow.compute
