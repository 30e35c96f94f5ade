"""Address books of mail programs and telephones: Thunderbird, and Apple's Contacts through Numbers and its like."""

from __future__ import annotations

from dkcrm.formats.layouts.layout import Layout

_THUNDERBIRD = """
First Name = first_name
Last Name = last_name
Display Name = name
Nickname = field:nickname
Primary Email | Secondary Email = email
Screen Name = field:screen-name
Work Phone = phone work
Home Phone = phone home
Fax Number = phone fax
Pager Number = phone pager
Mobile Number = phone mobile
Home Address | Home Address # = street home
Home City = city home
Home State = region home
Home ZipCode | Home Zip = postcode home
Home Country = country home
Work Address | Work Address # = street work
Work City = city work
Work State = region work
Work ZipCode | Work Zip = postcode work
Work Country = country work
Job Title = job_title
Department = field:department
Organization = organization
Web Page 1 | Web Page 2 = website
Notes = note
Birth Year = field:birth-year
Birth Month = field:birth-month
Birth Day = field:birth-day
Custom # = ?
"""

_THUNDERBIRD_ITALIAN = """
Nome = first_name
Cognome = last_name
Nome visualizzato = name
Soprannome = field:nickname
Email primaria | Email secondaria | Indirizzo email principale | Email principale | Email aggiuntiva = email
Nome Instant Messenger | Nome utente = field:screen-name
Telefono lavoro | Telefono di lavoro | Tel. lavoro = phone work
Telefono casa | Telefono di casa | Tel. casa = phone home
Numero fax | Numero di fax = phone fax
Numero cercapersone | Cercapersone = phone pager
Numero cellulare | Numero di cellulare = phone mobile
Indirizzo di casa | Indirizzo di casa # | Indirizzo casa | Indirizzo casa # = street home
Città di residenza | Città casa = city home
Provincia di residenza | Provincia casa = region home
CAP di residenza | CAP casa = postcode home
Nazione di residenza | Nazione casa = country home
Indirizzo di lavoro | Indirizzo di lavoro # | Indirizzo lavoro | Indirizzo lavoro # = street work
Città di lavoro | Città lavoro = city work
Provincia di lavoro | Provincia lavoro = region work
CAP di lavoro | CAP lavoro = postcode work
Nazione di lavoro | Nazione lavoro = country work
Qualifica = job_title
Reparto = field:department
Organizzazione = organization
Pagina web 1 | Pagina web 2 = website
Note = note
Anno di nascita = field:birth-year
Mese di nascita = field:birth-month
Giorno di nascita = field:birth-day
Personalizzato # = ?
"""

_APPLE = """
First Name = first_name
Last Name = last_name
Middle Name = field:middle-name
Display Name | Full Name = name
Title | Prefix = field:name-prefix
Suffix = field:name-suffix
Nickname = field:nickname
Company | Organization = organization
Department = field:department
Job Title = job_title
Email (home) | Home Email | Email Home | Email : home = email home
Email (work) | Work Email | Email Work | Email : work = email work
Email (other) | Other Email | Email Other | Email : other = email other
E-mail | Email | Email # | E-mail # = email
Phone : mobile | Mobile | Mobile Phone | Phone (mobile) = phone mobile
Phone : iPhone | iPhone | Phone (iPhone) = phone mobile
Phone : home | Home Phone | Phone (home) = phone home
Phone : work | Work Phone | Phone (work) = phone work
Phone : main | Main Phone | Phone (main) = phone main
Phone | Phone # = phone
Street (home) | Home Street | Address : home : Street = street home
City (home) | Home City | Address : home : City = city home
State (home) | Home State | Address : home : State = region home
ZIP (home) | Home ZIP | Postal Code (home) | Home Postal Code | Address : home : ZIP = postcode home
Country (home) | Home Country | Address : home : Country = country home
Street (work) | Work Street | Address : work : Street = street work
City (work) | Work City | Address : work : City = city work
State (work) | Work State | Address : work : State = region work
ZIP (work) | Work ZIP | Postal Code (work) | Work Postal Code | Address : work : ZIP = postcode work
Country (work) | Work Country | Address : work : Country = country work
URL | Home Page | Homepage = website
Birthday = field:birthday
Maiden Name = field:maiden-name
Note | Notes = note
Groups | Group = tag
Phonetic First Name | Phonetic Last Name | Phonetic Middle Name | Instant Message = ?
"""

LAYOUTS = [
    Layout("thunderbird", "thunderbird", "First Name | Last Name | Display Name | Primary Email", _THUNDERBIRD),
    Layout(
        "thunderbird",
        "thunderbird",
        """
        Nome | Cognome | Nome visualizzato | Email primaria
        Nome | Cognome | Nome visualizzato | Indirizzo email principale
        Nome | Cognome | Nome visualizzato | Email principale
        """,
        _THUNDERBIRD_ITALIAN,
    ),
    Layout(
        "apple",
        "apple",
        """
        First Name | Last Name | Email (home) | Email (work)
        First Name | Last Name | Phonetic First Name | Maiden Name
        First Name | Last Name | Company | Phone : mobile
        First Name | Last Name | Company | iPhone
        First Name | Last Name | Phone (mobile) | Phone (work)
        """,
        _APPLE,
    ),
]
