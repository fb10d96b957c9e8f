"""Widgets that ttkbootstrap does not have."""

# Sent to the window when a form is submitted or emptied: old refusals are over.
STARTED_ANEW = "<<StartedAnew>>"
