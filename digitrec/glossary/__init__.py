"""The terms of the field, each explained in a sentence and a picture."""
