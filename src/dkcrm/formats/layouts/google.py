"""Google Contacts: the CSV that it wrote until 2024, and the one that it writes since, in English and Italian."""

from __future__ import annotations

from dkcrm.formats.layouts.layout import Layout

# What both have, under other names for the columns of labels.
_SHARED = """
E-mail # - Value = email < E-mail # - {label}
Phone # - Value = phone < Phone # - {label}
Address # - Formatted = formatted < Address # - {label}
Address # - Street = street < Address # - {label}
Address # - PO Box = street < Address # - {label}
Address # - Extended Address = street < Address # - {label}
Address # - City = city < Address # - {label}
Address # - Region = region < Address # - {label}
Address # - Postal Code = postcode < Address # - {label}
Address # - Country = country < Address # - {label}
Website 1 - Value = website < Website 1 - {label}
Website # - Value = link < Website # - {label}
E-mail # - {label} | Phone # - {label} | Address # - {label} | Website # - {label} = label
Birthday = field:birthday
Name Prefix = field:name-prefix
Name Suffix = field:name-suffix
Nickname = field:nickname
Notes = note
Photo | File As = ?
Event # - Value = ? < Event # - {label}
Relation # - Value = ? < Relation # - {label}
Custom Field # - Value = ? < Custom Field # - {label}
Event # - {label} | Relation # - {label} | Custom Field # - {label} = label
IM # - {label} | IM # - Service | IM # - Value = ?
"""

_OLD = """
Given Name = first_name
Family Name = last_name
Name = name
Additional Name = field:middle-name
Maiden Name = field:maiden-name
Gender = field:gender
Occupation = field:occupation
Language = field:language
Organization 1 - Name = organization
Organization 1 - Title = job_title
Organization 1 - Department = field:department
Group Membership = tag
Yomi Name | Given Name Yomi | Additional Name Yomi | Family Name Yomi | Initials | Short Name | Location = ?
Billing Information | Directory Server | Mileage | Hobby | Sensitivity | Priority | Subject = ?
Organization # - Name | Organization # - Title | Organization # - Department | Organization # - Type = ?
Organization # - Yomi Name | Organization # - Symbol | Organization # - Location = ?
Organization # - Job Description = ?
""" + _SHARED.format(label="Type").strip()

_NEW = """
First Name = first_name
Last Name = last_name
Middle Name = field:middle-name
Organization Name = organization
Organization Title = job_title
Organization Department = field:department
Labels = tag
Phonetic First Name | Phonetic Middle Name | Phonetic Last Name = ?
""" + _SHARED.format(label="Label").strip()

_ITALIAN = """
Nome = first_name
Cognome = last_name
Secondo nome = field:middle-name
Nome organizzazione | Organizzazione # - Nome | Nome dell'organizzazione = organization
Titolo organizzazione | Organizzazione # - Titolo | Titolo dell'organizzazione = job_title
Qualifica organizzazione | Qualifica nell'organizzazione = job_title
Reparto organizzazione | Organizzazione # - Reparto | Reparto dell'organizzazione = field:department
Etichette | Appartenenza al gruppo | Appartenenza a gruppi = tag
E-mail # - Valore = email < E-mail # - {label}
Telefono # - Valore = phone < Telefono # - {label}
Indirizzo # - Formattato = formatted < Indirizzo # - {label}
Indirizzo # - Via = street < Indirizzo # - {label}
Indirizzo # - Casella postale = street < Indirizzo # - {label}
Indirizzo # - Indirizzo esteso | Indirizzo # - Dettagli indirizzo = street < Indirizzo # - {label}
Indirizzo # - Città = city < Indirizzo # - {label}
Indirizzo # - Regione | Indirizzo # - Provincia = region < Indirizzo # - {label}
Indirizzo # - Codice postale | Indirizzo # - CAP = postcode < Indirizzo # - {label}
Indirizzo # - Paese = country < Indirizzo # - {label}
Sito web 1 - Valore = website < Sito web 1 - {label}
Sito web # - Valore = link < Sito web # - {label}
E-mail # - {label} | Telefono # - {label} | Indirizzo # - {label} | Sito web # - {label} = label
Compleanno = field:birthday
Prefisso nome | Prefisso del nome = field:name-prefix
Suffisso nome | Suffisso del nome = field:name-suffix
Nickname | Soprannome = field:nickname
Note = note
Nome fonetico | Secondo nome fonetico | Cognome fonetico | Archivia come | Foto = ?
Evento # - Valore = ? < Evento # - {label}
Relazione # - Valore = ? < Relazione # - {label}
Campo personalizzato # - Valore = ? < Campo personalizzato # - {label}
Evento # - {label} | Relazione # - {label} | Campo personalizzato # - {label} = label
"""

LAYOUTS = [
    Layout(
        "google",
        "google",
        """
        Given Name | Family Name | E-mail 1 - Value
        Given Name | Family Name | Phone 1 - Value
        Given Name | Family Name | Yomi Name
        Name | Given Name | Group Membership
        """,
        _OLD,
    ),
    Layout(
        "google",
        "google",
        """
        First Name | Last Name | Phonetic First Name | Labels
        First Name | Last Name | E-mail 1 - Label
        First Name | Last Name | Phone 1 - Label
        First Name | Organization Name | E-mail 1 - Value
        """,
        _NEW,
    ),
    Layout(
        "google",
        "google",
        """
        Nome | Cognome | E-mail 1 - Etichetta
        Nome | Cognome | Telefono 1 - Etichetta
        Nome | Cognome | Nome fonetico | Etichette
        """,
        _ITALIAN.format(label="Etichetta"),
    ),
    Layout(
        "google",
        "google",
        """
        Nome | Cognome | E-mail 1 - Tipo
        Nome | Cognome | Telefono 1 - Tipo
        """,
        _ITALIAN.format(label="Tipo"),
    ),
]
