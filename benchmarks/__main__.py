"""`python -m benchmarks [NAME …]`: run the named benchmarks, or all that need nothing from outside the project."""

from __future__ import annotations

import argparse
import importlib
from pathlib import Path

NAMES = {
    "landing": ("repeats", "full"),
    "identity": ("repeats", "people"),
    "public": ("folder",),
    "rfm": ("folder",),
    "promotion": ("folder", "full"),
}
"""The benchmarks, and the options each of them reads."""


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", default=[], choices=[*NAMES, []], metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--repeats", type=int, default=3, help="the median of so many counts")
    parser.add_argument(
        "--people", type=int, default=200_000, help="identity: of how many people (2,000,000 is the goal's)"
    )
    parser.add_argument(
        "--full",
        action="store_true",
        help="landing: 20.9 million rows in one file besides; promotion: what every store shows",
    )
    parser.add_argument(
        "--folder",
        type=Path,
        help="public, rfm, promotion: where the public files lie, no part of the project; without it, left out",
    )
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - set(NAMES):
        parser.error(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    needing = {name for name, options in NAMES.items() if "folder" in options}
    if arguments.folder is None and (asked := needing.intersection(arguments.names)):
        parser.error(f"{', '.join(sorted(asked))} needs --folder: where the public files lie")
    for name in arguments.names or [name for name in NAMES if name not in needing or arguments.folder is not None]:
        options = {option: getattr(arguments, option) for option in NAMES[name]}
        importlib.import_module(f"benchmarks.{name}").run(**options)


if __name__ == "__main__":
    main()
