"""Names, streets and towns as tuples of folded words: what is compared of them, without what says nothing."""

from __future__ import annotations

import re
from functools import lru_cache

from dkcrm.domain.matching.organizations import without_form
from dkcrm.domain.matching.spelling import halves, latin
from dkcrm.domain.text import fold

Words = tuple[str, ...]
#: (words of the street, its numbers, city, postcode, region, country): folded, blank where nothing is known.
Place = tuple[Words, Words, str, str, str, str]

_HONORIFICS = frozenset(
    """mr mrs ms miss mx dr prof sir sig sigra sigri dott dssa dottssa dottre dottoressa dottore ing ingegnere arch avv
    avvocato rag ragioniere geom geometra profssa professore professoressa signor signora signorina spettle egr gent
    gentma gentmo cav comm onle herr frau madame monsieur mme mlle phd md mba esq don dipl dra sra sr srta""".split()
)
_PARTICLES = frozenset(
    """de di da d del dell della dello dei degli delle dal dalla lo la le li van von der den ter ten zu zum dos das do
    du des el al bin ibn mac mc o san santa st vant""".split()
)
#: They begin a family name even where it comes first.
_FIRST_PARTICLES = frozenset("de di del della dello von van mc dal dalla".split())

_NOISE = frozenset(
    """and e ed und et y i il lo la l gli le di d del dell della dei delle degli da dal of for the de des du den der die
    das dos el los las a al an by at on in n""".split()
)
_SHORT = {
    "flli": "fratelli", "lli": "fratelli", "bros": "brothers", "intl": "international", "int": "international",
    "internaz": "internazionale", "mfg": "manufacturing", "centre": "center", "ctr": "center", "svc": "services",
    "svcs": "services", "service": "services", "servizio": "servizi", "assoc": "associates", "univ": "university",
    "dept": "department", "grp": "group", "hldg": "holding", "hldgs": "holding", "holdings": "holding",
    "mgmt": "management", "natl": "national", "sys": "systems", "system": "systems", "sist": "sistemi",
    "tech": "technologies", "technology": "technologies", "tecn": "tecnologie", "costr": "costruzioni",
    "cost": "costruzioni", "comm": "commerciale", "ind": "industrie", "imm": "immobiliare", "edil": "edilizia",
    "off": "officine", "officina": "officine", "mecc": "meccaniche", "trasp": "trasporti", "serv": "servizi",
    "rist": "ristorante", "trat": "trattoria", "pizz": "pizzeria", "restaurants": "restaurant", "caffe": "cafe",
    "deli": "delicatessen", "saint": "st", "eng": "engineering", "labs": "laboratories", "lab": "laboratories",
    "solution": "solutions", "soluzione": "soluzioni", "farm": "farmacia", "dr": "", "az": "azienda",
    "agr": "agricola",
}  # fmt: skip
#: Words that say what many organizations are, and so not which one.
GENERIC = frozenset(
    """group gruppo holding international internazionale italia italy italiana italiano europe europa global world
    services servizi solutions soluzioni consulting consulenza company management systems sistemi technologies
    tecnologie technology software digital media studio associati associates partners trading commerciale industrie
    industries industria industriale impianti costruzioni edilizia immobiliare trasporti transport logistics logistica
    officine meccaniche meccanica manufacturing engineering national center centro agenzia agency azienda agricola
    farmacia hotel albergo restaurant ristorante trattoria osteria pizzeria bar cafe grill house kitchen club bistro
    delicatessen brothers fratelli sons figli university universita istituto institute school scuola comune bank banca
    hospital ospedale laboratories energy health foods food capital works design robotics store shop market new
    the""".split()
)
#: Words by which a name that may be either is an organization's.
_FIRM_WORDS = (
    GENERIC - frozenset(["new", "don", "grill", "house", "works", "capital", "bar", "italia", "italiano"])
) | (
    frozenset(
        """srl srls spa snc sas sapa scarl scrl coop cooperativa gmbh ltd limited llc inc incorporated corp corporation
        sarl sasu eurl plc llp bv nv oy ag kg ohg ug ev sro doo zoo kft pty pvt lda ltda""".split()
    )
)

_STREETS = frozenset(
    """via viale v vle vl piazza pza pzza pzz piazzale ple ple pzale corso cso largo lgo vicolo vco strada str sda
    contrada cda localita loc frazione fraz borgo lungomare street st road rd avenue ave av blvd blv bld boulevard drive
    dr drv lane ln court ct crt crescent cres cr place pl circuit cct square sq highway hwy parkway pkwy terrace tce way
    close cl grove gr rue chemin allee strasse platz weg gasse calle plaza pza carrer avenida avda rua straat laan gade
    n nr no num numero snc apt apartment apmnt apmt unit flat suite ste floor fl interno int scala piano box po p di del
    della dei delle degli d de des du the of at near between off and e s w ne nw se sw north south east west angolo
    ang""".split()
)
_ROADS = frozenset(
    """via viale piazza piazzale corso largo vicolo strada contrada street road rd avenue ave blvd boulevard lane rue
    avenida calle strasse platz""".split()
)
_NUMBER = re.compile(r"\d{1,6}[a-z]?")
_CODE_THEN_TOWN = re.compile(r"\b(?:[A-Z]{1,2}-)?(\d{4,6})\b\s*(.*)")
#: An initial, and what stands close behind its dot.
_INITIAL = re.compile(r"\b([^\W\d_])\.(?!ssa\b)(?=[^\W\d_])")
_PROVINCE = re.compile(r"\s*\([^()]{1,30}\)\s*$|\s+[A-Z]{2}$")


