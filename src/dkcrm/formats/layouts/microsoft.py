"""Outlook, Microsoft 365 and outlook.com: English and Italian, as each of them writes its columns."""

from __future__ import annotations

from dkcrm.formats.layouts.layout import Layout

_ENGLISH = """
First Name = first_name
Last Name = last_name
Middle Name = field:middle-name
Title = field:name-prefix
Suffix = field:name-suffix
Nickname = field:nickname
Display Name = name
Company = organization
Department = field:department
Job Title = job_title
E-mail Address | E-mail # Address = email
E-mail Type | E-mail # Type = -
E-mail Display Name | E-mail # Display Name = ?
Business Phone | Business Phone # = phone work
Mobile Phone | Mobile Phone # = phone mobile
Home Phone | Home Phone # = phone home
Business Fax = phone fax
Home Fax | Other Fax = phone fax
Other Phone = phone other
Primary Phone = phone
Company Main Phone = phone main
Car Phone = phone car
Pager = phone pager
Callback = phone callback
ISDN = phone isdn
Radio Phone = phone radio
TTY/TDD Phone = phone tty
Telex | Assistant's Phone = ?
Business Address = formatted work
Business Street | Business Street # = street work
Business Address PO Box = street work
Business City = city work
Business State = region work
Business Postal Code = postcode work
Business Country/Region | Business Country = country work
Home Address = formatted home
Home Street | Home Street # = street home
Home Address PO Box = street home
Home City = city home
Home State = region home
Home Postal Code = postcode home
Home Country/Region | Home Country = country home
Other Address = formatted other
Other Street | Other Street # = street other
Other Address PO Box = street other
Other City = city other
Other State = region other
Other Postal Code = postcode other
Other Country/Region | Other Country = country other
Web Page = website
Personal Web Page = website
Categories = tag
Notes = note
Birthday = field:birthday
Anniversary = field:anniversary
Gender = field:gender
Spouse = field:spouse
Children = field:children
Profession = field:profession
Manager's Name = field:manager
Assistant's Name = field:assistant
Office Location = field:office
Hobby = field:hobby
Referred By = field:referred-by
Government ID Number | Account | Billing Information | Directory Server | Initials | Internet Free Busy = ?
Keywords | Language | Location | Mileage | Organizational ID Number | Priority | Private | Sensitivity = ?
User 1 | User 2 | User 3 | User 4 | Company Yomi | Given Yomi | Surname Yomi | Schools = ?
"""

_ITALIAN = """
Nome = first_name
Cognome = last_name
Secondo nome = field:middle-name
Titolo | Titolo personale = field:name-prefix
Titolo straniero | Suffisso = field:name-suffix
Soprannome | Alternativo = field:nickname
Nome completo = name
Società = organization
Reparto = field:department
Posizione lavorativa = job_title
Posizione = job_title
Indirizzo posta elettronica | Indirizzo posta elettronica # = email
Indirizzo di posta elettronica | Indirizzo di posta elettronica # = email
Indirizzo e-mail | Indirizzo e-mail # | Posta el. # = email
Tipo posta elettronica | Tipo posta elettronica # = -
Nome visualizzato posta elettronica | Nome visualizzato posta elettronica # = ?
Ufficio | Ufficio # | Telefono ufficio | Telefono ufficio # | Telefono (uff.) | Telefono (uff.) # = phone work
Cellulare | Cellulare # | Telefono cellulare | Numero di cellulare = phone mobile
Abitazione | Abitazione # | Telefono abitazione | Telefono abitazione # | Telefono (ab.) | Telefono (ab.) # = phone home
Fax (uff.) | Fax ufficio | Fax (ab.) | Fax abitazione | Altro fax = phone fax
Altro telefono = phone other
Telefono principale = phone
Telefono principale società = phone main
Telefono auto | Telefono automobile = phone car
Cercapersone = phone pager
Richiamata automatica | Numero richiamata automatica = phone callback
ISDN = phone isdn
Radiotelefono = phone radio
Telefono TTY/TDD | Telefono TTY/TTD = phone tty
Telex | Telefono assistente = ?
Via (uff.) | Via (uff.) # | Indirizzo (uff.) - Casella postale | Casella postale (uff.) = street work
Via ufficio | Via ufficio # | Casella postale ufficio = street work
Città (uff.) | Città ufficio = city work
Provincia (uff.) | Provincia o stato (uff.) | Provincia ufficio = region work
CAP (uff.) | CAP ufficio = postcode work
Paese (uff.) | Paese/area geografica (uff.) | Paese ufficio | Paese/area geografica ufficio = country work
Via (ab.) | Via (ab.) # | Indirizzo (ab.) - Casella postale | Casella postale (ab.) = street home
Via abitazione | Via abitazione # | Casella postale abitazione = street home
Città (ab.) | Città abitazione = city home
Provincia (ab.) | Provincia o stato (ab.) | Provincia abitazione = region home
CAP (ab.) | CAP abitazione = postcode home
Paese (ab.) | Paese/area geografica (ab.) | Paese abitazione | Paese/area geografica abitazione = country home
Altra via | Altra via # | Altro indirizzo - Casella postale | Altra casella postale = street other
Altra città = city other
Altra provincia | Altra provincia o stato = region other
Altro CAP = postcode other
Altro paese | Altro paese/area geografica | Altro paese o altra area geografica = country other
Indirizzo (ufficio) | Indirizzo ufficio = formatted work
Indirizzo (abitazione) | Indirizzo abitazione = formatted home
Pagina Web = website
Pagina Web personale = website
Categorie = tag
Note | Notes = note
Compleanno = field:birthday
Anniversario = field:anniversary
Sesso = field:gender
Nome coniuge/partner | Coniuge/Partner | Coniuge = field:spouse
Figli = field:children
Professione = field:profession
Nome manager = field:manager
Nome assistente = field:assistant
Ubicazione ufficio = field:office
Hobby = field:hobby
Presentato da = field:referred-by
Cod. Fisc./P. IVA = tax_code
Account | Dati fatturazione | Disponibilità Internet | Indennità trasferta | Iniziali | Lingua | Luogo = ?
Numero ID organizzativo | Parole chiave | Priorità | Privato | Riservatezza | Server di directory = ?
Utente 1 | Utente 2 | Utente 3 | Utente 4 = ?
"""

LAYOUTS = [
    Layout(
        "outlook",
        "outlook",
        """
        First Name | Last Name | E-mail Address | Business Street
        First Name | Last Name | E-mail Address | Business Phone
        First Name | Last Name | E-mail Address | Home Street
        First Name | Last Name | E-mail Address | E-mail Display Name
        First Name | Last Name | E-mail Address | E-mail 2 Address
        First Name | Last Name | Business Street | Business Phone
        """,
        _ENGLISH,
    ),
    Layout(
        "outlook",
        "outlook",
        """
        Nome | Cognome | Via (uff.)
        Nome | Cognome | Città (uff.)
        Nome | Cognome | Via (ab.)
        Nome | Cognome | Fax (uff.)
        Nome | Cognome | Indirizzo posta elettronica | Ufficio
        Nome | Cognome | Indirizzo posta elettronica | Nome visualizzato posta elettronica
        Nome | Cognome | Indirizzo di posta elettronica | Telefono ufficio
        Nome | Cognome | Indirizzo e-mail | Indirizzo e-mail 2 | Telefono ufficio
        Nome | Cognome | Indirizzo e-mail | Via ufficio | Via abitazione
        """,
        _ITALIAN,
    ),
]
