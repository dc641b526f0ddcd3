"""`python -m benchmarks [NAME …]`: run the named benchmarks, or all of them."""

from __future__ import annotations

import argparse
import importlib

NAMES = {"landing": ("repeats",), "identity": ("repeats", "people")}
"""The benchmarks, and the options each of them reads."""


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "names", nargs="*", default=list(NAMES), choices=[*NAMES, []], metavar="NAME", help=", ".join(NAMES)
    )
    parser.add_argument("--repeats", type=int, default=3, help="the median of so many counts")
    parser.add_argument(
        "--people", type=int, default=200_000, help="identity: of how many people (2,000,000 is the goal's)"
    )
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - set(NAMES):
        parser.error(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    for name in arguments.names or NAMES:
        options = {option: getattr(arguments, option) for option in NAMES[name]}
        importlib.import_module(f"benchmarks.{name}").run(**options)


if __name__ == "__main__":
    main()
