"""Widgets that ttkbootstrap does not have."""
