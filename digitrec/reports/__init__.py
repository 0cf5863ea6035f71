"""The report of a run, as data and as an HTML file."""
