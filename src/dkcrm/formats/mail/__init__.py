"""New leads from mail: a message, an mbox, a Maildir or a directory of messages becomes people and what they wrote.

The rooms, from the outside in: ``opening`` (what is at a path, and the file of rejects), ``boxes`` (bytes to one
message at a time), ``leads`` (a message to records), ``automatic`` and ``forms`` (who is no lead, and who stands in a
web form), ``message`` (date, key, subject), ``body`` and ``markup`` (the text), ``parts`` (MIME), ``header_fields``,
``addresses`` and ``charsets``. The parsing is our own where the standard library's is recursive, or quadratic on
hostile input: every step here is linear in the bytes of the message.
"""
