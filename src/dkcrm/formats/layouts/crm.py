"""Other CRMs: Zoho, Pipedrive, SuiteCRM (and SugarCRM, which it comes from) and EspoCRM."""

from __future__ import annotations

from dkcrm.formats.layouts.layout import Layout

_ZOHO = """
Record Id = external_id +id
First Name = first_name
Last Name = last_name
Full Name | Contact Name = name
Salutation = field:name-prefix
Company | Account Name = organization
Title | Designation = job_title
Department = field:department
Email = email
Secondary Email | Email # = email
Phone = phone
Mobile = phone mobile
Home Phone = phone home
Other Phone = phone other
Fax = phone fax
Website = website
Lead Source = source
Lead Status = field:lead-status
Date of Birth = field:birthday
Assistant = field:assistant
Industry = field:industry
Annual Revenue = field:annual-revenue
No. of Employees | No of Employees | Employees = field:employees
Rating = field:rating
Account Type = field:account-type
Street | Flat / House No. / Building / Apartment Name = street
City = city
State | State / Province = region
Zip Code | Zip / Postal Code = postcode
Country | Country / Region = country
Mailing Street = street mailing
Mailing City = city mailing
Mailing State = region mailing
Mailing Zip = postcode mailing
Mailing Country = country mailing
Other Street = street other
Other City = city other
Other State = region other
Other Zip = postcode other
Other Country = country other
Billing Street = street billing
Billing City = city billing
Billing State = region billing
Billing Code = postcode billing
Billing Country = country billing
Shipping Street = street shipping
Shipping City = city shipping
Shipping State = region shipping
Shipping Code = postcode shipping
Shipping Country = country shipping
Tag = tag
Description = note
Created Time = created_at
Lead Owner | Lead Owner Id | Contact Owner | Contact Owner Id | Account Owner | Account Owner Id = ?
Account Name Id | Created By | Created By Id | Modified By | Modified By Id | Modified Time | Asst Phone = ?
Reporting To | Reporting To Id | Vendor Name | Vendor Name Id | Parent Account | Parent Account Id = ?
Account Site | Account Number | Ticker Symbol | Ownership | SIC Code | Layout | Layout Id | Skype ID | Twitter = ?
Last Activity Time | Email Opt Out | Unsubscribed Mode | Unsubscribed Time | Converted Date Time = ?
"""

_PIPEDRIVE_ORGANIZATION = """
Organization - Name = organization
Organization - Address = formatted work
Organization - Full/combined address of Address = formatted work
Organization - Street/road name of Address | Organization - House number of Address = street work
Organization - Apartment/suite no of Address | Organization - District/sublocality of Address = street work
Organization - City/town/village/locality of Address | Organization - City = city work
Organization - State/county of Address | Organization - State = region work
Organization - ZIP/Postal code of Address | Organization - Postal code = postcode work
Organization - Country of Address | Organization - Country = country work
Organization - Website = website
Organization - Industry = field:industry
Organization - LinkedIn Page | Organization - LinkedIn profile = link linkedin
Organization - Region of Address | Organization - People | Organization - Open deals | Organization - Update time = ?
"""

_PIPEDRIVE_PERSON = """
Person - ID = external_id +id
Person - Name = name
Person - First name = first_name
Person - Last name = last_name
Person - Email - Work = email work
Person - Email - Home = email home
Person - Email - Other = email other
Person - Email = email
Person - Phone - Work = phone work
Person - Phone - Home = phone home
Person - Phone - Mobile = phone mobile
Person - Phone - Other = phone other
Person - Phone = phone
Person - Organization = organization
Person - Job title | Person - Title = job_title
Person - Birthday = field:birthday
Person - Label | Person - Labels = tag
Person - Notes = note
Person - Website = website
Person - LinkedIn Page | Person - LinkedIn profile = link linkedin
Person - Postal address | Person - Full/combined address of Postal address = formatted
Person - Street/road name of Postal address | Person - House number of Postal address = street
Person - Apartment/suite no of Postal address | Person - District/sublocality of Postal address = street
Person - City/town/village/locality of Postal address = city
Person - State/county of Postal address = region
Person - ZIP/Postal code of Postal address = postcode
Person - Country of Postal address = country
Person - Person created | Person - Created | Person - Add time = created_at
Person - Owner | Organization - ID | Organization - Owner | Organization - Label | Organization - Labels = ?
Organization - Email | Organization - Phone | Person - Organization ID | Person - Region of Postal address = ?
""" + _PIPEDRIVE_ORGANIZATION.strip()

