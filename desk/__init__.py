"""The window and the command line."""

VERSION = "0.3.0"  # as pyproject.toml has it
