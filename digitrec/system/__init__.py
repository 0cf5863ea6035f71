"""Files, archives, memory and processes: what the operating system has to do with."""
