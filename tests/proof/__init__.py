"""The disk, the power and the share fail: nothing that was shown as saved is lost.

`python -m tests.proof` makes the long campaigns; the tests make a few steps of each.
"""
