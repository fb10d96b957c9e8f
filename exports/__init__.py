"""Everything that leaves or enters the database as a file."""
