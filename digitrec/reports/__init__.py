"""What the report of a run says, as data and as one HTML file."""
