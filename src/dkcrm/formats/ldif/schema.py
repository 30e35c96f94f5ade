"""What the attributes of LDAP's and Thunderbird's schemas mean to us (RFC 4519, RFC 2798, mozillaAbPersonAlpha)."""

from __future__ import annotations


def _table(lines: dict[str, str]) -> dict[str, str]:
    """Return each attribute with what it means, from lines of attributes."""
    return {word: meaning for meaning, words in lines.items() for word in words.split()}


SINGLE = _table(
    {
        "name": "cn commonname",
        "first_name": "givenname gn",
        "last_name": "sn surname",
        "organization": "o organizationname company",
        "job_title": "title",
        "uid": "dkcrmuid",
        "type": "dkcrmtype",
        "state": "dkcrmstate",
        "vat_id": "dkcrmvatid",
        "tax_code": "dkcrmtaxcode",
        "website": "dkcrmwebsite",
        "source": "dkcrmsource",
        "created_at": "dkcrmcreated",
    }
)

#: Attribute -> (kind, label).
POINTS: dict[str, tuple[str, str | None]] = {
    **dict.fromkeys("mail rfc822mailbox mozillasecondemail mailalternateaddress".split(), ("email", None)),
    **dict.fromkeys("telephonenumber othertelephone".split(), ("phone", "work")),
    **dict.fromkeys("homephone hometelephonenumber otherhomephone".split(), ("phone", "home")),
    **dict.fromkeys("mobile cellphone mobiletelephonenumber othermobile".split(), ("phone", "mobile")),
    **dict.fromkeys("facsimiletelephonenumber fax".split(), ("phone", "fax")),
    **dict.fromkeys("pager pagertelephonenumber pagerphone".split(), ("phone", "pager")),
    **dict.fromkeys("labeleduri url wwwhomepage".split(), ("link", None)),
    "mozillaworkurl": ("link", "work"),
    "mozillahomeurl": ("link", "home"),
}

#: Attribute -> (label of the address, part); "more" is a further line of the street.
ADDRESSES: dict[str, tuple[str, str]] = {
    **dict.fromkeys(["street", "streetaddress"], ("work", "street")),
    "mozillaworkstreet2": ("work", "more"),
    "postofficebox": ("work", "more"),
    "postaladdress": ("work", "whole"),
    **dict.fromkeys(["l", "locality", "localityname"], ("work", "city")),
    **dict.fromkeys(["st", "stateorprovincename", "region"], ("work", "region")),
    **dict.fromkeys(["postalcode", "zip"], ("work", "postcode")),
    **dict.fromkeys(["co", "countryname", "friendlycountryname"], ("work", "country")),
    "c": ("work", "code"),
    "mozillahomestreet": ("home", "street"),
    "mozillahomestreet2": ("home", "more"),
    "homepostaladdress": ("home", "whole"),
    "mozillahomelocalityname": ("home", "city"),
    "mozillahomestate": ("home", "region"),
    "mozillahomepostalcode": ("home", "postcode"),
    "mozillahomecountryname": ("home", "country"),
}

NOTES = frozenset("description info comment mozillanotes".split())
#: Attributes whose value is no text, or nobody's business here; passwords never become fields.
LEFT_OUT = frozenset(
    "objectclass changetype control jpegphoto photo thumbnailphoto usercertificate usersmimecertificate userpkcs12 "
    "audio userpassword unicodepwd sambantpassword sambalmpassword krbprincipalkey authpassword objectguid objectsid "
    "modifytimestamp createtimestamp modifiersname creatorsname entrycsn entrydn structuralobjectclass "
    "subschemasubentry hassubordinates contextcsn numsubordinates dscorepropagationdata whenchanged whencreated "
    "usncreated usnchanged instancetype countrycode modifieddate mozillausehtmlmail xmozillausehtmlmail".split()
)

LISTS = frozenset("groupofnames groupofuniquenames groupofurls posixgroup group mailgroup nismailalias".split())
PEOPLE = frozenset("person inetorgperson organizationalperson mozillaabpersonalpha".split())
MOZILLA = frozenset("mozillaabpersonalpha mozillaabpersonobsolete".split())
UNIT = "organizationalunit"
