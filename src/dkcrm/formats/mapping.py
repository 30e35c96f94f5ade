"""What each column of a table feeds: the plan that an import follows row by row."""

from __future__ import annotations


class Mapping:
    """The plan of a table's columns; every list has one item a column.

    ``fields`` has what each column feeds: a name of ``headers.FIELDS``, ``external_id``, ``type``, ``state``,
    ``party``, ``field:NAME`` (a custom field), ``label`` (it holds the label of another column's values), ``-`` (left
    out on purpose) or None (nothing takes it). ``labels`` has the label that a header gives to its values ("work"),
    which also tells the parts of one address from those of another; ``label_at`` the position of the column that has
    the label of each value instead, or None. ``layout`` names the program that wrote the file, where it was recognised
    ("google", "salesforce leads"), and ``scope`` whose ids the file carries. ``type`` is what the layout's records
    are, where that is certain. ``how`` says of each column how its field was found: ``map``, ``rules``, ``layout``,
    ``header``, ``values`` or None.
    """

    __slots__ = ("fields", "how", "label_at", "labels", "layout", "scope", "type")

    def __init__(
        self,
        fields: list[str | None],
        labels: list[str | None],
        label_at: list[int | None],
        how: list[str | None],
        *,
        layout: str | None = None,
        scope: str | None = None,
        type: str | None = None,
    ) -> None:
        self.fields = fields
        self.labels = labels
        self.label_at = label_at
        self.how = how
        self.layout = layout
        self.scope = scope
        self.type = type
