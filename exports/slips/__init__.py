# ruff: noqa: F401 - these are the names of the package
"""Slips for students, filled in from Word templates that departments may replace."""

from exports.slips.slips import (
    check_template,
    copy_template,
    read_template,
    slip_file_name,
    slip_kind_for,
    write_slip,
)
