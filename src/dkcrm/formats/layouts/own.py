"""Our own export as a table: every value beside its label, so that it comes back as it went.

A table that is guarded for spreadsheets says so in a last column, which stays there when a spreadsheet saves it anew.
"""

from __future__ import annotations

from dkcrm.formats.layouts.layout import Layout

_TABLE = """
uid = uid
type = type
state = state
name = name
first_name = first_name
last_name = last_name
organization = organization
job_title = job_title
vat_id = vat_id
tax_code = tax_code
website = website
source = source
tags = tag
notes = note
created_at = created_at
email = email < email label
email # = email < email # label
phone = phone < phone label
phone # = phone < phone # label
link = link < link label
link # = link < link # label
street = street < address 1 label
city = city < address 1 label
region = region < address 1 label
postcode = postcode < address 1 label
country = country < address 1 label
address = address < address 1 label
address # street = street < address # label
address # city = city < address # label
address # region = region < address # label
address # postcode = postcode < address # label
address # country = country < address # label
address # address = address < address # label
email label | phone label | link label = label
email # label | phone # label | link # label | address # label = label
dkcrm:guarded = -
"""

LAYOUTS = [Layout("dkcrm", "dkcrm", "uid | type | state | name", _TABLE)]
