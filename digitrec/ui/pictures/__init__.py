"""The parts of the Pictures page."""
