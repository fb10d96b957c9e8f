"""Runs first in the bundle of build.spec: what it opens shall load its own libraries.

The bundle starts with its folder in LD_LIBRARY_PATH.  Word processors would inherit it
and, on a newer Linux, not start with the older libraries they find there.
"""

import os

NAME = "LD_LIBRARY_PATH"
before = os.environ.pop(f"{NAME}_ORIG", "")  # where the bundle keeps what was set
os.environ.pop(NAME, None)
if before:
    os.environ[NAME] = before
