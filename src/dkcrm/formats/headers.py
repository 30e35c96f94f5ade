"""Which field a column's header means: our own names and their everyday synonyms, English and Italian."""

from __future__ import annotations

import re
import unicodedata

from dkcrm.domain.text import nearest
from dkcrm.errors import InvalidInput
from dkcrm.i18n import _

FIELDS: dict[str, str] = {
    "name": _("full name of the person (of the organization, where that is what is imported)"),
    "first_name": _("first name"),
    "last_name": _("last name"),
    "job_title": _("job title"),
    "organization": _("name of the organization"),
    "vat_id": _("VAT number"),
    "tax_code": _("tax code"),
    "website": _("website"),
    "source": _("where the contact came from"),
    "email": _("email address; may be repeated"),
    "phone": _("telephone number; may be repeated"),
    "link": _("link, such as a profile page; may be repeated"),
    "tag": _("tags, separated by comma or semicolon"),
    "note": _("notes"),
    "address": _("whole postal address in one cell"),
    "street": _("street and number"),
    "city": _("city"),
    "region": _("province, state or region"),
    "postcode": _("postcode"),
    "country": _("country"),
    "created_at": _("when it was created"),
    "uid": _("unique identifier, as dkcrm exports it"),
}
#: What a column may feed beside: it says what a record is, and is no attribute of it.
RECORD_FIELDS: dict[str, str] = {
    "external_id": _("number or code that the record has in the program that it comes from"),
    "type": _("type: suspect, lead, prospect, person, target or organization"),
    "state": _("state: active, disqualified, lost or inactive"),
    "party": _("person or organization; yes and no mean organization and person"),
}

# Fields whose header may carry a label: "Work email", "Billing city".
LABELLED = frozenset(["email", "phone", "link", "address", "street", "city", "region", "postcode", "country"])
# Fields that a file may number: "email1", "email2". A second street is a second line, and is not guessed at.
_NUMBERED = frozenset(["email", "phone", "link", "website", "tag", "note", "address"])
_CUSTOM = "field:"
_LONGEST = 60

