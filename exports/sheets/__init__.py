"""Forms (表) of one record or one day as Word documents, beside the ledgers."""

from exports.ledgers.amounts import amount_in_words
from exports.sheets.openings import export_openings
from exports.sheets.outage import export_outage_sheet
from exports.sheets.papers import PAPERS, Paper, export_paper, paper_called
from exports.sheets.plans import export_plan

__all__ = [
    "PAPERS",
    "Paper",
    "amount_in_words",
    "export_openings",
    "export_outage_sheet",
    "export_paper",
    "export_plan",
    "paper_called",
]
