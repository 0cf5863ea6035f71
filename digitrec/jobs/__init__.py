"""Starts training processes, queues them, and estimates how long they take."""