def untitled(words: list[str]) -> list[str]:
    """Return the folded words of a person's name without titles; one that is nothing else stays."""
    return [word for word in words if word not in _HONORIFICS] or words


def person_words(text: str, *, family: bool = False) -> Words:
    """Return the words of a person's name: no titles, particles joined to what follows (``de luca`` is ``deluca``)."""
    words = latin(fold(_INITIAL.sub(r"\1 ", text) if "." in text else text)).split()
    if len(words) == 1:
        return (words[0],) if family else halves(words[0])
    kept = untitled(words)
    if words and words[-1] == "sr":
        kept.append("sr")  # at the end it is senior, not señor
    if not _PARTICLES.isdisjoint(kept):
        kept = _joined(kept, family)
    return tuple(kept) if family else tuple(half for word in kept for half in halves(word))


def _joined(words: list[str], family: bool) -> list[str]:
    """Join particles to the word that follows; the first word is one only in a family name, or where it is plain."""
    joined: list[str] = []
    prefix = ""
    for at, word in enumerate(words):
        first = at == 0 and not family
        particle = word in _PARTICLES and (not first or (word in _FIRST_PARTICLES and len(words) > 2))
        if particle and at < len(words) - 1:
            prefix += word
        else:
            joined.append(prefix + word)
            prefix = ""
    return joined


def strip_particles(word: str) -> str:
    """Return a family name without the particles that were joined to it: ``vanderberg`` is ``berg``."""
    again = True
    while again:
        again = False
        for size in (5, 4, 3, 2):
            if len(word) - size >= 4 and word[:size] in _PARTICLES:
                word, again = word[size:], True
                break
    return word


def firm_words(text: str) -> Words:
    """Return the words of an organization's name: no legal form, no small words, abbreviations written out."""
    words = without_form(latin(fold(text)).split())
    kept = [_SHORT.get(word, word) for word in words if word not in _NOISE]
    if len(kept) < len(words) and words[:2] == ["f", "lli"]:
        kept = ["fratelli", *kept[2:]]
    return tuple(word for word in kept if word) or tuple(words)


def is_firm(text: str) -> bool:
    """Tell whether a name that may be a person's is plainly that of an organization."""
    if "&" in text or any(c.isdigit() for c in text):
        return True
    return not _FIRM_WORDS.isdisjoint(fold(text).split())


@lru_cache(maxsize=1 << 14)
def town(text: str) -> str:
    """Return a town's name as it is compared: one folded word, without its province."""
    words = latin(fold(_PROVINCE.sub("", text) if len(text) > 4 else text)).split()
    return "".join("st" if word in ("saint", "sankt") else word for word in words)


def street(text: str) -> tuple[Words, Words]:
    """Return the telling words and the numbers of a street and what stands on its line."""
    words: list[str] = []
    numbers: list[str] = []
    plain: list[str] = []
    for word in latin(fold(text)).split():
        if word[0].isdigit() and _NUMBER.fullmatch(word):
            numbers.append(word)
        elif word in _STREETS:
            plain.append(word)
        else:
            for suffix in ("strasse", "str", "straat", "gasse"):
                if len(word) > len(suffix) + 3 and word.endswith(suffix):
                    word = word[: -len(suffix)]
                    break
            words.append(word)
    return tuple(words or plain), tuple(numbers)


def whole_address(text: str) -> tuple[str, str, str]:
    """Return street, city and postcode of an address in one text, as far as they can be told apart."""
    parts = [part.strip() for part in re.split(r"[,;\n]", text) if part.strip()]
    city = code = ""
    lines: list[str] = []
    for at, part in enumerate(parts):
        found = _CODE_THEN_TOWN.search(part) if at or len(parts) == 1 else None
        if found and not code and (at or found.start() > 0):
            code = found[1]
            lines += [part[: found.start()]]
            city = found[2] or city
        elif at and code and not city:
            city = part
        elif not code or not at:
            lines.append(part)
    if not city and not code and len(lines) > 1 and not any(c.isdigit() for c in lines[-1]):
        city = lines.pop()
    return " ".join(lines), city, code


def _is_street(text: str) -> bool:
    """Tell whether a text is plainly a street's: a number in it, or a word such as via and road at one end."""
    if not text:
        return False
    words = fold(text).split()
    return any(c.isdigit() for c in text) or (len(words) > 1 and (words[0] in _ROADS or words[-1] in _ROADS))


@lru_cache(maxsize=1 << 14)
def place(street_line: str, city: str, postcode: str, region: str, country: str) -> Place:
    """Return an address as it is compared; street and city that stand in each other's field are changed over."""
    if city and _is_street(city) and not _is_street(street_line):
        street_line, city = city, street_line
    words, numbers = street(street_line) if street_line else ((), ())
    code = "".join(filter(str.isalnum, postcode)).lower()
    return words, numbers, town(city) if city else "", code, fold(region) if region else "", country.strip().lower()
