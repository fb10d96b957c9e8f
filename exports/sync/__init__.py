"""Batches across a shared folder: enrolment, publishing, merging, receipts."""

from exports.sync.cycle import Missing, SyncResult, SyncState, sync, sync_state

__all__ = ["Missing", "SyncResult", "SyncState", "sync", "sync_state"]
