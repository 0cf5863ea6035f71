"""A served model: what it recognizes, why, and how well."""
