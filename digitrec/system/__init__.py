"""Files, archives, memory and processes."""