_SUITE = """
ID = external_id +id
First Name = first_name
Last Name = last_name
Full Name = name
Salutation = field:name-prefix
Title | Job Title = job_title
Department = field:department
Account Name = organization
Email Address | Email | Email1 | Email Address # = email
Other Email Address | Alternate Email | Email2 | Email Addresses Non Primary | Non Primary E-mails = email other
Office Phone | Phone Work | Business Phone = phone work
Mobile | Phone Mobile = phone mobile
Home | Home Phone | Phone Home = phone home
Other Phone | Phone Other | Alternate Phone | Phone Alternate = phone other
Fax | Phone Fax = phone fax
Phone Office = phone
Primary Address Street | Primary Address Street # = street
Primary Address City = city
Primary Address State = region
Primary Address Postal Code | Primary Address Postalcode = postcode
Primary Address Country = country
Alternate Address Street | Alt Address Street | Alternate Address Street # | Alt Address Street # = street other
Alternate Address City | Alt Address City = city other
Alternate Address State | Alt Address State = region other
Alternate Address Postal Code | Alternate Address Postalcode | Alt Address Postalcode = postcode other
Alternate Address Country | Alt Address Country = country other
Website = website
Lead Source = source
Birthdate = field:birthday
Assistant = field:assistant
Description = note
Date Created | Date Entered = created_at
Tags = tag
Account ID | Assigned User | Assigned To | Assigned User ID | Assigned User Name | Created By = ?
Date Modified | Modified By | Modified User ID | Reports To | Reports To ID | Campaign | Campaign ID = ?
Do Not Call | Deleted | Photo | Assistant Phone = ?
"""

_SUITE_ACCOUNTS = """
ID = external_id +id
Name = organization
Website = website
Email Address | Email | Email1 = email
Office Phone | Phone Office = phone
Alternate Phone | Phone Alternate = phone other
Fax | Phone Fax = phone fax
Billing Street | Billing Address Street | Billing Address Street # = street billing
Billing City | Billing Address City = city billing
Billing State | Billing Address State = region billing
Billing Postal Code | Billing Address Postalcode = postcode billing
Billing Country | Billing Address Country = country billing
Shipping Street | Shipping Address Street | Shipping Address Street # = street shipping
Shipping City | Shipping Address City = city shipping
Shipping State | Shipping Address State = region shipping
Shipping Postal Code | Shipping Address Postalcode = postcode shipping
Shipping Country | Shipping Address Country = country shipping
Industry = field:industry
Annual Revenue = field:annual-revenue
Employees = field:employees
Type | Account Type = field:account-type
Description = note
Date Created | Date Entered = created_at
Parent ID | Assigned User ID | Assigned To | Created By | Date Modified | Ownership | Rating | SIC Code = ?
"""

