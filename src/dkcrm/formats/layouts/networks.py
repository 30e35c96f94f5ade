"""Social networks: the connections that LinkedIn lets one download."""

from __future__ import annotations

from dkcrm.formats.layouts.layout import Layout

_LINKEDIN = """
URL = link linkedin +id
First Name | Nome = first_name
Last Name | Cognome = last_name
Email Address | Indirizzo email | Indirizzo e-mail = email
Company | Azienda = organization
Position | Posizione = job_title
Connected On | Data di collegamento | Collegato il = field:connected-on
"""

LAYOUTS = [
    Layout(
        "linkedin",
        "linkedin",
        """
        First Name | Last Name | Connected On
        First Name | Last Name | URL | Email Address | Company | Position
        Nome | Cognome | Collegato il
        """,
        _LINKEDIN,
    ),
]