# A line a field; every word as ``_key`` leaves it: letters only, lower case, no accents, no "di" and "of".
_WORDS = {
    "name": "name fullname displayname contactname nomecompleto nominativo nomeecognome nomecognome cognomeenome "
    "cognomenome contact contatto referente nominativocompleto customername clientname customer client cliente "
    "contactperson primarycontact maincontact personariferimento intestatario anagrafica completename",
    "first_name": "firstname first givenname forename nome nomeproprio namefirst",
    "last_name": "lastname last surname familyname cognome namelast",
    "job_title": "jobtitle title position role job qualifica posizione ruolo mansione titolo organizationtitle "
    "jobposition jobrole jobfunction occupation incarico posizionelavorativa qualificaprofessionale ruoloaziendale "
    "funzione",
    "organization": "organization organisation org company companyname accountname organizationname organisationname "
    "account employer azienda societa ragionesociale ditta denominazione impresa ente organizzazione "
    "nomeazienda nomesocieta nomeditta companyorganization organizationcompany currentcompany "
    "employername ragsociale ragsocieta ragionesocieta denominazionesociale businessname legalname enteazienda "
    "aziendaappartenenza nomeorganizzazione nomeimpresa nomeente",
    "vat_id": "vatid vat vatnumber vatno vatnr vatcode vatregistrationnumber piva partitaiva numeropartitaiva "
    "vatregno vatregistrationno partiva pivacf cfpiva pivacodicefiscale partitaivacf codicefiscalepiva "
    "partitaivacodicefiscale codicefiscalepartitaiva codfiscalepiva pivacodfiscale partitaivaazienda",
    "tax_code": "taxcode taxid taxnumber codicefiscale codfiscale codfisc codicefisc cfiscale cf fiscalcode",
    "website": "website url web webpage homepage websiteurl websitevalue companywebsite site sito sitoweb "
    "sitointernet paginaweb sitoaziendale",
    "source": "source leadsource originalsource origine provenienza fonte leadorigin canale howdidyouhearaboutus "
    "comecihaiconosciuto comecihaconosciuto",
    "email": "email emailaddress mail mailaddress emailvalue postaelettronica indirizzoemail indirizzomail "
    "indirizzopostaelettronica pec emailpec mailpec indirizzopec postacertificata "
    "postaelettronicacertificata emails emailid mailid emailaddresses mails contattoemail",
    "phone": "phone phonenumber phonevalue telephone telephonenumber tel telnumber mobile mobilephone mobilenumber "
    "cell cellphone cellnumber cellular cellulare telefonocellulare telefonino numerocellulare telefono "
    "telefonofisso telefonomobile numerotelefono fax faxnumber telefax numerofax phones phonenumbers "
    "phoneno telephoneno mobileno telno contactnumber contactphone whatsapp numerotel ntelefono ntel "
    "recapitotelefonico recapititelefonici telefoni cellulari directline directdial centralino switchboard "
    "telcell telefonocell",
    "link": "link links linkedin linkedinurl linkedinprofile profileurl profile profilo profilolinkedin twitter "
    "facebook instagram github xing mastodon linkedinprofileurl",
    "tag": "tag tags label labels category categories categoria categorie etichetta etichette groupmembership",
    "note": "note notes comment comments remarks description commento commenti descrizione annotazioni osservazioni "
    "message messaggio",
    "address": "address fulladdress postaladdress addressformatted indirizzo indirizzocompleto indirizzopostale "
    "addresses residenza domicilio",
    "street": "street streetaddress addressline addressstreet via viaenumero indirizzovia streetname viapiazza",
    "city": "city town locality addresscity citta comune localita suburb addresstown citytown towncity",
    "region": "region state province county stateprovince stateregion addressregion addressstate provincia prov "
    "regione siglaprovincia provinciasigla statoprovincia pr pv st",
    "postcode": "postcode postalcode zip zipcode zippostalcode addresspostalcode cap codicepostale "
    "codiceavviamentopostale addresszip addresspostcode postal",
    "country": "country countryregion nation addresscountry paese nazione stato countryname countrycode "
    "countryregioncode",
    "created_at": "createdat created createdon createddate createdate creationdate datecreated dateadded datacreazione "
    "creatoil creato registrationdate registeredon signupdate datainserimento dataregistrazione "
    "creationtime createtime addedon addedat addedtime dateentered createdtime createddatetime "
    "inseritoil iscrittoil dataiscrizione leaddate datalead dateregistered subscribedat subscribedon",
    "uid": "uid",
}
_SYNONYMS = {word: field for field, words in _WORDS.items() for word in words.split()}

# Strongest first: a "business fax" is a fax.
_LABEL_WORDS = {
    "fax": "fax telefax",
    "pec": "pec certificata",
    "mobile": "mobile cell cellphone cellular cellulare telefonino mob",
    "legal": "legal registered legale",
    "billing": "billing invoice fatturazione",
    "shipping": "shipping delivery spedizione consegna",
    "mailing": "mailing",
    "work": "work business office company lavoro ufficio aziendale azienda direct diretto diretta operativa centralino "
    "switchboard",
    "home": "home personal private casa personale privato privata abitazione residenza domicilio",
    "other": "other altro altra",
    "linkedin": "linkedin",
    "twitter": "twitter",
    "facebook": "facebook",
    "instagram": "instagram",
    "github": "github",
    "xing": "xing",
    "mastodon": "mastodon",
}
_LABELS = {word: label for label, words in _LABEL_WORDS.items() for word in words.split()}
# They say it of a column, and are labels of their own in a cell.
_IN_HEADERS = frozenset(["direct", "diretto", "diretta", "operativa", "centralino", "switchboard"])
_RANK = {label: rank for rank, label in enumerate(_LABEL_WORDS)}
# Words that stand around a field's name and say no more than that it is the usual one.
_FILLERS = ("primary", "main", "principale")
# Words for whom a list is of: "Lead email" and "Telefono cliente" are the record's own.
_ENGLISH_OWNERS = frozenset("contact lead customer client person attendee subscriber member guest".split())
OWNERS = _ENGLISH_OWNERS | frozenset("contatto cliente partecipante referente iscritto".split())
# Beside such a word they say something else, or only the other columns tell: "PR contact", "Customer account",
# "Profilo cliente", "Lead state".
_NOT_OWNED = frozenset("pr pv st state stato account profile profilo partita postal".split())
_ITALIAN_ONLY = frozenset(["via", "cap"])
# How somebody is reached: "Via di contatto".
_OF_CONTACTS = frozenset(["via", "canale"])
# Before an English one they say which it is, or what it is for: "Last contact", "Company contact", "City lead".
_WHICH = frozenset(
    "first last company organization organisation org employer city town locality suburb region state province county "
    "country nation job position role title occupation source website url site web link links linkedin twitter "
    "facebook instagram github xing mastodon message created category label".split()
)
# What small firms' sheets shorten.
_SHORT = {
    "addr": "address", "add": "address", "indir": "indirizzo", "ind": "indirizzo", "telef": "telefono",
    "soc": "societa", "mob": "mobile",
}  # fmt: skip
_AFFIXES = tuple(_LABELS) + _FILLERS
_DROPPED = frozenset(["di", "del", "dell", "della", "of", "the", "num", "nr", "sede"])
_TOKEN = re.compile(r"[^\W\d_]+")
_DIGITS = re.compile(r"\d+")
_BLANKS = re.compile(r"[\s_-]+")

