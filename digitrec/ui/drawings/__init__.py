"""What several pages show of saved drawings, and labeling, deleting and saving them."""
