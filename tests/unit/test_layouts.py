"""Files of other programs, told by their headers; each as the program writes them."""

from __future__ import annotations

import pytest

from dkcrm.formats.headers import FIELDS, RECORD_FIELDS
from dkcrm.formats.layouts import is_layout_header, layouts, recognise
from dkcrm.formats.mapping import Mapping, propose

GOOGLE_OLD = (
    "Name,Given Name,Additional Name,Family Name,Yomi Name,Given Name Yomi,Additional Name Yomi,Family Name Yomi,"
    "Name Prefix,Name Suffix,Initials,Nickname,Short Name,Maiden Name,Birthday,Gender,Location,Billing Information,"
    "Directory Server,Mileage,Occupation,Hobby,Sensitivity,Priority,Subject,Notes,Language,Photo,Group Membership,"
    "E-mail 1 - Type,E-mail 1 - Value,E-mail 2 - Type,E-mail 2 - Value,Phone 1 - Type,Phone 1 - Value,"
    "Address 1 - Type,Address 1 - Formatted,Address 1 - Street,Address 1 - City,Address 1 - PO Box,"
    "Address 1 - Region,Address 1 - Postal Code,Address 1 - Country,Address 1 - Extended Address,"
    "Organization 1 - Type,Organization 1 - Name,Organization 1 - Yomi Name,Organization 1 - Title,"
    "Organization 1 - Department,Website 1 - Type,Website 1 - Value"
)
GOOGLE_NEW = (
    "First Name,Middle Name,Last Name,Phonetic First Name,Phonetic Middle Name,Phonetic Last Name,Name Prefix,"
    "Name Suffix,Nickname,File As,Organization Name,Organization Title,Organization Department,Birthday,Notes,Photo,"
    "Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value,"
    "Address 1 - Label,Address 1 - Formatted,Address 1 - Street,Address 1 - City,Address 1 - PO Box,"
    "Address 1 - Region,Address 1 - Postal Code,Address 1 - Country,Address 1 - Extended Address,Website 1 - Label,"
    "Website 1 - Value,Website 2 - Label,Website 2 - Value,Event 1 - Label,Event 1 - Value,Custom Field 1 - Label,"
    "Custom Field 1 - Value"
)
OUTLOOK = (
    "Title,First Name,Middle Name,Last Name,Suffix,Company,Department,Job Title,Business Street,Business Street 2,"
    "Business Street 3,Business City,Business State,Business Postal Code,Business Country/Region,Home Street,"
    "Home Street 2,Home City,Home State,Home Postal Code,Home Country/Region,Other Street,Other City,"
    "Assistant's Phone,Business Fax,Business Phone,Business Phone 2,Callback,Car Phone,Company Main Phone,Home Fax,"
    "Home Phone,Home Phone 2,ISDN,Mobile Phone,Other Fax,Other Phone,Pager,Primary Phone,Telex,Account,Anniversary,"
    "Assistant's Name,Birthday,Business Address PO Box,Categories,Children,E-mail Address,E-mail Type,"
    "E-mail Display Name,E-mail 2 Address,E-mail 2 Type,E-mail 2 Display Name,Gender,Initials,Keywords,Location,"
    "Manager's Name,Notes,Office Location,Priority,Private,Profession,Referred By,Sensitivity,Spouse,User 1,Web Page"
)
OUTLOOK_COM = (
    "First Name,Middle Name,Last Name,Title,Suffix,Nickname,Given Yomi,Surname Yomi,E-mail Address,E-mail 2 Address,"
    "E-mail 3 Address,Home Phone,Home Phone 2,Business Phone,Business Phone 2,Mobile Phone,Car Phone,Other Phone,"
    "Primary Phone,Pager,Business Fax,Home Fax,Other Fax,Company Main Phone,Callback,Radio Phone,Telex,TTY/TDD Phone,"
    "IMAddress,Job Title,Department,Company,Office Location,Manager's Name,Assistant's Name,Assistant's Phone,"
    "Company Yomi,Business Street,Business City,Business State,Business Postal Code,Business Country/Region,"
    "Home Street,Home City,Home State,Home Postal Code,Home Country/Region,Other Street,Other City,Other State,"
    "Other Postal Code,Other Country/Region,Personal Web Page,Spouse,Schools,Hobby,Location,Web Page,Birthday,"
    "Anniversary,Notes"
)
OUTLOOK_ITALIAN = (
    "Titolo,Nome,Secondo nome,Cognome,Titolo straniero,Società,Reparto,Posizione,Via (uff.),Via (uff.) 2,"
    "Via (uff.) 3,Città (uff.),Provincia (uff.),CAP (uff.),Paese/area geografica (uff.),Via (ab.),Città (ab.),"
    "Provincia (ab.),CAP (ab.),Paese/area geografica (ab.),Altra via,Altra città,Altro CAP,Telefono assistente,"
    "Fax (uff.),Ufficio,Ufficio 2,Telefono auto,Fax (ab.),Abitazione,Abitazione 2,Cellulare,Altro telefono,"
    "Telefono principale,Anniversario,Categorie,Cod. Fisc./P. IVA,Compleanno,Indirizzo posta elettronica,"
    "Tipo posta elettronica,Nome visualizzato posta elettronica,Indirizzo posta elettronica 2,Notes,Pagina Web,"
    "Privato,Utente 1"
)
THUNDERBIRD = (
    "First Name,Last Name,Display Name,Nickname,Primary Email,Secondary Email,Screen Name,Work Phone,Home Phone,"
    "Fax Number,Pager Number,Mobile Number,Home Address,Home Address 2,Home City,Home State,Home ZipCode,"
    "Home Country,Work Address,Work Address 2,Work City,Work State,Work ZipCode,Work Country,Job Title,Department,"
    "Organization,Web Page 1,Web Page 2,Birth Year,Birth Month,Birth Day,Custom 1,Custom 2,Custom 3,Custom 4,Notes,"
)
THUNDERBIRD_ITALIAN = (
    "Nome,Cognome,Nome visualizzato,Soprannome,Email primaria,Email secondaria,Nome Instant Messenger,"
    "Telefono lavoro,Telefono casa,Numero fax,Numero cercapersone,Numero cellulare,Indirizzo di casa,"
    "Indirizzo di casa 2,Città di residenza,CAP di residenza,Indirizzo di lavoro,Città di lavoro,Provincia di lavoro,"
    "CAP di lavoro,Nazione di lavoro,Qualifica,Reparto,Organizzazione,Pagina web 1,Anno di nascita,Personalizzato 1,"
    "Note"
)
APPLE = (
    "First name,Last name,Company,Job title,Email (home),Email (work),Phone (mobile),Phone (work),Street (home),"
    "City (home),ZIP (home),Country (home),Birthday,Note"
)
SALESFORCE_LEADS = (
    "ID,ISDELETED,MASTERRECORDID,LASTNAME,FIRSTNAME,SALUTATION,NAME,TITLE,COMPANY,STREET,CITY,STATE,POSTALCODE,"
    "COUNTRY,PHONE,MOBILEPHONE,FAX,EMAIL,WEBSITE,DESCRIPTION,LEADSOURCE,STATUS,INDUSTRY,RATING,OWNERID,ISCONVERTED,"
    "CREATEDDATE"
)
SALESFORCE_CONTACTS = (
    "ID,ISDELETED,ACCOUNTID,LASTNAME,FIRSTNAME,SALUTATION,NAME,OTHERSTREET,OTHERCITY,MAILINGSTREET,MAILINGCITY,"
    "MAILINGSTATE,MAILINGPOSTALCODE,MAILINGCOUNTRY,PHONE,FAX,MOBILEPHONE,HOMEPHONE,ASSISTANTPHONE,REPORTSTOID,EMAIL,"
    "TITLE,DEPARTMENT,ASSISTANTNAME,LEADSOURCE,BIRTHDATE,DESCRIPTION,OWNERID,CREATEDDATE"
)
SALESFORCE_ACCOUNTS = (
    "ID,ISDELETED,NAME,TYPE,PARENTID,BILLINGSTREET,BILLINGCITY,BILLINGSTATE,BILLINGPOSTALCODE,BILLINGCOUNTRY,"
    "SHIPPINGSTREET,PHONE,FAX,ACCOUNTNUMBER,WEBSITE,SITE,OWNERID,CREATEDDATE"
)
SALESFORCE_REPORT = (
    "Salutation,First Name,Last Name,Title,Account Name,Mailing Street,Mailing City,Mailing State/Province,"
    "Mailing Zip/Postal Code,Mailing Country,Phone,Fax,Mobile,Email,Account Owner,Contact ID"
)
HUBSPOT = (
    "Record ID,First Name,Last Name,Email,Phone Number,Contact owner,Associated Company,Last Activity Date,"
    "Lead Status,Create Date,Job Title,Lifecycle Stage,Street Address,City,State/Region,Postal Code,Country/Region,"
    "Website URL,Associated Company IDs"
)
HUBSPOT_COMPANIES = (
    "Record ID,Company name,Company Domain Name,Company owner,Phone Number,Website URL,City,Country/Region,Industry,"
    "Create Date,Street Address,Street Address 2,Postal Code"
)
ZOHO_LEADS = (
    "Record Id,Lead Owner Id,Lead Owner,Company,First Name,Last Name,Title,Email,Phone,Fax,Mobile,Website,"
    "Lead Source,Lead Status,Industry,Street,City,State,Zip Code,Country,Description,Created Time,Tag,Secondary Email"
)
ZOHO_CONTACTS = (
    "Record Id,Contact Owner Id,Contact Owner,Lead Source,First Name,Last Name,Account Name Id,Account Name,Email,"
    "Title,Department,Phone,Home Phone,Mobile,Date of Birth,Mailing Street,Mailing City,Mailing State,Mailing Zip,"
    "Mailing Country,Other Street,Other City,Description,Created Time,Tag"
)
ZOHO_ACCOUNTS = (
    "Record Id,Account Owner,Rating,Account Name,Phone,Account Site,Parent Account,Website,Industry,Billing Street,"
    "Billing City,Billing Code,Billing Country,Shipping Street,Shipping City,Description"
)
PIPEDRIVE = (
    "Person - ID,Person - Name,Person - Organization,Person - Email - Work,Person - Email - Home,"
    "Person - Phone - Work,Person - Phone - Mobile,Person - Label,Person - Owner,Person - Person created,"
    "Person - Notes,Person - Postal address,Organization - Name,Organization - Address,"
    "Organization - City/town/village/locality of Address,Deal - Title"
)
PIPEDRIVE_ORGANIZATIONS = (
    "Organization - ID,Organization - Name,Organization - Address,Organization - Website,Organization - Owner"
)
ODOO = (
    "External ID,Name,Is a Company,Related Company,Tax ID,Street,Street2,City,State,Zip,Country,Phone,Mobile,Email,"
    "Website,Job Position,Tags,Notes,Salesperson"
)
ODOO_ITALIAN = (
    "ID esterno,Nome,È un'azienda,Azienda correlata,Partita IVA,Via,Via 2,Città,Provincia,CAP,Nazione,Telefono,"
    "Cellulare,E-mail,Sito web,Posizione lavorativa,Etichette,Titolo"
)
ODOO_FIELDS = (
    "id,name,is_company,parent_id/name,vat,street,street2,zip,city,state_id,country_id,function,phone,mobile,email"
)
SUITE = (
    "ID,Salutation,First Name,Last Name,Title,Department,Account Name,Email Address,Office Phone,Mobile,Home,"
    "Other Phone,Fax,Primary Address Street,Primary Address City,Primary Address State,Primary Address Postal Code,"
    "Primary Address Country,Alternate Address Street,Alternate Address City,Description,Lead Source,Date Created,"
    "Assigned User"
)
SUITE_FIELDS = (
    "id,salutation,first_name,last_name,title,department,account_name,email_address,phone_work,phone_mobile,"
    "phone_home,primary_address_street,primary_address_city,primary_address_postalcode,alt_address_street,"
    "alt_address_city,date_entered,description"
)
ESPO = (
    "id,salutationName,firstName,lastName,accountName,title,emailAddress,phoneNumber,addressStreet,addressCity,"
    "addressState,addressPostalCode,addressCountry,description,createdAt,assignedUserName"
)
MAILCHIMP = (
    "Email Address,First Name,Last Name,Address,Phone Number,Birthday,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,"
    "CONFIRM_IP,LATITUDE,LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION,LAST_CHANGED,LEID,EUID,NOTES,TAGS"
)
BREVO = "CONTACT ID,EMAIL,NOME,COGNOME,SMS,WHATSAPP,EMAIL_BLACKLISTED,SMS_BLACKLISTED,ADDED_TIME,MODIFIED_TIME"
LINKEDIN = "First Name,Last Name,URL,Email Address,Company,Position,Connected On"