# The second kind may be the id of the record's organization, and comes after the first.
_OWN_IDS = frozenset(
    "id externalid recordid contactid leadid customerid clientid personid memberid subscriberid prospectid guid uuid "
    "recid codicecliente codicecontatto codcliente idcontatto idcliente idpersona idlead idesterno idrecord "
    "idanagrafica codiceanagrafica numerocliente customernumber customerno clientnumber clientcode customercode "
    "sourceid".split()
)
_OTHER_IDS = frozenset("accountid companyid organizationid organisationid userid idazienda idutente".split())


def header_key(header: str) -> str:
    """Return a header as it is compared with another: no case, outer blanks or mark, and blank, ``_``, ``-`` alike."""
    return _BLANKS.sub(" ", header.replace("\ufeff", "")).strip().casefold()


def field_for(header: str) -> str | None:
    """Return the field that a header names, or None; ``email2`` and ``Work email`` are ``email``."""
    if len(header) > _LONGEST:
        return None
    words = words_of(header)
    key = "".join(words)
    field = _SYNONYMS.get(key) or _of_both_sides(header) or _without_affix(key) or _owned(words)
    if field is None or field in _NUMBERED:
        return field
    return field if all(number == "1" for number in _DIGITS.findall(header)) else None


def label_for(header: str) -> str | None:
    """Return the label that a header gives to its values ("work", "home", "mobile", "fax", "pec" …), or None."""
    if len(header) > _LONGEST:
        return None
    if "/" in header and _of_both_sides(header):
        # A column "Telefono/Cellulare" has numbers of either kind.
        sides = {label_for(side) for side in header.split("/")}
        return sides.pop() if len(sides) == 1 else None
    tokens = words_of(header)
    key = "".join(tokens)
    found = {_LABELS[token] for token in tokens if token in _LABELS}
    found |= {_LABELS[word] for word, rest in _splits(key) if word in _LABELS and rest in _SYNONYMS}
    return min(found, key=_RANK.__getitem__, default=None)


def known_label(text: str) -> str | None:
    """Return our label for one in a cell (``Work``, ``Casa``, ``Work Fax``), or None when it has words of its own."""
    tokens = words_of(text[:_LONGEST])
    if not tokens or not all(token in _LABELS and token not in _IN_HEADERS for token in tokens):
        return None
    return min((_LABELS[token] for token in tokens), key=_RANK.__getitem__)


def is_primary(header: str) -> bool:
    """Tell whether a header says that its values are the main ones: ``Primary Phone``, ``Telefono principale``."""
    return len(header) <= _LONGEST and any(word in _FILLERS for word in words_of(header))


