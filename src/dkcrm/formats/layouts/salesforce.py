"""Salesforce: leads, contacts and accounts, under the names of its API (Data Loader) and of its reports."""

from __future__ import annotations

from dkcrm.formats.layouts.layout import Layout

_SHARED = """
Phone | Business Phone = phone
MobilePhone | Mobile = phone mobile
HomePhone = phone home
OtherPhone = phone other
Fax | Business Fax = phone fax
Email = email
Website = website
Description = note
LeadSource = source
CreatedDate = created_at
Industry = field:industry
AnnualRevenue = field:annual-revenue
NumberOfEmployees | Employees | No. of Employees = field:employees
Rating = field:rating
IsDeleted | MasterRecordId | OwnerId | CreatedById | LastModifiedDate | LastModifiedById | SystemModstamp = ?
LastActivityDate | LastViewedDate | LastReferencedDate | RecordTypeId | Jigsaw | CleanStatus | PhotoUrl = ?
"""

_PERSON = """
FirstName = first_name
LastName = last_name
Name | Full Name = name
MiddleName = field:middle-name
Salutation = field:name-prefix
Suffix = field:name-suffix
Title = job_title
"""

_PLACE = """
{0}Street | {0} Address Line 1 | {0} Address Line 2 | {0} Address Line 3 = street{1}
{0}City = city{1}
{0}State | {0} State/Province | {0} State/Province (text only) = region{1}
{0}PostalCode | {0} Zip/Postal Code = postcode{1}
{0}Country | {0} Country (text only) = country{1}
{0}StateCode | {0}CountryCode | {0}Latitude | {0}Longitude | {0}GeocodeAccuracy = ?
"""


def _place(prefix: str, label: str) -> str:
    """Return the lines of an address whose columns begin with a word."""
    return _PLACE.format(prefix, f" {label}" if label else "").strip() + "\n"


LAYOUTS = [
    Layout(
        "salesforce leads",
        "salesforce",
        """
        LastName | Company | LeadSource | OwnerId
        LastName | Company | LeadSource | Street | PostalCode
        LastName | Company | IsConverted
        LastName | Company | IsDeleted
        Lead ID | Last Name | Company / Account
        Lead Owner | Last Name | Company / Account
        Last Name | Company / Account | Lead Status
        """,
        "Id | Lead ID = external_id +id"
        + _PERSON
        + "Company | Company / Account = organization\n"
        + "Status | Lead Status = field:lead-status\n"
        + _place("", "")
        + _SHARED.strip()
        + "\nIsConverted | ConvertedDate | ConvertedAccountId | ConvertedContactId | ConvertedOpportunityId = ?"
        + "\nLead Owner | IsUnreadByOwner | EmailBouncedReason | EmailBouncedDate = ?",
        type="lead",
    ),
    Layout(
        "salesforce contacts",
        "salesforce",
        """
        LastName | AccountId | Email
        LastName | AccountId | IsDeleted
        LastName | MailingStreet | MailingCity
        Last Name | Account Name | Mailing Street
        Contact ID | Last Name | Account Name
        """,
        "Id | Contact ID = external_id +id"
        + _PERSON
        + "Account Name | Account.Name = organization\n"
        + "Department = field:department\n"
        + "Birthdate = field:birthday\n"
        + "AssistantName | Assistant = field:assistant\n"
        + _place("Mailing", "mailing")
        + _place("Other", "other")
        + _SHARED.strip()
        + "\nAccountId | ReportsToId | Reports To | AssistantPhone | Asst. Phone | Account Owner | Contact Owner = ?"
        + "\nEmailBouncedReason | EmailBouncedDate | IsEmailBounced | LastCURequestDate | LastCUUpdateDate = ?",
    ),
    Layout(
        "salesforce accounts",
        "salesforce",
        """
        Name | BillingStreet | IsDeleted | !LastName
        Name | BillingStreet | OwnerId | !LastName
        Name | BillingStreet | BillingCity | BillingPostalCode | !LastName
        Account ID | Account Name | !Last Name | !Contact ID
        Account Owner | Account Name | Billing Street | !Last Name
        Account Name | Billing Street | Billing Zip/Postal Code | !Last Name
        """,
        "Id | Account ID = external_id +id\n"
        + "Name | Account Name = organization\n"
        + _place("Billing", "billing")
        + _place("Shipping", "shipping")
        + _SHARED.strip()
        + "\nType | Account Type = field:account-type"
        + "\nParentId | Parent Account | AccountNumber | Sic | SicDesc | Ownership | TickerSymbol | Site = ?"
        + "\nAccount Site | AccountSource | Account Owner = ?",
        type="organization",
    ),
]
