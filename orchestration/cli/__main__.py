"""`python -m orchestration.cli`: the same as `touchstream`."""

from orchestration.cli.main import main

main()
