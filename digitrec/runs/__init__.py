"""A run is a folder; these read and write it."""
