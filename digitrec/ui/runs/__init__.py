"""What several pages show of runs: the picker, the queue, progress and results."""
