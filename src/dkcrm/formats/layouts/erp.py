"""Odoo's contacts: people and companies in one file, under labels, Italian labels, or the names of its fields."""

from __future__ import annotations

from dkcrm.formats.layouts.layout import Layout

_ODOO = """
External ID | ID | ID esterno = external_id +id
Name | Nome = name
Display Name | Nome visualizzato = name
Complete Name | Nome completo = name
Is a Company | is_company | È un'azienda | È una società | Company Type | Tipo azienda = party
Company Name | Company Name Entity | Nome azienda | Nome società = organization
Related Company | Related Company/Name | Parent name | Azienda correlata | Azienda collegata | Parent = organization
parent_id | parent_id/name | Azienda madre | Società collegata = organization
Tax ID | VAT | P. IVA | Partita IVA | Partita IVA/Codice fiscale = vat_id
Fiscal Code | Codice fiscale | l10n_it_codice_fiscale | fiscalcode = tax_code
Street | Street2 | Via | Via 2 | Via2 | Indirizzo | Indirizzo 2 = street
City | Città = city
State | Stato/Provincia | Provincia | state_id | state_id/name = region
Zip | CAP | C.A.P. = postcode
Country | Nazione | Paese | Stato | country_id | country_id/name | country_id/code = country
Phone | Telefono = phone
Mobile | Cellulare = phone mobile
Email | E-mail = email
PEC e-mail | PEC | l10n_it_pec_email | pec_mail = email pec
Website | Website Link | Sito web = website
Job Position | Function | Posizione lavorativa | Mansione = job_title
Title | Titolo = field:name-prefix
Tags | Category | Etichette | category_id | category_id/name = tag
Notes | Comment | Note | Note interne = note
Created on | Creato il | create_date = created_at
Reference | Internal Reference | Riferimento | Riferimento interno | Ref = ?
Salesperson | Addetto vendite | Commerciale | user_id | Activities | Attività | Language | Lingua | Lang = ?
"""

LAYOUTS = [
    Layout(
        "odoo",
        "odoo",
        """
        Name | Is a Company
        name | is_company
        Display Name | Is a Company
        Nome | È un'azienda
        Nome visualizzato | È un'azienda
        Nome | È una società
        External ID | Name | Street2
        Name | Street2 | Zip | Job Position
        Name | Company Type | Street2
        Name | Related Company | Tax ID
        ID esterno | Nome | Via 2
        """,
        _ODOO,
    ),
]
