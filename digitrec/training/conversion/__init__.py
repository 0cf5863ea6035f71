"""Networks brought in from other programs, and written for them."""
