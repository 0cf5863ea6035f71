"""File formats of drawings, for ``download`` and ``upload``.

====================  ===========================================================
``picture_folders``   pictures, or a ZIP with a folder for each label
``label_table``       a table with the labels of pictures
``arrays``            NumPy's ``.npz`` and ``.npy``, and IDX
``pixel_csv``         CSV of pixels, one drawing per row
``parquet``           Parquet, as Hugging Face publishes datasets
``json_lines``        everything about a drawing, one JSON object per line
``unreadable``        formats that can't be read, and what to do about them
====================  ===========================================================

``file_kinds`` detects a file's format; all of them yield the types of ``incoming``.
"""
