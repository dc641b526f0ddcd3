"""The command line: `python -m simulator.brand --home BRAND_HOME`.

Here: arguments to parameters. Not here: writing (run.py).
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from simulator.brand import run
from simulator.brand.lin_story import Lin
from simulator.brand.parameters import ParameterError, Parameters

FULL_CUSTOMERS = 50_000


def _parser() -> argparse.ArgumentParser:
    usual = Parameters()
    parser = argparse.ArgumentParser(prog="python -m simulator.brand", description="Write the demo brand's exports.")
    parser.add_argument("--home", type=Path, required=True, help="the brand's run-time folder")
    parser.add_argument("--customers", type=int, help=f"people (default {usual.customers})")
    parser.add_argument("--days", type=int, default=usual.days, help="length of the story")
    parser.add_argument("--seed", type=int, default=usual.seed, help="another one is another brand")
    parser.add_argument("--start", type=date.fromisoformat, default=usual.start, help="first day, YYYY-MM-DD")
    parser.add_argument("--dirt", type=float, default=usual.dirt, help="share of rows that are dirty, 0 to 0.05")
    parser.add_argument("--until", type=date.fromisoformat, help="last day to write at once")
    parser.add_argument("--daily-files", type=int, default=usual.daily_files, help="last days with a file of their own")
    parser.add_argument("--lin-shift", type=int, default=0, help="days by which Ms. Lin's story moves")
    parser.add_argument(
        "--lin-messages", choices=("brand", "platform"), default="brand",
        help="who sends her the four messages: the brand's earlier tools, or whoever a gateway accepts them from",
    )  # fmt: skip
    parser.add_argument("--full", action="store_true", help=f"{FULL_CUSTOMERS} people, where --customers does not say")
    parser.add_argument("--day", type=date.fromisoformat, help="write this one day, after those before it")
    parser.add_argument("--accepted", type=Path, nargs="*", default=[], help="records of the stand-in gateways")
    return parser


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line and write."""
    told = _parser().parse_args(arguments)
    home = run.Home(told.home)
    started = time.perf_counter()
    try:
        parameters = Parameters(
            customers=told.customers or (FULL_CUSTOMERS if told.full else Parameters().customers),
            days=told.days,
            seed=told.seed,
            start=told.start,
            dirt=told.dirt,
            until=told.until,
            daily_files=told.daily_files,
            lin=Lin(messages=told.lin_messages).shifted(told.lin_shift),
        )
        if told.day is None:
            rows = run.write_at_once(home, parameters)
        else:
            rows = run.write_day(home, run.parameters_of(home, parameters), told.day, told.accepted)
    except (ParameterError, run.RunError) as error:
        sys.exit(f"{error}")
    seconds = time.perf_counter() - started
    print(f"{rows:,} rows in {seconds:.1f} s, {rows / seconds:,.0f} a second" if rows else "all there already")


if __name__ == "__main__":
    main()