OWN = (
    "uid,type,state,name,first_name,last_name,organization,job_title,vat_id,tax_code,website,source,tags,notes,created_at,"
    "email,email label,email 2,email 2 label,phone,street,city,address,address 1 label,address 2 street,address 2 city,"
    "address 2 address,address 2 label,field:budget"
)

KINDS = [
    (OWN, "dkcrm", "dkcrm", None),
    (GOOGLE_OLD, "google", "google", None),
    (GOOGLE_NEW, "google", "google", None),
    (OUTLOOK, "outlook", "outlook", None),
    (OUTLOOK_COM, "outlook", "outlook", None),
    (OUTLOOK_ITALIAN, "outlook", "outlook", None),
    (THUNDERBIRD, "thunderbird", "thunderbird", None),
    (THUNDERBIRD_ITALIAN, "thunderbird", "thunderbird", None),
    (APPLE, "apple", "apple", None),
    (SALESFORCE_LEADS, "salesforce leads", "salesforce", "lead"),
    (SALESFORCE_CONTACTS, "salesforce contacts", "salesforce", None),
    (SALESFORCE_ACCOUNTS, "salesforce accounts", "salesforce", "organization"),
    (SALESFORCE_REPORT, "salesforce contacts", "salesforce", None),
    (HUBSPOT, "hubspot contacts", "hubspot", None),
    (HUBSPOT_COMPANIES, "hubspot companies", "hubspot", "organization"),
    (ZOHO_LEADS, "zoho leads", "zoho", "lead"),
    (ZOHO_CONTACTS, "zoho contacts", "zoho", None),
    (ZOHO_ACCOUNTS, "zoho accounts", "zoho", "organization"),
    (PIPEDRIVE, "pipedrive people", "pipedrive", None),
    (PIPEDRIVE_ORGANIZATIONS, "pipedrive organizations", "pipedrive", "organization"),
    (ODOO, "odoo", "odoo", None),
    (ODOO_ITALIAN, "odoo", "odoo", None),
    (ODOO_FIELDS, "odoo", "odoo", None),
    (SUITE, "suitecrm", "suitecrm", None),
    (SUITE_FIELDS, "suitecrm", "suitecrm", None),
    (ESPO, "espocrm", "espocrm", None),
    (MAILCHIMP, "mailchimp", "mailchimp", None),
    (BREVO, "brevo", "brevo", None),
    (LINKEDIN, "linkedin", "linkedin", None),
]


