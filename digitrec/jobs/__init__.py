"""Starts training processes, keeps their queue, tells how long they take."""
