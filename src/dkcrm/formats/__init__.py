"""Text <-> records, no store: a file or a folder a format, and a line a format in ``recognise.FORMATS``.

The seam: a format's opener returns a ``record.Table`` (rows under headers, whose meaning ``mapping`` proposes) or a
``record.Records`` (cards, objects, messages). One pipeline in the services turns either into one unit of work. What
cannot be read as a row or record stands in ``rejects``.
"""
