"""`python -m simulator.brand`: see cli.py."""

from simulator.brand.cli import main

main()