def plan(headers: str) -> Mapping:
    return propose(headers.split(","), [])


def told(headers: str) -> dict[str, str | None]:
    """Return what each header feeds, with its label after a blank."""
    names, mapping = headers.split(","), plan(headers)
    texts = [
        f"{field} {label}" if label else field for field, label in zip(mapping.fields, mapping.labels, strict=True)
    ]
    return dict(zip(names, texts, strict=True))


def agrees(headers: str, expected: str) -> None:
    """Check lines of HEADER = FIELD [LABEL]; None for a column that is kept as it is."""
    found = told(headers)
    wanted = {}
    for line in expected.strip().splitlines():
        names, _equals, field = line.strip().partition(" = ")
        wanted |= {name.strip(): None if field == "None" else field for name in names.split("|")}
    assert {name: found[name] for name in wanted} == wanted


@pytest.mark.parametrize(("headers", "name", "scope", "kind"), KINDS)
def test_each_program_is_recognised(headers: str, name: str, scope: str, kind: str | None) -> None:
    mapping = plan(headers)
    assert (mapping.layout, mapping.scope, mapping.type) == (name, scope, kind)
    swapped = plan(",".join(header.upper().replace(" ", "_") for header in headers.split(",")))
    assert (swapped.layout, swapped.fields) == (name, mapping.fields)


