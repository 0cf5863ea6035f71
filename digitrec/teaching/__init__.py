"""What a model learns from labeled drawings, and what came of it."""