_ESPO = """
id = external_id +id
name = {name}
firstName = first_name
lastName = last_name
middleName = field:middle-name
salutationName = field:name-prefix
title | accountRole = job_title
accountName = organization
emailAddress = email
phoneNumber = phone
phoneNumberMobile | mobilePhone = phone mobile
phoneNumberHome = phone home
phoneNumberFax | phoneNumberFax = phone fax
website = website
addressStreet = street
addressCity = city
addressState = region
addressPostalCode = postcode
addressCountry = country
billingAddressStreet = street billing
billingAddressCity = city billing
billingAddressState = region billing
billingAddressPostalCode = postcode billing
billingAddressCountry = country billing
shippingAddressStreet = street shipping
shippingAddressCity = city shipping
shippingAddressState = region shipping
shippingAddressPostalCode = postcode shipping
shippingAddressCountry = country shipping
source = source
industry = field:industry
description = note
createdAt = created_at
accountId | assignedUserId | assignedUserName | modifiedAt | deleted | createdById | createdByName = ?
modifiedById | modifiedByName | teamsIds | teamsNames | sicCode | doNotCall = ?
"""

LAYOUTS = [
    Layout(
        "zoho leads",
        "zoho",
        """
        Record Id | Lead Owner | Last Name
        Lead Owner | Company | Last Name | Created Time
        Lead Owner | Company | Lead Status | Zip Code
        """,
        _ZOHO,
        type="lead",
    ),
    Layout(
        "zoho contacts",
        "zoho",
        """
        Record Id | Contact Owner | Last Name | Created Time
        Record Id | Contact Owner Id | Last Name
        Contact Owner | Account Name | Last Name | Mailing Zip
        """,
        _ZOHO,
    ),
    Layout(
        "zoho accounts",
        "zoho",
        """
        Record Id | Account Owner | Account Name | !Last Name
        Account Owner | Account Name | Billing Code | !Last Name
        """,
        _ZOHO,
        type="organization",
    ),
    Layout(
        "pipedrive people",
        "pipedrive",
        """
        Person - Name | Person - ID
        Person - Name | Person - Owner
        Person - Name | Person - Organization
        Person - Name | Person - Label
        Person - Name | Person - Labels
        Person - Name | Person - Email
        Person - Name | Person - Email - Work
        Person - Name | Person - Phone
        Person - Name | Person - Phone - Work
        Person - Name | Person - Person created
        Person - First name | Person - Last name
        """,
        _PIPEDRIVE_PERSON,
    ),
    Layout(
        "pipedrive organizations",
        "pipedrive",
        """
        Organization - Name | Organization - ID | !Person - Name | !Deal - Title
        Organization - Name | Organization - Owner | !Person - Name | !Deal - Title
        Organization - Name | Organization - People | !Person - Name | !Deal - Title
        Organization - Name | Organization - Open deals | !Person - Name | !Deal - Title
        Organization - Name | Organization - Organization created | !Person - Name | !Deal - Title
        Organization - Name | Organization - Full/combined address of Address | !Person - Name | !Deal - Title
        """,
        "Organization - ID = external_id +id\nOrganization - Label | Organization - Labels = tag\n"
        "Organization - Email = email\nOrganization - Phone = phone\n"
        "Organization - Annual revenue = field:annual-revenue\nOrganization - Number of employees = field:employees\n"
        "Organization - Organization created | Organization - Add time = created_at\nOrganization - Owner = ?"
        + _PIPEDRIVE_ORGANIZATION,
        type="organization",
    ),
    Layout("suitecrm", "suitecrm", "Last Name | Primary Address Street", _SUITE),
    Layout(
        "suitecrm accounts",
        "suitecrm",
        """
        Name | Office Phone | Billing Street | !Last Name
        name | phone_office | billing_address_street | !last_name
        """,
        _SUITE_ACCOUNTS,
        type="organization",
    ),
    Layout(
        "espocrm",
        "espocrm",
        """
        lastName | emailAddress | addressStreet
        lastName | accountName | phoneNumber
        lastName | emailAddress | phoneNumber | createdAt
        """,
        _ESPO.format(name="name"),
    ),
    Layout(
        "espocrm accounts",
        "espocrm",
        "name | emailAddress | billingAddressStreet | !lastName",
        _ESPO.format(name="organization"),
        type="organization",
    ),
]