def id_rank(header: str) -> int | None:
    """Return how much a header promises the record's own id in another program: 0 most, 1 less, None not at all.

    ``Contact ID`` is the record's own; ``Account ID`` may be that of its organization. ``Owner ID``, ``Parent ID`` and
    ``Tax ID`` are something else.
    """
    if len(header) > _LONGEST:
        return None
    key = squeezed(header)
    return 0 if key in _OWN_IDS else 1 if key in _OTHER_IDS else None


def squeezed(header: str) -> str:
    """Return a header's letters and digits alone, without accents and in one case: ``E-mail 1`` is ``email1``."""
    plain = header.casefold()
    if not plain.isascii():
        plain = "".join(char for char in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(char))
    return plain if plain.isalnum() else "".join(filter(str.isalnum, plain))


def check_field(name: str) -> str:
    """Return the field that a user named in ``--map``; an unknown one is refused with the nearest names.

    Custom fields (``field:NAME``) are returned as they are: whether one is declared is for the caller to say.
    """
    wanted = name.strip()
    if wanted.startswith(_CUSTOM) and wanted != _CUSTOM:
        return wanted
    plain = header_key(wanted).replace(" ", "_")
    field = plain if plain in FIELDS or plain in RECORD_FIELDS else field_for(wanted)
    if field:
        return field
    near = nearest_header(plain, [*FIELDS, *RECORD_FIELDS])
    hint = _("the nearest: {near}").format(near=", ".join(near)) + "; " if near else ""
    hint += _("fields: {fields}, or field:NAME for a custom field").format(fields=", ".join([*FIELDS, *RECORD_FIELDS]))
    raise InvalidInput(_("unknown field '{name}'").format(name=name), hint=hint)


def nearest_header(word: str, words: list[str]) -> list[str]:
    """Return the up to three words that look most like one that was mistyped, compared as headers are."""
    keys = {header_key(candidate): candidate for candidate in words}
    return [keys[found] for found in nearest(header_key(word), list(keys))]


def words_of(header: str) -> list[str]:
    """Return the words of a header: lower case, no accents, no digits, no prepositions."""
    plain = header.casefold()
    if not plain.isascii():
        plain = "".join(char for char in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(char))
    return [_SHORT.get(token, token) for token in _TOKEN.findall(plain) if token not in _DROPPED]


def _of_both_sides(header: str) -> str | None:
    """Return the field that both sides of a slash name: ``Società/Ente``, ``Tel./Cell.``."""
    if "/" not in header:
        return None
    fields = {field_for(side) for side in header.split("/")}
    return fields.pop() if len(fields) == 1 else None


def _owned(words: list[str]) -> str | None:
    """Return the field of a header that says whose its values are: ``Customer phone``, ``Telefono cliente``."""
    rest = [word for word in words if word not in OWNERS]
    owners = OWNERS.intersection(words)
    key = "".join(rest)
    if not owners or key in _NOT_OWNED:
        return None
    if (key in _ITALIAN_ONLY and owners & _ENGLISH_OWNERS) or (key in _OF_CONTACTS and "contatto" in owners):
        return None
    field = _SYNONYMS.get(key)
    if words[-len(rest) :] == rest:
        # The contact of a firm is a person.
        if field == "organization" and words[0] in ("contatto", "referente"):
            return None
    elif words[: len(rest)] != rest:
        # "Last contact name" is nobody's last name; "Primary contact email" is an email.
        field = field if field in LABELLED or field == "created_at" else None
    elif key in _WHICH and owners & _ENGLISH_OWNERS:
        return None
    return field or _without_affix(key)


def _splits(key: str) -> list[tuple[str, str]]:
    """Return each way in which a key is a labelling word before or after something else."""
    before = [(word, key[len(word) :]) for word in _AFFIXES if key.startswith(word)]
    return before + [(word, key[: -len(word)]) for word in _AFFIXES if key.endswith(word)]


def _without_affix(key: str) -> str | None:
    """Return the field of a labelled key such as ``billingcity``; only fields that take labels count."""
    for _word, rest in _splits(key):
        field = _SYNONYMS.get(rest)
        if field in LABELLED:
            return field
    return None