@pytest.mark.parametrize(("headers", "name", "scope", "kind"), KINDS)
def test_no_column_of_a_program_is_guessed_at(headers: str, name: str, scope: str, kind: str | None) -> None:
    mapping = plan(headers)
    unknown = [
        header
        for header, how, field in zip(headers.split(","), mapping.how, mapping.fields, strict=True)
        if how not in ("layout", None) and not header.startswith("field:")
    ]
    assert unknown == []


def test_every_table_is_well_formed() -> None:
    for layout in layouts():
        for key, column in layout.columns.items():
            plain = column.field in (None, "-", "label", "formatted") or column.field.startswith("field:")
            assert plain or column.field in FIELDS or column.field in RECORD_FIELDS, (layout.name, key)
            if column.label_header:
                assert layout.column(column.label_header.replace("#", "2")), (layout.name, key)
        for there, _absent in layout.telling:
            assert all(layout.column(key) for key in there), (layout.name, there)


@pytest.mark.parametrize(
    "headers",
    [
        "First Name,Last Name,Email,Phone,Company,Title",
        "Nome,Cognome,Email,Telefono,Azienda,Note",
        "Name,Email Address,Company,City,Country",
        "ID,Name,Street,City,Zip,Country",
        "Account Name,Website,Phone",
        "",
    ],
)
def test_a_plain_list_is_no_programs(headers: str) -> None:
    assert recognise(headers.split(",")) is None


