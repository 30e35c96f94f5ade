"""import: the files that other programs write, whole header rows and all, need no mapping and lose nothing."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any, NamedTuple

import pytest


class Export(NamedTuple):
    """An export of one program: its headers, one person (or organization) of it, and what must have come of that."""

    layout: str
    headers: str
    row: dict[str, str]
    expected: dict[str, Any]
    type: str | None = "lead"
    delimiter: str = ","
    encoding: str = "utf-8"
    quote_all: bool = False
    #: The column of the id, and of the main email, where the file has both.
    id: str | None = None
    email: str | None = None
    words: tuple[str, ...] = ()

    def write(self, path: Path, *changes: dict[str, str]) -> Path:
        """Write the row, once for each set of changes to it."""
        text = io.StringIO()
        headers = self.headers.split(",")
        writer = csv.writer(
            text, delimiter=self.delimiter, quoting=csv.QUOTE_ALL if self.quote_all else csv.QUOTE_MINIMAL
        )
        writer.writerow(headers)
        for change in changes or ({},):
            row = self.row | change
            assert row.keys() <= set(headers)
            writer.writerow([row.get(header, "") for header in headers])
        path.write_bytes(text.getvalue().encode(self.encoding))
        return path


def told(entity: dict[str, Any]) -> dict[str, Any]:
    """Return what an entity says, a value with its label in a line."""
    said = {name: entity[name] for name in ("name", "first_name", "last_name", "organization", "job_title", "vat_id",
                                            "tax_code", "website", "source", "notes", "created_at")}  # fmt: skip
    for kind in ("emails", "phones", "links"):
        said[kind] = [" | ".join(filter(None, (point["value"], point["label"]))) for point in entity[kind]]
    parts = ("street", "postcode", "city", "region", "country", "label")
    said["addresses"] = [" | ".join(filter(None, (address[part] for part in parts))) for address in entity["addresses"]]
    return said | {"tags": set(entity["tags"]), "fields": entity["fields"]}


ANNA = {"name": "Anna Bianchi", "first_name": "Anna", "last_name": "Bianchi", "organization": "Bianchi S.r.l.",
        "job_title": "CEO"}  # fmt: skip

EXPORTS = {
    "google until 2024": Export(
        "google",
        "Name,Given Name,Additional Name,Family Name,Yomi Name,Given Name Yomi,Additional Name Yomi,Family Name Yomi,"
        "Name Prefix,Name Suffix,Initials,Nickname,Short Name,Maiden Name,Birthday,Gender,Location,Billing Information,"
        "Directory Server,Mileage,Occupation,Hobby,Sensitivity,Priority,Subject,Notes,Language,Photo,Group Membership,"
        "E-mail 1 - Type,E-mail 1 - Value,E-mail 2 - Type,E-mail 2 - Value,IM 1 - Type,IM 1 - Service,IM 1 - Value,"
        "Phone 1 - Type,Phone 1 - Value,Phone 2 - Type,Phone 2 - Value,Address 1 - Type,Address 1 - Formatted,"
        "Address 1 - Street,Address 1 - City,Address 1 - PO Box,Address 1 - Region,Address 1 - Postal Code,"
        "Address 1 - Country,Address 1 - Extended Address,Organization 1 - Type,Organization 1 - Name,"
        "Organization 1 - Yomi Name,Organization 1 - Title,Organization 1 - Department,Organization 1 - Symbol,"
        "Organization 1 - Location,Organization 1 - Job Description,Relation 1 - Type,Relation 1 - Value,"
        "Website 1 - Type,Website 1 - Value,Event 1 - Type,Event 1 - Value,Custom Field 1 - Type,"
        "Custom Field 1 - Value",
        {"Name": "Anna Bianchi", "Given Name": "Anna", "Family Name": "Bianchi", "Birthday": "1980-05-12",
         "Notes": "At the fair\nlikes tea", "Group Membership": "Clients ::: Fair 2026 ::: * friends ::: * myContacts",
         "E-mail 1 - Type": "* Work", "E-mail 1 - Value": "anna@bianchi.it ::: a2@bianchi.it",
         "E-mail 2 - Type": "Home", "E-mail 2 - Value": "anna@home.it", "IM 1 - Service": "Skype",
         "IM 1 - Value": "anna.b", "Phone 1 - Type": "Mobile", "Phone 1 - Value": "+39 347 1234567 ::: 348 7654321",
         "Phone 2 - Type": "Work Fax", "Phone 2 - Value": "02 1234568", "Address 1 - Type": "* Home",
         "Address 1 - Formatted": "Via Roma 1\n00100 Roma RM\nIT", "Address 1 - Street": "Via Roma 1",
         "Address 1 - City": "Roma", "Address 1 - Region": "RM", "Address 1 - Postal Code": "00100",
         "Address 1 - Country": "IT", "Organization 1 - Name": "Bianchi S.r.l.", "Organization 1 - Title": "CEO",
         "Relation 1 - Type": "Spouse", "Relation 1 - Value": "Mario", "Website 1 - Value": "https://bianchi.it",
         "Custom Field 1 - Type": "Code", "Custom Field 1 - Value": "007"},
        ANNA | {
            "notes": "At the fair\nlikes tea", "tags": {"Clients", "Fair 2026", "friends"},
            "emails": ["anna@bianchi.it | work", "a2@bianchi.it | work", "anna@home.it | home"],
            "phones": ["+39 347 1234567 | mobile", "348 7654321 | mobile", "02 1234568 | fax"],
            "addresses": ["Via Roma 1 | 00100 | Roma | RM | IT | home"], "website": "https://bianchi.it",
            "fields": {"birthday": "1980-05-12", "im-1-service": "Skype", "im-1-value": "anna.b",
                       "spouse": "Mario", "code": "007"},
        },
        email="E-mail 1 - Value",
    ),
    "google since 2024": Export(
        "google",
        "First Name,Middle Name,Last Name,Phonetic First Name,Phonetic Middle Name,Phonetic Last Name,Name Prefix,"
        "Name Suffix,Nickname,File As,Organization Name,Organization Title,Organization Department,Birthday,Notes,"
        "Photo,Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Label,"
        "Phone 1 - Value,Address 1 - Label,Address 1 - Formatted,Address 1 - Street,Address 1 - City,"
        "Address 1 - PO Box,Address 1 - Region,Address 1 - Postal Code,Address 1 - Country,"
        "Address 1 - Extended Address,Website 1 - Label,Website 1 - Value,"
        "Event 1 - Label,Event 1 - Value,Custom Field 1 - Label,Custom Field 1 - Value",
        {"First Name": "Anna", "Last Name": "Bianchi", "Organization Name": "Bianchi S.r.l.",
         "Organization Title": "CEO", "Birthday": "--05-12", "Labels": "Clienti ::: * myContacts",
         "E-mail 1 - Label": "* Lavoro", "E-mail 1 - Value": "anna@bianchi.it", "E-mail 2 - Value": "a2@bianchi.it",
         "Phone 1 - Label": "Cellulare", "Phone 1 - Value": "347 1234567", "Address 1 - Label": "Casa",
         "Address 1 - Street": "Via Roma 1", "Address 1 - Extended Address": "int. 3", "Address 1 - City": "Roma",
         "Address 1 - Postal Code": "00100", "Website 1 - Label": "Blog", "Website 1 - Value": "www.bianchi.it"},
        ANNA | {"tags": {"Clienti"}, "emails": ["anna@bianchi.it | work", "a2@bianchi.it"],
                "phones": ["347 1234567 | mobile"], "addresses": ["Via Roma 1, int. 3 | 00100 | Roma | home"],
                "website": "www.bianchi.it", "fields": {"birthday": "--05-12"}},
        email="E-mail 1 - Value",
    ),
    "google in Italian": Export(
        "google",
        "Nome,Secondo nome,Cognome,Nome fonetico,Secondo nome fonetico,Cognome fonetico,Prefisso nome,Suffisso nome,"
        "Nickname,Archivia come,Nome organizzazione,Titolo organizzazione,Reparto organizzazione,Compleanno,Note,Foto,"
        "Etichette,E-mail 1 - Etichetta,E-mail 1 - Valore,Telefono 1 - Etichetta,Telefono 1 - Valore,"
        "Indirizzo 1 - Etichetta,Indirizzo 1 - Formattato,Indirizzo 1 - Via,Indirizzo 1 - Città,"
        "Indirizzo 1 - Casella postale,Indirizzo 1 - Regione,Indirizzo 1 - Codice postale,Indirizzo 1 - Paese,"
        "Indirizzo 1 - Indirizzo esteso,Sito web 1 - Etichetta,Sito web 1 - Valore,"
        "Campo personalizzato 1 - Etichetta,Campo personalizzato 1 - Valore",
        {"Nome": "Anna", "Cognome": "Bianchi", "Nome organizzazione": "Bianchi S.r.l.", "Titolo organizzazione": "CEO",
         "Etichette": "Clienti ::: * myContacts", "E-mail 1 - Etichetta": "* Lavoro",
         "E-mail 1 - Valore": "anna@bianchi.it", "Telefono 1 - Etichetta": "Cellulare",
         "Telefono 1 - Valore": "347 1234567", "Indirizzo 1 - Etichetta": "Casa", "Indirizzo 1 - Via": "Via Roma 1",
         "Indirizzo 1 - Città": "Roma", "Indirizzo 1 - Codice postale": "00100", "Indirizzo 1 - Paese": "IT",
         "Sito web 1 - Valore": "www.bianchi.it", "Campo personalizzato 1 - Valore": "012"},
        ANNA | {"tags": {"Clienti"}, "emails": ["anna@bianchi.it | work"], "phones": ["347 1234567 | mobile"],
                "addresses": ["Via Roma 1 | 00100 | Roma | IT | home"], "website": "www.bianchi.it",
                "fields": {"campo-personalizzato-1-valore": "012"}},
        email="E-mail 1 - Valore",
    ),
    "outlook": Export(
        "outlook",
        "Title,First Name,Middle Name,Last Name,Suffix,Company,Department,Job Title,Business Street,Business Street 2,"
        "Business Street 3,Business City,Business State,Business Postal Code,Business Country/Region,Home Street,"
        "Home Street 2,Home Street 3,Home City,Home State,Home Postal Code,Home Country/Region,Other Street,"
        "Other Street 2,Other Street 3,Other City,Other State,Other Postal Code,Other Country/Region,Assistant's Phone,"
        "Business Fax,Business Phone,Business Phone 2,Callback,Car Phone,Company Main Phone,Home Fax,Home Phone,"
        "Home Phone 2,ISDN,Mobile Phone,Other Fax,Other Phone,Pager,Primary Phone,Radio Phone,TTY/TDD Phone,Telex,"
        "Account,Anniversary,Assistant's Name,Billing Information,Birthday,Business Address PO Box,Categories,Children,"
        "Directory Server,E-mail Address,E-mail Type,E-mail Display Name,E-mail 2 Address,E-mail 2 Type,"
        "E-mail 2 Display Name,E-mail 3 Address,E-mail 3 Type,E-mail 3 Display Name,Gender,Government ID Number,Hobby,"
        "Home Address PO Box,Initials,Internet Free Busy,Keywords,Language,Location,Manager's Name,Mileage,Notes,"
        "Office Location,Organizational ID Number,Other Address PO Box,Priority,Private,Profession,Referred By,"
        "Sensitivity,Spouse,User 1,User 2,User 3,User 4,Web Page",
        {"Title": "Ms.", "First Name": "Anna", "Last Name": "Bianchi", "Company": "Bianchi S.r.l.", "Job Title": "CEO",
         "Business Street": "Via Roma 1", "Business Street 2": "Scala B", "Business City": "Roma",
         "Business State": "RM", "Business Postal Code": "00100", "Business Country/Region": "Italy",
         "Home City": "Milano", "Business Fax": "02 1234568", "Business Phone": "02 1234567",
         "Business Phone 2": "02 1234569", "Home Phone": "06 123456", "Mobile Phone": "+39 347 1234567",
         "Anniversary": "0/0/00", "Birthday": "12/25/1980", "Categories": "Clienti;Fiera 2026",
         "E-mail Address": "anna@bianchi.it", "E-mail Type": "SMTP", "E-mail 2 Address": "a2@bianchi.it",
         "E-mail 2 Type": "SMTP", "Gender": "Unspecified", "Notes": "one\r\ntwo\r\n", "Priority": "Normal",
         "User 1": "0007", "Web Page": "http://bianchi.it"},
        ANNA | {
            "emails": ["anna@bianchi.it", "a2@bianchi.it"], "notes": "one\ntwo", "tags": {"Clienti", "Fiera 2026"},
            "phones": ["02 1234567 | work", "02 1234569 | work", "06 123456 | home",
                       "+39 347 1234567 | mobile", "02 1234568 | fax"],
            "addresses": ["Via Roma 1, Scala B | 00100 | Roma | RM | Italy | work", "Milano | home"],
            "website": "http://bianchi.it",
            "fields": {"name-prefix": "Ms.", "birthday": "1980-12-25", "priority": "Normal", "user-1": "0007"},
        },
        encoding="cp1252", quote_all=True, email="E-mail Address",
    ),
    "outlook.com": Export(
        "outlook",
        "First Name,Middle Name,Last Name,Title,Suffix,Nickname,Given Yomi,Surname Yomi,E-mail Address,"
        "E-mail 2 Address,E-mail 3 Address,Home Phone,Home Phone 2,Business Phone,Business Phone 2,Mobile Phone,"
        "Car Phone,Other Phone,Primary Phone,Pager,Business Fax,Home Fax,Other Fax,Company Main Phone,Callback,"
        "Radio Phone,Telex,TTY/TDD Phone,IMAddress,Job Title,Department,Company,Office Location,Manager's Name,"
        "Assistant's Name,Assistant's Phone,Company Yomi,Business Street,Business City,Business State,"
        "Business Postal Code,Business Country/Region,Home Street,Home City,Home State,Home Postal Code,"
        "Home Country/Region,Other Street,Other City,Other State,Other Postal Code,Other Country/Region,"
        "Personal Web Page,Spouse,Schools,Hobby,Location,Web Page,Birthday,Anniversary,Notes",
        {"First Name": "Anna", "Last Name": "Bianchi", "Nickname": "Annina", "E-mail Address": "anna@bianchi.it",
         "Mobile Phone": "347 1234567", "IMAddress": "anna.b", "Job Title": "CEO", "Company": "Bianchi S.r.l.",
         "Home City": "Roma", "Home Postal Code": "00100", "Personal Web Page": "https://anna.it",
         "Web Page": "https://bianchi.it", "Anniversary": "2010-12-25"},
        ANNA | {"emails": ["anna@bianchi.it"], "phones": ["347 1234567 | mobile"], "website": "https://bianchi.it",
                "links": ["https://anna.it"], "addresses": ["00100 | Roma | home"],
                "fields": {"nickname": "Annina", "imaddress": "anna.b", "anniversary": "2010-12-25"}},
        encoding="utf-8-sig", email="E-mail Address",
    ),
    "outlook in Italian": Export(
        "outlook",
        "Titolo,Nome,Secondo nome,Cognome,Titolo straniero,Società,Reparto,Posizione,Via (uff.),Via (uff.) 2,"
        "Via (uff.) 3,Città (uff.),Provincia (uff.),CAP (uff.),Paese/area geografica (uff.),Via (ab.),Via (ab.) 2,"
        "Via (ab.) 3,Città (ab.),Provincia (ab.),CAP (ab.),Paese/area geografica (ab.),Altra via,Altra città,"
        "Altra provincia,Altro CAP,Altro paese/area geografica,Telefono assistente,Fax (uff.),Ufficio,Ufficio 2,"
        "Richiamata automatica,Telefono auto,Telefono principale società,Fax (ab.),Abitazione,Abitazione 2,ISDN,"
        "Cellulare,Altro fax,Altro telefono,Cercapersone,Telefono principale,Radiotelefono,Telefono TTY/TDD,Telex,"
        "Account,Anniversario,Categorie,Cod. Fisc./P. IVA,Compleanno,Dati fatturazione,Disponibilità Internet,Figli,"
        "Hobby,Iniziali,Lingua,Luogo,Nome assistente,Nome coniuge/partner,Nome manager,Notes,Pagina Web,Parole chiave,"
        "Indirizzo posta elettronica,Tipo posta elettronica,Nome visualizzato posta elettronica,"
        "Indirizzo posta elettronica 2,Presentato da,Priorità,Privato,Professione,Riservatezza,Sesso,Utente 1",
        {"Nome": "Anna", "Cognome": "D'Angelo", "Società": "Caffè Perù S.n.c.", "Posizione": "Titolare",
         "Via (uff.)": "Via Roma 1", "Città (uff.)": "Forlì", "Provincia (uff.)": "FC", "CAP (uff.)": "00100",
         "Paese/area geografica (uff.)": "Italia", "Fax (uff.)": "06 1234568", "Ufficio": "06 1234567",
         "Abitazione": "02 7654321", "Cellulare": "347 1234567", "Anniversario": "0/0/00",
         "Categorie": "Clienti;Amici", "Cod. Fisc./P. IVA": "01234567890", "Compleanno": "25/12/1980",
         "Notes": "nota", "Pagina Web": "www.perù.it", "Indirizzo posta elettronica": "anna@bianchi.it",
         "Tipo posta elettronica": "SMTP", "Privato": "Falso", "Sesso": "Non specificato"},
        {"name": "Anna D'Angelo", "organization": "Caffè Perù S.n.c.", "job_title": "Titolare",
         "tax_code": "01234567890", "website": "www.perù.it", "tags": {"Clienti", "Amici"}, "notes": "nota",
         "emails": ["anna@bianchi.it"],
         "phones": ["06 1234567 | work", "02 7654321 | home", "347 1234567 | mobile", "06 1234568 | fax"],
         "addresses": ["Via Roma 1 | 00100 | Forlì | FC | Italia | work"],
         "fields": {"birthday": "1980-12-25", "privato": "Falso"}},
        encoding="cp1252", delimiter=";", quote_all=True, email="Indirizzo posta elettronica",
    ),
    "google's export for outlook, in Italian": Export(
        "outlook",
        "Nome,Secondo nome,Cognome,Titolo,Suffisso,Iniziali,Pagina Web,Sesso,Compleanno,Anniversario,Luogo,Lingua,"
        "Note,Indirizzo e-mail,Indirizzo e-mail 2,Indirizzo e-mail 3,Telefono principale,Telefono abitazione,"
        "Telefono cellulare,Fax abitazione,Indirizzo abitazione,Via abitazione,Città abitazione,CAP abitazione,"
        "Paese abitazione,Società,Posizione lavorativa,Reparto,Telefono ufficio,Fax ufficio,Indirizzo ufficio,"
        "Via ufficio,Città ufficio,CAP ufficio,Categorie",
        {"Nome": "Anna", "Cognome": "Bianchi", "Indirizzo e-mail": "anna@bianchi.it",
         "Telefono cellulare": "347 1234567", "Telefono ufficio": "02 1234567", "Via abitazione": "Via Roma 1",
         "Città abitazione": "Roma", "CAP abitazione": "00100", "Società": "Bianchi S.r.l.",
         "Posizione lavorativa": "CEO", "Via ufficio": "Via Po 2", "Città ufficio": "Torino"},
        ANNA | {"emails": ["anna@bianchi.it"], "phones": ["347 1234567 | mobile", "02 1234567 | work"],
                "addresses": ["Via Roma 1 | 00100 | Roma | home", "Via Po 2 | Torino | work"]},
        email="Indirizzo e-mail",
    ),
    "thunderbird": Export(
        "thunderbird",
        "First Name,Last Name,Display Name,Nickname,Primary Email,Secondary Email,Screen Name,Work Phone,Home Phone,"
        "Fax Number,Pager Number,Mobile Number,Home Address,Home Address 2,Home City,Home State,Home ZipCode,"
        "Home Country,Work Address,Work Address 2,Work City,Work State,Work ZipCode,Work Country,Job Title,Department,"
        "Organization,Web Page 1,Web Page 2,Birth Year,Birth Month,Birth Day,Custom 1,Custom 2,Custom 3,Custom 4,"
        "Notes,",
        {"First Name": "Anna", "Last Name": "Bianchi", "Display Name": "Anna Bianchi",
         "Primary Email": "anna@bianchi.it", "Secondary Email": "a2@bianchi.it", "Work Phone": "06 1234567",
         "Mobile Number": "347 1234567", "Home Address": "Via Roma 1", "Home Address 2": "int. 3", "Home City": "Roma",
         "Home ZipCode": "00100", "Work City": "Milano", "Job Title": "CEO", "Organization": "Bianchi S.r.l.",
         "Web Page 1": "https://bianchi.it", "Web Page 2": "https://anna.it", "Birth Year": "1980",
         "Birth Month": "05", "Custom 1": "0007", "Notes": "n"},
        ANNA | {"emails": ["anna@bianchi.it", "a2@bianchi.it"], "phones": ["06 1234567 | work", "347 1234567 | mobile"],
                "addresses": ["Via Roma 1, int. 3 | 00100 | Roma | home", "Milano | work"],
                "website": "https://bianchi.it", "links": ["https://anna.it"], "notes": "n",
                "fields": {"birth-year": "1980", "birth-month": "05", "custom-1": "0007"}},
        email="Primary Email",
    ),
    "thunderbird in Italian": Export(
        "thunderbird",
        "Nome,Cognome,Nome visualizzato,Soprannome,Email primaria,Email secondaria,Nome Instant Messenger,"
        "Telefono lavoro,Telefono casa,Numero fax,Numero cercapersone,Numero cellulare,Indirizzo di casa,"
        "Indirizzo di casa 2,Città di residenza,Provincia di residenza,CAP di residenza,Nazione di residenza,"
        "Indirizzo di lavoro,Indirizzo di lavoro 2,Città di lavoro,Provincia di lavoro,CAP di lavoro,Nazione di lavoro,"
        "Qualifica,Reparto,Organizzazione,Pagina web 1,Pagina web 2,Anno di nascita,Mese di nascita,Giorno di nascita,"
        "Personalizzato 1,Personalizzato 2,Personalizzato 3,Personalizzato 4,Note,",
        {"Nome": "Anna", "Cognome": "Bianchi", "Nome visualizzato": "Anna Bianchi", "Email primaria": "anna@bianchi.it",
         "Telefono lavoro": "06 1234567", "Telefono casa": "02 1234567", "Numero cellulare": "347 1234567",
         "Indirizzo di casa": "Via Roma 1", "Città di residenza": "Roma", "CAP di residenza": "00100",
         "Città di lavoro": "Milano", "Qualifica": "CEO", "Organizzazione": "Bianchi S.r.l.", "Note": "n"},
        ANNA | {"emails": ["anna@bianchi.it"], "notes": "n",
                "phones": ["06 1234567 | work", "02 1234567 | home", "347 1234567 | mobile"],
                "addresses": ["Via Roma 1 | 00100 | Roma | home", "Milano | work"]},
        email="Email primaria",
    ),
    "apple": Export(
        "apple",
        "First name,Last name,Company,Job title,Department,Email (home),Email (work),Email (other),Phone (mobile),"
        "Phone (home),Phone (work),Phone (iPhone),Street (home),City (home),State (home),ZIP (home),Country (home),"
        "Street (work),City (work),ZIP (work),URL,Birthday,Note,Groups",
        {"First name": "Anna", "Last name": "Bianchi", "Company": "Bianchi S.r.l.", "Job title": "CEO",
         "Email (home)": "anna@home.it", "Email (work)": "anna@bianchi.it", "Phone (mobile)": "+39 347 1234567",
         "Phone (iPhone)": "+39 348 1234567", "Street (home)": "Via Roma 1", "City (home)": "Roma",
         "ZIP (home)": "00100", "City (work)": "Milano", "URL": "https://bianchi.it", "Note": "n", "Groups": "Amici"},
        ANNA | {"emails": ["anna@home.it | home", "anna@bianchi.it | work"],
                "phones": ["+39 347 1234567 | mobile", "+39 348 1234567 | mobile"], "notes": "n", "tags": {"Amici"},
                "addresses": ["Via Roma 1 | 00100 | Roma | home", "Milano | work"], "website": "https://bianchi.it"},
        email="Email (work)",
    ),
    "linkedin": Export(
        "linkedin",
        "First Name,Last Name,URL,Email Address,Company,Position,Connected On",
        {"First Name": "Anna", "Last Name": "Bianchi", "URL": "https://www.linkedin.com/in/anna-bianchi",
         "Email Address": "anna@bianchi.it", "Company": "Bianchi S.r.l.", "Position": "CEO",
         "Connected On": "15 Jun 2024"},
        ANNA | {"emails": ["anna@bianchi.it"], "links": ["https://www.linkedin.com/in/anna-bianchi | linkedin"],
                "fields": {"connected-on": "2024-06-15"}},
        id="URL", email="Email Address",
    ),
    "salesforce leads": Export(
        "salesforce leads",
        "Id,IsDeleted,MasterRecordId,LastName,FirstName,Salutation,Name,Title,Company,Street,City,State,PostalCode,"
        "Country,Latitude,Longitude,GeocodeAccuracy,Phone,MobilePhone,Fax,Email,Website,PhotoUrl,Description,"
        "LeadSource,Status,Industry,Rating,AnnualRevenue,NumberOfEmployees,OwnerId,IsConverted,ConvertedDate,"
        "ConvertedAccountId,ConvertedContactId,ConvertedOpportunityId,IsUnreadByOwner,CreatedDate,CreatedById,"
        "LastModifiedDate,LastModifiedById,SystemModstamp,LastActivityDate,Jigsaw,EmailBouncedReason,"
        "ProductInterest__c",
        {"Id": "00Q5g00000AbCdEEAV", "LastName": "Bianchi", "FirstName": "Anna", "Salutation": "Ms",
         "Name": "Anna Bianchi", "Title": "CEO", "Company": "Bianchi S.r.l.", "Street": "Via Roma 1\nScala B",
         "City": "Roma", "State": "RM", "PostalCode": "00100", "Country": "Italy", "Phone": "02 1234567",
         "MobilePhone": "+39 347 1234567", "Email": "anna@bianchi.it", "Website": "http://bianchi.it",
         "Description": "d", "LeadSource": "Web", "Status": "Open - Not Contacted", "AnnualRevenue": "1000000.0",
         "OwnerId": "0055g", "CreatedDate": "2024-03-04T10:11:12.000+0000", "ProductInterest__c": "GC5000"},
        ANNA | {"emails": ["anna@bianchi.it"], "phones": ["02 1234567", "+39 347 1234567 | mobile"],
                "addresses": ["Via Roma 1\nScala B | 00100 | Roma | RM | Italy"], "website": "http://bianchi.it",
                "notes": "d", "source": "Web", "created_at": "2024-03-04T10:11:12Z",
                "fields": {"name-prefix": "Ms", "lead-status": "Open - Not Contacted", "annual-revenue": "1000000.0",
                           "ownerid": "0055g", "productinterest-c": "GC5000"}},
        type=None, quote_all=True, id="Id", email="Email",
    ),
    "salesforce leads report": Export(
        "salesforce leads",
        "Lead Owner,First Name,Last Name,Title,Company / Account,Email,Phone,Mobile,Street,City,State/Province,"
        "Zip/Postal Code,Country,Lead Source,Lead Status,Rating,Create Date,Lead ID,Unread By Owner",
        {"Lead Owner": "Joe", "First Name": "Anna", "Last Name": "Bianchi", "Title": "CEO",
         "Company / Account": "Bianchi S.r.l.", "Email": "anna@bianchi.it", "Phone": "02 1234567",
         "Mobile": "347 1234567", "Street": "Via Roma 1", "City": "Roma", "Zip/Postal Code": "00100",
         "Lead Source": "Web", "Lead Status": "Open", "Create Date": "25/3/2024", "Lead ID": "00Q5g00000AbCdE"},
        ANNA | {"emails": ["anna@bianchi.it"], "phones": ["02 1234567", "347 1234567 | mobile"], "source": "Web",
                "addresses": ["Via Roma 1 | 00100 | Roma"], "created_at": "2024-03-25T00:00:00Z",
                "fields": {"lead-owner": "Joe", "lead-status": "Open"}},
        type=None, encoding="cp1252", quote_all=True, id="Lead ID", email="Email",
    ),
    "salesforce contacts": Export(
        "salesforce contacts",
        "Id,IsDeleted,MasterRecordId,AccountId,LastName,FirstName,Salutation,Name,OtherStreet,OtherCity,OtherState,"
        "OtherPostalCode,OtherCountry,MailingStreet,MailingCity,MailingState,MailingPostalCode,MailingCountry,Phone,"
        "Fax,MobilePhone,HomePhone,OtherPhone,AssistantPhone,ReportsToId,Email,Title,Department,AssistantName,"
        "LeadSource,Birthdate,Description,OwnerId,CreatedDate,CreatedById,LastModifiedDate,LastModifiedById,"
        "SystemModstamp,LastActivityDate,EmailBouncedReason,Level__c",
        {"Id": "0035g", "AccountId": "0015g", "LastName": "Bianchi", "FirstName": "Anna", "Name": "Anna Bianchi",
         "OtherCity": "Torino", "MailingStreet": "Via Roma 1", "MailingCity": "Roma", "MailingPostalCode": "00100",
         "Phone": "02 1234567", "Fax": "02 1234568", "HomePhone": "06 123456", "AssistantPhone": "06 777777",
         "Email": "anna@bianchi.it", "Title": "CEO", "Birthdate": "1980-05-12",
         "CreatedDate": "2024-03-04T10:11:12.000Z", "Level__c": "Primary"},
        {"name": "Anna Bianchi", "job_title": "CEO", "emails": ["anna@bianchi.it"],
         "phones": ["02 1234567", "06 123456 | home", "02 1234568 | fax"],
         "addresses": ["Torino | other", "Via Roma 1 | 00100 | Roma | mailing"],
         "created_at": "2024-03-04T10:11:12Z",
         "fields": {"birthday": "1980-05-12", "accountid": "0015g", "assistantphone": "06 777777",
                    "level-c": "Primary"}},
        type="person", quote_all=True, id="Id", email="Email",
    ),
    "salesforce contacts report": Export(
        "salesforce contacts",
        "Salutation,First Name,Last Name,Title,Department,Birthdate,Lead Source,Assistant,Asst. Phone,Mailing Street,"
        "Mailing City,Mailing State/Province,Mailing Zip/Postal Code,Mailing Country,Phone,Mobile,Fax,Email,"
        "Account Name,Account Site,Contact Owner,Contact ID,Last Activity,Created Date,Account ID",
        {"First Name": "Anna", "Last Name": "Bianchi", "Title": "CEO", "Birthdate": "25/12/1980",
         "Mailing Street": "Via Roma 1", "Mailing City": "Roma", "Mailing Zip/Postal Code": "00100",
         "Phone": "02 1234567", "Email": "anna@bianchi.it", "Account Name": "Bianchi S.r.l.", "Contact Owner": "Joe",
         "Contact ID": "0035g", "Created Date": "04/03/2024", "Account ID": "0015g"},
        ANNA | {"emails": ["anna@bianchi.it"], "phones": ["02 1234567"],
                "addresses": ["Via Roma 1 | 00100 | Roma | mailing"], "created_at": "2024-03-04T00:00:00Z",
                "fields": {"birthday": "1980-12-25", "contact-owner": "Joe", "account-id": "0015g"}},
        type="person", encoding="cp1252", id="Contact ID", email="Email",
    ),
    "salesforce accounts": Export(
        "salesforce accounts",
        "Id,IsDeleted,MasterRecordId,Name,Type,ParentId,BillingStreet,BillingCity,BillingState,BillingPostalCode,"
        "BillingCountry,ShippingStreet,ShippingCity,ShippingState,ShippingPostalCode,ShippingCountry,Phone,Fax,"
        "AccountNumber,Website,Sic,Industry,AnnualRevenue,NumberOfEmployees,Ownership,TickerSymbol,Description,Rating,"
        "Site,OwnerId,CreatedDate,CustomerPriority__c",
        {"Id": "0015g", "Name": "Acme S.p.A.", "Type": "Customer - Direct", "BillingStreet": "Via Po 2",
         "BillingCity": "Torino", "BillingPostalCode": "10100", "ShippingCity": "Genova", "Phone": "011 123456",
         "AccountNumber": "0000123", "Website": "www.acme.it", "Sic": "0123", "Industry": "Energy",
         "CreatedDate": "2024-03-04T10:11:12.000Z", "CustomerPriority__c": "High"},
        {"name": "Acme S.p.A.", "organization": "Acme S.p.A.", "phones": ["011 123456"], "website": "www.acme.it",
         "addresses": ["Via Po 2 | 10100 | Torino | billing", "Genova | shipping"],
         "created_at": "2024-03-04T10:11:12Z",
         "fields": {"account-type": "Customer - Direct", "accountnumber": "0000123", "sic": "0123",
                    "industry": "Energy", "customerpriority-c": "High"}},
        type=None, quote_all=True, id="Id",
    ),
    "hubspot contacts": Export(
        "hubspot contacts",
        "Record ID,First Name,Last Name,Email,Phone Number,Mobile Phone Number,Contact owner,"
        "Primary Associated Company ID,Associated Company,Associated Company IDs,Last Activity Date,Lead Status,"
        "Marketing contact status,Create Date,Job Title,Lifecycle Stage,Street Address,City,State/Region,Postal Code,"
        "Country/Region,Website URL,Original Traffic Source,Work email,Additional email addresses,LinkedIn URL",
        {"Record ID": "8751", "First Name": "Anna", "Last Name": "Bianchi", "Email": "anna@bianchi.it",
         "Phone Number": "+39 02 1234567", "Contact owner": "Joe (joe@us.com)", "Associated Company": "Bianchi S.r.l.",
         "Create Date": "2024-03-04 10:11", "Job Title": "CEO", "Lifecycle Stage": "Lead",
         "Street Address": "Via Roma 1", "City": "Roma", "Postal Code": "00100", "Website URL": "bianchi.it",
         "Original Traffic Source": "Offline", "Work email": "anna@bianchi.it",
         "Additional email addresses": "a2@bianchi.it;a3@bianchi.it",
         "LinkedIn URL": "https://www.linkedin.com/in/anna"},
        ANNA | {"emails": ["anna@bianchi.it", "a2@bianchi.it", "a3@bianchi.it"], "phones": ["+39 02 1234567"],
                "addresses": ["Via Roma 1 | 00100 | Roma"], "website": "bianchi.it", "source": "Offline",
                "links": ["https://www.linkedin.com/in/anna | linkedin"],
                "fields": {"contact-owner": "Joe (joe@us.com)", "lifecycle-stage": "Lead"}},
        id="Record ID", email="Email",
    ),
    "hubspot companies": Export(
        "hubspot companies",
        "Record ID,Company name,Company owner,Create Date,Phone Number,Last Activity Date,City,Country/Region,Industry,"
        "Company Domain Name,Website URL,Street Address,Street Address 2,State/Region,Postal Code,"
        "Number of Employees,Associated Contact,LinkedIn Company Page,Description,Type",
        {"Record ID": "123456", "Company name": "Bianchi S.r.l.", "Phone Number": "+39021234567", "City": "Roma",
         "Company Domain Name": "bianchi.it", "Website URL": "https://www.bianchi.it/home",
         "Street Address": "Via Roma 1", "Street Address 2": "int. 3", "Postal Code": "00100",
         "Associated Contact": "Anna (anna@bianchi.it)", "Number of Employees": "12", "Description": "About"},
        {"name": "Bianchi S.r.l.", "phones": ["+39021234567"], "website": "bianchi.it", "emails": [],
         "links": ["https://www.bianchi.it/home"], "addresses": ["Via Roma 1, int. 3 | 00100 | Roma"],
         "notes": "About", "fields": {"employees": "12", "associated-contact": "Anna (anna@bianchi.it)"}},
        type=None, id="Record ID",
    ),
    "zoho leads": Export(
        "zoho leads",
        "Record Id,Lead Owner.id,Lead Owner,Company,First Name,Last Name,Title,Email,Phone,Fax,Mobile,Website,"
        "Lead Source,Lead Status,Industry,No. of Employees,Annual Revenue,Rating,Created By.id,Created By,"
        "Modified By.id,Modified By,Created Time,Modified Time,Full Name,Street,City,State,Zip Code,Country,"
        "Description,Skype ID,Email Opt Out,Salutation,Secondary Email,Last Activity Time,Twitter,Tag",
        {"Record Id": "zcrm_554023000000235001", "Company": "Bianchi S.r.l.", "First Name": "Anna",
         "Last Name": "Bianchi", "Title": "CEO", "Email": "anna@bianchi.it", "Phone": "02 1234567",
         "Lead Source": "-None-", "Lead Status": "Contacted", "Industry": "-None-",
         "Created Time": "2024-03-04 10:11:12", "Full Name": "Anna Bianchi", "Street": "Via Roma 1", "City": "Roma",
         "Zip Code": "00100", "Description": "d", "Secondary Email": "a2@bianchi.it", "Tag": "vip,fair 2026"},
        ANNA | {"emails": ["anna@bianchi.it", "a2@bianchi.it"], "phones": ["02 1234567"], "notes": "d", "source": None,
                "addresses": ["Via Roma 1 | 00100 | Roma"], "tags": {"vip", "fair 2026"},
                "fields": {"lead-status": "Contacted"}},
        type=None, encoding="utf-8-sig", id="Record Id", email="Email",
    ),
    "zoho contacts": Export(
        "zoho contacts",
        "Record Id,Contact Owner.id,Contact Owner,Lead Source,First Name,Last Name,Account Name.id,Account Name,"
        "Vendor Name.id,Vendor Name,Email,Title,Department,Phone,Home Phone,Other Phone,Fax,Mobile,Date of Birth,"
        "Assistant,Asst Phone,Reporting To.id,Reporting To,Created Time,Modified Time,Full Name,Mailing Street,"
        "Other Street,Mailing City,Other City,Mailing State,Other State,Mailing Zip,Other Zip,Mailing Country,"
        "Other Country,Description,Email Opt Out,Skype ID,Salutation,Secondary Email,Twitter,Tag",
        {"Record Id": "zcrm_1", "First Name": "Anna", "Last Name": "Bianchi", "Account Name.id": "zcrm_9",
         "Account Name": "Bianchi S.r.l.", "Email": "anna@bianchi.it", "Title": "CEO", "Home Phone": "06 123456",
         "Date of Birth": "1980-05-12", "Mailing Street": "Via Roma 1", "Other Street": "Via Po 2",
         "Mailing City": "Roma", "Other City": "Torino", "Mailing Zip": "00100", "Other Zip": "10100"},
        ANNA | {"emails": ["anna@bianchi.it"], "phones": ["06 123456 | home"],
                "addresses": ["Via Roma 1 | 00100 | Roma | mailing", "Via Po 2 | 10100 | Torino | other"],
                "fields": {"account-name-id": "zcrm_9", "birthday": "1980-05-12"}},
        type="person", id="Record Id", email="Email",
    ),
    "zoho accounts": Export(
        "zoho accounts",
        "Record Id,Account Owner.id,Account Owner,Rating,Account Name,Phone,Account Site,Fax,Parent Account.id,"
        "Parent Account,Website,Account Number,Ticker Symbol,Account Type,Ownership,Industry,Annual Revenue,Employees,"
        "SIC Code,Created Time,Billing Street,Shipping Street,Billing City,Shipping City,Billing State,Shipping State,"
        "Billing Code,Shipping Code,Billing Country,Shipping Country,Description,Tag",
        {"Record Id": "zcrm_9", "Account Name": "Bianchi S.r.l.", "Phone": "02 1234567", "Parent Account": "Holding",
         "Website": "bianchi.it", "Account Type": "-None-", "SIC Code": "0123", "Billing City": "Roma",
         "Billing Code": "00100", "Shipping City": "Torino"},
        {"name": "Bianchi S.r.l.", "phones": ["02 1234567"], "website": "bianchi.it",
         "addresses": ["00100 | Roma | billing", "Torino | shipping"],
         "fields": {"parent-account": "Holding", "sic-code": "0123"}},
        type=None, id="Record Id",
    ),
    "pipedrive people": Export(
        "pipedrive people",
        "Person - ID,Person - Name,Person - First name,Person - Last name,Person - Organization,"
        "Person - Organization ID,Person - Email - Work,Person - Email - Home,Person - Email - Other,"
        "Person - Phone - Work,Person - Phone - Home,Person - Phone - Mobile,Person - Phone - Other,Person - Labels,"
        "Person - Owner,Person - Person created,Person - Update time,Person - Open deals,Person - Postal address,"
        "Person - Street/road name of Postal address,Person - House number of Postal address,"
        "Person - City/town/village/locality of Postal address,Person - State/county of Postal address,"
        "Person - Region of Postal address,Person - Country of Postal address,"
        "Person - ZIP/Postal code of Postal address,Person - Full/combined address of Postal address,"
        "Person - Birthday,Person - Job title,Person - Notes,Person - LinkedIn Page,Organization - Email",
        {"Person - ID": "17", "Person - Name": "Anna Bianchi", "Person - First name": "Anna",
         "Person - Last name": "Bianchi", "Person - Organization": "Bianchi S.r.l.",
         "Person - Email - Work": "anna@bianchi.it, a2@bianchi.it", "Person - Email - Home": "anna@home.it",
         "Person - Phone - Work": "02 1234567, 02 7654321", "Person - Phone - Mobile": "+39 347 1234567",
         "Person - Labels": "Hot lead, Customer", "Person - Person created": "2024-03-04 10:11:12",
         "Person - Postal address": "Via Roma 1, Roma", "Person - Street/road name of Postal address": "Via Roma",
         "Person - House number of Postal address": "1",
         "Person - City/town/village/locality of Postal address": "Roma",
         "Person - ZIP/Postal code of Postal address": "00100", "Person - Country of Postal address": "Italy",
         "Person - Full/combined address of Postal address": "Via Roma 1, 00100 Roma, Italy",
         "Person - Job title": "CEO", "Person - LinkedIn Page": "https://linkedin.com/in/anna",
         "Organization - Email": "info@bianchi.it"},
        ANNA | {"emails": ["anna@bianchi.it | work", "a2@bianchi.it | work", "anna@home.it | home"],
                "phones": ["02 1234567 | work", "02 7654321 | work", "+39 347 1234567 | mobile"],
                "tags": {"Hot lead", "Customer"}, "addresses": ["Via Roma, 1 | 00100 | Roma | Italy"],
                "links": ["https://linkedin.com/in/anna | linkedin"],
                "fields": {"organization-email": "info@bianchi.it"}},
        quote_all=True, id="Person - ID", email="Person - Email - Work",
    ),
    "pipedrive organizations": Export(
        "pipedrive organizations",
        "Organization - ID,Organization - Name,Organization - Labels,Organization - Owner,Organization - People,"
        "Organization - Open deals,Organization - Organization created,Organization - Address,"
        "Organization - Street/road name of Address,Organization - House number of Address,"
        "Organization - City/town/village/locality of Address,Organization - Region of Address,"
        "Organization - ZIP/Postal code of Address,Organization - Full/combined address of Address,"
        "Organization - Website,Organization - Industry,Organization - Number of employees,Organization - Phone,"
        "Organization - Email",
        {"Organization - ID": "5", "Organization - Name": "Bianchi S.r.l.", "Organization - Labels": "Customer",
         "Organization - Address": "Via Roma 1, Roma", "Organization - Street/road name of Address": "Via Roma",
         "Organization - House number of Address": "1",
         "Organization - City/town/village/locality of Address": "Roma", "Organization - Region of Address": "Lazio",
         "Organization - ZIP/Postal code of Address": "00100", "Organization - Website": "bianchi.it",
         "Organization - Number of employees": "12", "Organization - Phone": "02 1234567",
         "Organization - Email": "info@bianchi.it"},
        {"name": "Bianchi S.r.l.", "emails": ["info@bianchi.it"], "phones": ["02 1234567"], "website": "bianchi.it",
         "addresses": ["Via Roma, 1 | 00100 | Roma | work"], "tags": {"Customer"},
         "fields": {"organization-region-of-address": "Lazio", "employees": "12"}},
        type=None, id="Organization - ID", email="Organization - Email",
    ),
    "odoo": Export(
        "odoo",
        "External ID,Complete Name,Name,Company Type,Is a Company,Related Company,Tax ID,Street,Street2,City,State,Zip,"
        "Country,Phone,Mobile,Email,Website Link,Job Position,Title,Tags,Notes,Created on,Salesperson,Reference",
        {"External ID": "__export__.res_partner_8", "Complete Name": "Bianchi S.r.l., Anna Bianchi",
         "Name": "Anna Bianchi", "Company Type": "Individual", "Is a Company": "False",
         "Related Company": "Bianchi S.r.l.", "Street": "Via Roma 1", "Street2": "int. 3", "City": "Roma",
         "State": "Roma (IT)", "Zip": "00100", "Country": "Italy", "Mobile": "+39 347 1234567",
         "Email": "anna@bianchi.it", "Job Position": "CEO", "Tags": "Customer,Gold", "Reference": "C001",
         "Created on": "2024-03-04 10:11:12"},
        {"name": "Anna Bianchi", "organization": "Bianchi S.r.l.", "job_title": "CEO", "emails": ["anna@bianchi.it"],
         "phones": ["+39 347 1234567 | mobile"], "tags": {"Customer", "Gold"},
         "addresses": ["Via Roma 1, int. 3 | 00100 | Roma | Roma (IT) | Italy"],
         "fields": {"complete-name": "Bianchi S.r.l., Anna Bianchi", "is-a-company": "False", "reference": "C001"}},
        type="person,organization", id="External ID", email="Email",
    ),
    "odoo in Italian": Export(
        "odoo",
        "ID esterno,Nome,È un'azienda,Azienda collegata,Partita IVA,Codice fiscale,PEC e-mail,Via,Via 2,Città,"
        "Stato/Provincia,CAP,Nazione,Telefono,Cellulare,E-mail,Sito web,Posizione lavorativa,Titolo,Etichette,Note,"
        "Creato il",
        {"ID esterno": "__export__.res_partner_7", "Nome": "Bianchi S.r.l.", "È un'azienda": "Vero",
         "Partita IVA": "IT01234567890", "Codice fiscale": "01234567890", "PEC e-mail": "b@pec.it",
         "Via": "Via Roma 1", "Città": "Roma", "CAP": "00100", "Nazione": "Italia", "Telefono": "+39 02 1234567",
         "E-mail": "info@bianchi.it", "Etichette": "Cliente"},
        {"name": "Bianchi S.r.l.", "organization": "Bianchi S.r.l.", "vat_id": "IT01234567890",
         "tax_code": "01234567890", "emails": ["b@pec.it | pec", "info@bianchi.it"], "phones": ["+39 02 1234567"],
         "addresses": ["Via Roma 1 | 00100 | Roma | Italia"], "tags": {"Cliente"}},
        type="person,organization", id="ID esterno", email="E-mail",
    ),
    "suitecrm": Export(
        "suitecrm",
        "First Name,Last Name,ID,Salutation,Title,Account Name,Email Address,Office Phone,Mobile,Home,Other Phone,Fax,"
        "Department,Primary Address Street,Primary Address City,Primary Address State,Primary Address Postal Code,"
        "Primary Address Country,Alternate Address Street,Alternate Address City,Alternate Address Postal Code,"
        "Description,Lead Source,Birthdate,Do Not Call,Assigned To,Date Created,Date Modified,Deleted",
        {"First Name": "Anna", "Last Name": "Bianchi", "ID": "a1b2-c3", "Title": "CEO",
         "Account Name": "Bianchi S.r.l.", "Email Address": "anna@bianchi.it", "Office Phone": "02 1234567",
         "Home": "06 123456", "Primary Address Street": "Via Roma 1", "Primary Address City": "Roma",
         "Primary Address Postal Code": "00100", "Alternate Address City": "Torino", "Description": "d",
         "Lead Source": "Web Site", "Date Created": "03/25/2024 10:11"},
        ANNA | {"emails": ["anna@bianchi.it"], "phones": ["02 1234567 | work", "06 123456 | home"], "notes": "d",
                "addresses": ["Via Roma 1 | 00100 | Roma", "Torino | other"], "source": "Web Site"},
        quote_all=True, id="ID", email="Email Address",
    ),
    "espocrm": Export(
        "espocrm",
        "id,deleted,salutationName,firstName,lastName,accountName,accountId,title,emailAddress,phoneNumber,doNotCall,"
        "addressStreet,addressCity,addressState,addressCountry,addressPostalCode,description,createdAt,modifiedAt,"
        "assignedUserName,teamsNames",
        {"id": "65abc", "firstName": "Anna", "lastName": "Bianchi", "accountName": "Bianchi S.r.l.", "title": "CEO",
         "emailAddress": "anna@bianchi.it", "phoneNumber": "+39021234567", "addressStreet": "Via Roma 1",
         "addressCity": "Roma", "addressPostalCode": "00100", "description": "d", "assignedUserName": "Admin"},
        ANNA | {"emails": ["anna@bianchi.it"], "phones": ["+39021234567"], "notes": "d",
                "addresses": ["Via Roma 1 | 00100 | Roma"], "fields": {"assignedusername": "Admin"}},
        delimiter=";", quote_all=True, id="id", email="emailAddress",
    ),
    "mailchimp": Export(
        "mailchimp",
        "Email Address,First Name,Last Name,Address,Phone Number,Birthday,Company,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,"
        "CONFIRM_TIME,CONFIRM_IP,LATITUDE,LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION,LAST_CHANGED,LEID,EUID,NOTES,TAGS",
        {"Email Address": "anna@bianchi.it", "First Name": "Anna", "Last Name": "Bianchi",
         "Phone Number": "347 1234567", "Birthday": "05/12", "Company": "Bianchi S.r.l.", "MEMBER_RATING": "2",
         "CONFIRM_TIME": "2024-03-04 10:11:12", "CC": "IT", "LEID": "90498395", "EUID": "810826c56e",
         "TAGS": '"VIP","Blog, old"'},
        {"name": "Anna Bianchi", "organization": "Bianchi S.r.l.", "emails": ["anna@bianchi.it"],
         "phones": ["347 1234567"], "tags": {"VIP", "Blog", "old"}, "addresses": [],
         "fields": {"birthday": "05/12", "member-rating": "2", "cc": "IT", "euid": "810826c56e"}},
        id="LEID", email="Email Address",
    ),
    "brevo": Export(
        "brevo",
        "CONTACT ID,EMAIL,FIRSTNAME,LASTNAME,SMS,LANDLINE_NUMBER,WHATSAPP,INTERESTS,EXT_ID,CONTACT_TIMEZONE,JOB_TITLE,"
        "LINKEDIN,DOUBLE_OPT-IN,OPT_IN,ADDED_TIME,MODIFIED_TIME",
        {"CONTACT ID": "12", "EMAIL": "anna@bianchi.it", "FIRSTNAME": "Anna", "LASTNAME": "Bianchi",
         "SMS": "393471234567", "JOB_TITLE": "CEO", "LINKEDIN": "https://linkedin.com/in/anna", "DOUBLE_OPT-IN": "1",
         "ADDED_TIME": "25-03-2024 10:11:12"},
        {"name": "Anna Bianchi", "job_title": "CEO", "emails": ["anna@bianchi.it"], "phones": ["393471234567 | mobile"],
         "links": ["https://linkedin.com/in/anna | linkedin"], "fields": {"double-opt-in": "1"}},
        delimiter=";", id="CONTACT ID", email="EMAIL",
    ),
}  # fmt: skip


def load(crm: Any, file: Path, type: str | None) -> Any:
    """Import a file; return what the import says of itself."""
    return crm.ok("import", file, *(["--type", type] if type else []))


def everybody(crm: Any) -> list[dict[str, Any]]:
    return sorted(crm.ok("list", "--all"), key=lambda entity: int(entity["id"]))


@pytest.mark.parametrize("export", EXPORTS.values(), ids=EXPORTS.keys())
def test_everything_in_it_is_where_it_belongs(crm: Any, tmp_path: Path, export: Export) -> None:
    done = load(crm, export.write(tmp_path / "in.csv"), export.type)
    assert (done["layout"], done["created"], done["rejected"]) == (export.layout, 1, 0)
    (entity,) = everybody(crm)
    said = told(entity)
    assert {name: said[name] for name in export.expected} == export.expected
    # What nothing takes is a custom field, and nothing is one without need.
    assert set(entity["fields"]) == set(export.expected.get("fields", entity["fields"]))


@pytest.mark.parametrize("export", EXPORTS.values(), ids=EXPORTS.keys())
def test_the_same_file_again_changes_nothing(crm: Any, tmp_path: Path, export: Export) -> None:
    file = export.write(tmp_path / "in.csv")
    load(crm, file, export.type)
    before = everybody(crm)
    again = load(crm, file, export.type)
    assert (again["operation"], again["unchanged"], again["created"], again["filled"]) == (None, 1, 0, 0)
    assert everybody(crm) == before


WITH_ID = {name: export for name, export in EXPORTS.items() if export.id}


@pytest.mark.parametrize("export", WITH_ID.values(), ids=WITH_ID.keys())
def test_who_has_another_email_is_known_by_the_programs_id(crm: Any, tmp_path: Path, export: Export) -> None:
    load(crm, export.write(tmp_path / "in.csv"), export.type)
    before = everybody(crm)[0]
    change = {export.email: "changed@elsewhere.it"} if export.email else {"Phone": "06 9999999"}
    if not export.row.keys() & change.keys():
        change = {"Phone Number": "06 9999999"}
    done = load(crm, export.write(tmp_path / "later.csv", change), export.type)
    assert (done["created"], done["filled"]) == (0, 1)
    (after,) = everybody(crm)
    values = [point["value"] for point in (*after["emails"], *after["phones"])]
    assert values.count(next(iter(change.values()))) == 1
    assert {point["value"] for point in before["emails"]} < {*values} and after["name"] == before["name"]


PEOPLE = {name: export for name, export in EXPORTS.items() if export.email and "name" in export.expected
          and export.expected["name"] == "Anna Bianchi" and "anna@bianchi.it" in export.row[export.email]}  # fmt: skip


@pytest.mark.parametrize("name", sorted(PEOPLE))
def test_the_same_person_from_another_program_is_known_by_email(crm: Any, tmp_path: Path, name: str) -> None:
    number = crm.add("person" if "person" in (PEOPLE[name].type or "") else "lead", "Anna Bianchi", "--email",
                     "anna@bianchi.it", "--note", "ours")  # fmt: skip
    export = PEOPLE[name]
    done = load(crm, export.write(tmp_path / "in.csv"), export.type)
    assert (done["created"], done["filled"]) == (0, 1)
    (anna,) = everybody(crm)
    assert anna["id"] == number and anna["notes"].startswith("ours")
    assert anna["organization"] == export.expected.get("organization")
    assert [point["value"] for point in anna["emails"]].count("anna@bianchi.it") == 1


def test_an_address_in_one_piece_is_kept_where_the_row_has_no_parts(crm: Any, tmp_path: Path) -> None:
    # Google writes both columns for everybody; only the whole one is filled for an address that it cannot take apart.
    export = EXPORTS["google since 2024"]
    file = export.write(
        tmp_path / "in.csv",
        {},
        {"First Name": "Bea", "E-mail 1 - Value": "b@x.it", "E-mail 2 - Value": "", "Phone 1 - Value": "",
         "Address 1 - Street": "", "Address 1 - Extended Address": "", "Address 1 - City": "",
         "Address 1 - Postal Code": "", "Address 1 - Formatted": "Podere Il Colle, sopra Gubbio"},
    )  # fmt: skip
    load(crm, file, "lead")
    _anna, bea = everybody(crm)
    assert [(address["value"], address["label"]) for address in bea["addresses"]] == [
        ("Podere Il Colle, sopra Gubbio", "home")
    ]


def test_values_that_google_names_row_by_row_are_fields_of_those_names(crm: Any, tmp_path: Path) -> None:
    export = EXPORTS["google since 2024"]
    rows: list[dict[str, str]] = [
        {"First Name": "Anna", "Event 1 - Label": "* Anniversary", "Event 1 - Value": "2010-05-17",
         "Custom Field 1 - Label": "Shoe size", "Custom Field 1 - Value": "038"},
        {"First Name": "Bea", "Event 1 - Label": "Name day", "Event 1 - Value": "--07-26",
         "Custom Field 1 - Label": "Code", "Custom Field 1 - Value": "007"},
        {"First Name": "Carla", "Event 1 - Label": "Anniversary", "Event 1 - Value": "2012-01-02",
         "Custom Field 1 - Label": "", "Custom Field 1 - Value": "=x"},
        {"First Name": "Dora", "Event 1 - Label": "Met", "Custom Field 1 - Label": "Email",
         "Custom Field 1 - Value": "d@y.it"},
    ]  # fmt: skip
    blank = dict.fromkeys(export.row, "")
    file = export.write(tmp_path / "in.csv", *(blank | row for row in rows))
    done = load(crm, file, "lead")
    assert (done["created"], done["rejected"]) == (4, 0)
    assert [entity["fields"] for entity in everybody(crm)] == [
        {"anniversary": "2010-05-17", "shoe-size": "038"},
        {"name-day": "--07-26", "code": "007"},
        {"anniversary": "2012-01-02", "custom-field-1-value": "=x"},
        {"event-1-label": "Met", "email-field": "d@y.it"},
    ]
    kinds = {field["name"]: field["kind"] for field in crm.ok("field", "list")}
    assert (kinds["anniversary"], kinds["name-day"], kinds["shoe-size"]) == ("date", "text", "text")
    assert crm.ok("list", "anniversary=2010-05-17")[0]["name"] == "Anna"
    assert load(crm, file, "lead")["operation"] is None
    assert load(crm, export.write(tmp_path / "out.csv", blank | rows[0]), "lead")["operation"] is None


def test_named_values_go_where_other_columns_without_a_place_go(crm: Any, tmp_path: Path) -> None:
    export = EXPORTS["google since 2024"]
    row = dict.fromkeys(export.row, "") | {
        "First Name": "Anna", "Event 1 - Label": "Anniversary", "Event 1 - Value": "2010-05-17",
    }  # fmt: skip
    file = export.write(tmp_path / "in.csv", row)
    crm.ok("import", file, "--type", "lead", "--unmapped", "note")
    (anna,) = everybody(crm)
    assert (anna["notes"], anna["fields"]) == ("Anniversary: 2010-05-17", {})


def test_an_organization_without_a_person_among_the_people(crm: Any, tmp_path: Path) -> None:
    blank = dict.fromkeys(EXPORTS["outlook"].row, "") | {"Company": "Acme", "Birthday": "0/0/00", "Private": "False"}
    load(crm, EXPORTS["outlook"].write(tmp_path / "in.csv", blank), "lead")
    (acme,) = everybody(crm)
    assert (acme["party"], acme["name"], acme["fields"]) == ("organization", "Acme", {"private": "False"})


def test_a_company_and_its_person_in_one_odoo_file(crm: Any, tmp_path: Path) -> None:
    company = dict.fromkeys(EXPORTS["odoo"].row, "") | {
        "External ID": "__export__.res_partner_7", "Name": "Bianchi S.r.l.", "Complete Name": "Bianchi S.r.l.",
        "Company Type": "Company", "Is a Company": "True", "Tax ID": "IT01234567890",
    }  # fmt: skip
    load(crm, EXPORTS["odoo"].write(tmp_path / "in.csv", company, {}), "person,organization")
    firm, anna = everybody(crm)
    assert (firm["type"], firm["name"], firm["vat_id"]) == ("organization", "Bianchi S.r.l.", "IT01234567890")
    assert (anna["type"], anna["name"], anna["organization"]) == ("person", "Anna Bianchi", "Bianchi S.r.l.")


@pytest.mark.parametrize(
    ("headers", "row", "party"),
    [
        ("Organization Name,Org Type,Primary Contact,Email", "Acme,Club,Anna Bianchi,a@x.it", "both"),
        ("Organization Name,Email", "Acme,a@x.it", "organization"),
        ("Person Name,Email", "Anna Bianchi,a@x.it", "person"),
    ],
)
def test_headers_that_pipedrive_has_too_do_not_make_a_file_its_own(
    crm: Any, tmp_path: Path, headers: str, row: str, party: str
) -> None:
    file = tmp_path / "in.csv"
    file.write_text(f"{headers}\n{row}\n")
    assert "--type" in crm.refused(2, "import", file)["hint"]
    assert crm.ok("import", file, "--type", "lead")["layout"] is None
    assert [entity["party"] for entity in everybody(crm)] == [party]
