"""The `touchstream` command: what people type and what they read.

Here: arguments, tables, exit codes. Not here: how anything is done. Output is drawn for a terminal and plain lines
otherwise; `--json` where a program may want it.
"""