def test_our_own_export() -> None:
    names, mapping = OWN.split(","), plan(OWN)
    at = {name: place for place, name in enumerate(names)}
    assert mapping.fields[:15] == [*names[:12], "tag", "note", "created_at"]
    assert mapping.fields[-1] == "field:budget"
    for header, field, label in [
        ("email", "email", "email label"),
        ("email 2", "email", "email 2 label"),
        ("city", "city", "address 1 label"),
        ("address 2 city", "city", "address 2 label"),
        ("address 2 address", "address", "address 2 label"),
    ]:
        assert (mapping.fields[at[header]], mapping.label_at[at[header]]) == (field, at[label])
    assert mapping.label_at[at["phone"]] is None
    assert mapping.fields[at["address 2 label"]] == "label"


def test_google_until_2024() -> None:
    agrees(
        GOOGLE_OLD,
        """
        Name = name
        Given Name = first_name
        Additional Name = field:middle-name
        Group Membership = tag
        E-mail 1 - Type | Phone 1 - Type | Address 1 - Type = label
        E-mail 1 - Value | E-mail 2 - Value = email
        Address 1 - Formatted = address
        Address 1 - Street | Address 1 - PO Box | Address 1 - Extended Address = street
        Address 1 - Region = region
        Organization 1 - Name = organization
        Organization 1 - Title = job_title
        Location | Photo | Subject | Organization 1 - Type = None
        Website 1 - Value = website
        Birthday = field:birthday
        """,
    )


