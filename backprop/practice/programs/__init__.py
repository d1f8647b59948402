"""The programs that a colleague brings, and a case for each (see `planting`)."""
