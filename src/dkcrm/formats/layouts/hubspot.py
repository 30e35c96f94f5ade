"""HubSpot: contacts and companies."""

from __future__ import annotations

from dkcrm.formats.layouts.layout import Layout

_SHARED = """
Record ID = external_id +id
Phone Number | Phone = phone
Mobile Phone Number = phone mobile
Fax Number = phone fax
Website URL = website
Street Address | Street Address 2 = street
City = city
State/Region = region
Postal Code = postcode
Country/Region | Country = country
Lifecycle Stage = field:lifecycle-stage
Lead Status = field:lead-status
Original Source | Original Traffic Source | Original Source Type | Latest Source = source
Create Date = created_at
Industry = field:industry
Annual Revenue = field:annual-revenue
Number of Employees = field:employees
Description | About Us | Notes = note
Last Activity Date | Last Modified Date | Last Contacted | Close Date | Associated Deals = ?
Number of times contacted | Number of Sales Activities | Next Activity Date = ?
"""

_CONTACTS = """
Record ID - Contact | Contact ID | Object ID = external_id +id
First Name = first_name
Last Name = last_name
Salutation = field:name-prefix
Email = email
Work email = email work
Additional email addresses | Additional Email Addresses = email
Company Name | Associated Company | Primary Associated Company = organization
Job Title = job_title
Date of birth = field:birthday
Gender = field:gender
LinkedIn URL | LinkedIn Bio = link linkedin
Twitter Username = ?
Contact owner | Associated Company IDs | Primary Associated Company ID = ?
Email Domain | Unsubscribed from all email | Marketing contact status = ?
""" + _SHARED.strip()

_COMPANIES = """
Record ID - Company | Company ID = external_id +id
Company name | Name = organization
Company Domain Name = website
LinkedIn Company Page = link linkedin
Facebook Company Page = link facebook
Company owner | Twitter Handle | Associated Contacts | Associated Contact IDs | Type | Parent Company = ?
""" + _SHARED.strip()

LAYOUTS = [
    Layout(
        "hubspot contacts",
        "hubspot",
        """
        Record ID | First Name | Last Name | Email | !Created Time
        Record ID - Contact | First Name | Last Name
        First Name | Last Name | Lifecycle Stage | Contact owner
        First Name | Email | Lifecycle Stage | Create Date
        First Name | Last Name | Contact owner | Create Date
        Email | Contact owner | Lifecycle Stage
        """,
        _CONTACTS,
    ),
    Layout(
        "hubspot companies",
        "hubspot",
        """
        Record ID | Company name | !First Name | !Last Name
        Record ID - Company | Company name
        Company name | Company owner | !First Name | !Last Name
        Company name | Company Domain Name | !First Name | !Last Name
        Name | Company Domain Name | Company owner
        """,
        _COMPANIES,
        type="organization",
    ),
]
