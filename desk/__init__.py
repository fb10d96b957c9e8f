"""The window and the command line."""

VERSION = "0.4.0"  # as pyproject.toml has it