def test_google_since_2024() -> None:
    agrees(
        GOOGLE_NEW,
        """
        First Name = first_name
        Organization Name = organization
        Organization Title = job_title
        Organization Department = field:department
        Labels = tag
        Address 1 - Formatted = address
        Website 1 - Value = website
        Website 2 - Value = link
        File As | Photo | Event 1 - Value | Custom Field 1 - Value = None
        Event 1 - Label | Custom Field 1 - Label = label
        """,
    )
    names, mapping = GOOGLE_NEW.split(","), plan(GOOGLE_NEW)
    at = {name: names.index(name) for name in names}
    assert mapping.label_at[at["E-mail 2 - Value"]] == at["E-mail 2 - Label"]
    assert (
        mapping.label_at[at["Address 1 - City"]]
        == at["Address 1 - Label"]
        == mapping.label_at[at["Address 1 - Street"]]
    )


def test_google_addresses_without_parts_or_labels() -> None:
    agrees("First Name,Last Name,E-mail 1 - Label,Address 1 - Formatted", "Address 1 - Formatted = address")
    agrees(
        "First Name,Last Name,E-mail 1 - Label,Address 1 - City,Address 2 - City",
        "Address 1 - City = city\nAddress 2 - City = city",
    )


@pytest.mark.parametrize("headers", [OUTLOOK, OUTLOOK_COM])
def test_outlook(headers: str) -> None:
    agrees(
        headers,
        """
        Title = field:name-prefix
        Job Title = job_title
        E-mail Address | E-mail 2 Address = email
        Business Phone | Business Phone 2 = phone work
        Mobile Phone = phone mobile
        Business Fax | Home Fax = phone fax
        Primary Phone = phone
        Business Street = street work
        Business Country/Region = country work
        Home State = region home
        Other City = city other
        Web Page = website
        Birthday = field:birthday
        Notes = note
        Manager's Name = field:manager
        Assistant's Phone | Location = None
        """,
    )
    if headers is OUTLOOK:
        agrees(
            headers,
            """
            Business Street 2 | Business Address PO Box = street work
            Categories = tag
            E-mail Type = -
            E-mail Display Name | Account | Keywords = None
            """,
        )


def test_outlook_in_italian() -> None:
    agrees(
        OUTLOOK_ITALIAN,
        """
        Titolo = field:name-prefix
        Posizione = job_title
        Società = organization
        Via (uff.) | Via (uff.) 2 | Via (uff.) 3 = street work
        Provincia (uff.) = region work
        Paese/area geografica (ab.) = country home
        Altro CAP = postcode other
        Ufficio | Ufficio 2 = phone work
        Abitazione = phone home
        Cellulare = phone mobile
        Fax (uff.) = phone fax
        Indirizzo posta elettronica | Indirizzo posta elettronica 2 = email
        Nome visualizzato posta elettronica = None
        Categorie = tag
        Cod. Fisc./P. IVA = tax_code
        Compleanno = field:birthday
        """,
    )


def test_thunderbird() -> None:
    agrees(
        THUNDERBIRD,
        """
        Display Name = name
        Primary Email | Secondary Email = email
        Work Phone = phone work
        Home Address | Home Address 2 = street home
        Work ZipCode = postcode work
        Web Page 1 = website
        Web Page 2 = link
        Custom 1 = None
        """,
    )
    agrees(
        THUNDERBIRD_ITALIAN, "Indirizzo di casa 2 = street home\nQualifica = job_title\nTelefono lavoro = phone work"
    )


def test_apple() -> None:
    agrees(APPLE, "Email (home) = email home\nPhone (mobile) = phone mobile\nCity (home) = city home\nNote = note")


