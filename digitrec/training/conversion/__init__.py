"""Networks imported from other programs' files, and exported to them."""
