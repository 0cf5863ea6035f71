"""Numbers of several digits: from ink to the digits that were written."""
