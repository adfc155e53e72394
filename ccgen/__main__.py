"""`python -m ccgen` is the command `ccgen`."""

from ccgen.cli import run

run()