def test_salesforce() -> None:
    agrees(
        SALESFORCE_LEADS,
        "COMPANY = organization\nSTREET = street\nLEADSOURCE = source\nTITLE = job_title\nID = external_id",
    )
    agrees(SALESFORCE_CONTACTS, "MAILINGCITY = city mailing\nACCOUNTID | ASSISTANTPHONE = None\nID = external_id")
    agrees(
        SALESFORCE_ACCOUNTS, "NAME = organization\nBILLINGCITY = city billing\nSITE | PARENTID = None\nID = external_id"
    )
    agrees(
        SALESFORCE_REPORT, "Mailing Zip/Postal Code = postcode mailing\nContact ID = external_id\nAccount Owner = None"
    )


def test_hubspot() -> None:
    agrees(
        HUBSPOT,
        "Associated Company = organization\nRecord ID = external_id\nContact owner | Associated Company IDs = None",
    )
    agrees(HUBSPOT_COMPANIES, "Company name = organization\nCompany Domain Name = website\nStreet Address 2 = street")


def test_zoho() -> None:
    agrees(ZOHO_LEADS, "Company = organization\nTag = tag\nLead Owner = None\nSecondary Email = email")
    agrees(ZOHO_CONTACTS, "Account Name = organization\nMailing Zip = postcode mailing\nAccount Name Id = None")
    agrees(ZOHO_ACCOUNTS, "Account Name = organization\nBilling Code = postcode billing\nAccount Site = None")


def test_pipedrive() -> None:
    agrees(
        PIPEDRIVE,
        """
        Person - Name = name
        Person - Email - Work = email work
        Person - Phone - Mobile = phone mobile
        Person - Organization = organization
        Person - Label = tag
        Person - Postal address = address
        Organization - Address = address work
        Organization - Name | Deal - Title = None
        """,
    )
    agrees(PIPEDRIVE_ORGANIZATIONS, "Organization - Name = organization\nOrganization - Address = address work")


@pytest.mark.parametrize("headers", [ODOO, ODOO_ITALIAN, ODOO_FIELDS])
def test_odoo(headers: str) -> None:
    fields = plan(headers).fields
    assert fields[:4] == ["external_id", "name", "party", "organization"]
    assert fields.count("street") == 2
    assert "job_title" in fields and "vat_id" in fields


def test_suitecrm_and_espocrm() -> None:
    agrees(
        SUITE,
        "Title = job_title\nSalutation = field:name-prefix\nAlternate Address City = city other\nHome = phone home",
    )
    agrees(SUITE_FIELDS, "phone_work = phone work\nprimary_address_postalcode = postcode\nid = external_id")
    agrees(ESPO, "accountName = organization\naddressStreet = street\ncreatedAt = created_at\nassignedUserName = None")


def test_newsletters() -> None:
    agrees(
        MAILCHIMP,
        """
        Email Address = email
        Address = address
        LEID = external_id
        TAGS = tag
        CONFIRM_TIME = created_at
        EUID | REGION | CC | OPTIN_TIME = None
        """,
    )
    agrees(
        BREVO,
        "NOME = first_name\nCOGNOME = last_name\nSMS = phone mobile\nWHATSAPP = phone whatsapp\nSMS_BLACKLISTED = None",
    )


def test_linkedins_address_is_a_link_and_an_id() -> None:
    mapping = plan(LINKEDIN)
    assert (mapping.fields[2], mapping.labels[2], mapping.external_id) == ("link", "linkedin", 2)


def test_headers_of_programs_tell_a_header_row() -> None:
    assert all(map(is_layout_header, ["Via (uff.)", "E-mail 3 - Value", "MAILINGSTREET", "Person - Email - Work"]))
    assert not any(map(is_layout_header, ["Via Roma 1", "E-mail Type", "", "x" * 10_000, "Milano"]))
