"""Drawings as files: what ``download`` writes and ``upload`` reads.

====================  ===========================================================
``picture_folders``   pictures, or a ZIP of them with a folder for each label
``label_table``       a table beside pictures that says what they are
``arrays``            NumPy's ``.npz`` and ``.npy``, and IDX
``pixel_csv``         CSV of pixels, a drawing a row
``parquet``           Parquet, as Hugging Face publishes datasets
``json_lines``        all that is known of a drawing, one JSON object a line
``unreadable``        what can't be read, and what to do about it
====================  ===========================================================

``file_kinds`` tells which of these a file is; ``incoming`` is what all of them bring.
"""
