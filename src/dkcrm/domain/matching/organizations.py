"""What an organization is called without its legal form, and which domain is its own."""

from __future__ import annotations

import re
from functools import lru_cache

from dkcrm.domain.text import fold

#: Words of legal forms, folded; they are stripped from the end before names are compared.
_FORMS = frozenset(
    """srl srls spa sapa snc sas ss scarl scrl scpa scpl scarlpa scs scsrl coop cooperativa soc societa unipersonale
    onlus aps odv asd ssd a r l rl di c gmbh mbh ag kg kgaa ohg ug ev eg gbr ek ek se ltd limited ltda plc llp llc pllc
    inc incorporated corp corporation co company lp pty proprietary sa sarl sasu eurl sci sc sl slu slne sau cv lda
    unipessoal bv nv vof cvba bvba srlu ab hb as asa aps ivs oy oyj oyab tmi kft zrt nyrt bt sro zoo oo spzoo spk doo dd
    ad ood eood ou uab sia pte pvt private sdn bhd kk gk godo kaisha jsc pjsc ooo oao zao tov llcs soccoop
    soccoopsoc soccooparl stp ets eirl sagl gesmbh ggmbh unltd haftungsbeschrankt ооо пао
    оао зао""".split()
)
#: Endings of several words, folded, by their last word; the longest first.
_ENDINGS: dict[str, list[tuple[str, ...]]] = {}
for _ending in sorted(
    """a socio unico|con socio unico|con unico socio|socio unico|unico socio|in liquidazione
    |in liq|in liquidation|in fallimento|in amministrazione straordinaria|in concordato preventivo|i l|i liq
    |societa benefit|soc benefit|sb|societa agricola|soc agricola|soc agr|societa cooperativa agricola
    |societa consortile|societa a responsabilita limitata|societa a responsabilita limitata semplificata
    |a responsabilita limitata|a responsabilita limitata semplificata|societa per azioni|per azioni
    |societa in nome collettivo|in nome collettivo|societa in accomandita semplice|in accomandita semplice
    |in accomandita|societa semplice|societa sportiva dilettantistica|societa cooperativa sociale|coop sociale
    |cooperativa sociale|soc coop sociale|soc coop soc|societa cooperativa sociale onlus
    |sca rl|soc a resp lim|soc resp lim|a resp lim|societa tra professionisti|tra professionisti|impresa sociale
    |impresa individuale|ditta individuale|ltd sti|srl de cv|w upadlosci|w likwidacji|i likvidation|en liquidation
    |in liquidatie|en liquidacion|s r l|s r l s|s p a|s n c|s a s|s c a r l|s s|sp z oo|sp z o o|z o o
    |spolka z oo|d o o|s r o|k k|l l c|l t d|b v|n v|g m b h|sa de cv|s de rl de cv|sapi de cv|s a|s l|a s|a g
    |pty ltd|co kg|co ltd|co kgaa|public limited company|gesellschaft mit beschrankter haftung
    |aktiengesellschaft|societe anonyme|sociedad anonima|sociedad limitada|et cie|cie|und co|y cia
    |e c""".split("|"),
    key=lambda text: -len(text.split()),
):
    _ENDINGS.setdefault(_ending.split()[-1], []).append(tuple(_ending.split()))
_LEADING_FORMS = frozenset("""societa soc cooperativa coop ditta studio impresa the""".split())
#: They stand before a name as well: SARL Dupont, SRL Bianchi. (SAS and Spa begin names of their own.)
_FORMS_BEFORE = frozenset("srl srls snc sarl eurl sasu scarl onlus asd aps ooo oao zao ооо пао оао зао".split())
_LEADERS = (
    ("societa", "cooperativa", "sociale"),
    ("soc", "coop", "sociale"),
    ("soc", "coop", "soc"),
    ("coop", "sociale"),
    ("cooperativa", "sociale"),
    ("ditta", "individuale"),
    ("impresa", "individuale"),
    ("societa", "agricola"),
    ("soc", "agricola"),
    ("soc", "agr"),
    ("azienda", "agricola"),
    ("az", "agr"),
    ("az", "agricola"),
)

_PARTNERS = frozenset(["sas", "snc"])

#: Mail providers: an address there says nothing about its owner's organization.
FREE_MAIL = frozenset(
    """gmail.com googlemail.com hotmail.com hotmail.it hotmail.fr hotmail.de hotmail.es hotmail.co.uk outlook.com
    outlook.it outlook.fr outlook.de outlook.es live.com live.it live.fr live.de live.co.uk msn.com yahoo.com
    yahoo.it yahoo.fr yahoo.de yahoo.es yahoo.co.uk yahoo.com.br ymail.com rocketmail.com icloud.com me.com mac.com
    aol.com gmx.com gmx.de gmx.net gmx.at gmx.ch web.de mail.com email.com email.it proton.me protonmail.com pm.me
    tutanota.com fastmail.com zoho.com yandex.com yandex.ru mail.ru bk.ru inbox.ru libero.it virgilio.it tiscali.it
    tiscalinet.it alice.it tin.it inwind.it iol.it blu.it supereva.it katamail.com fastwebnet.it tim.it vodafone.it
    poste.it pec.it legalmail.it arubapec.it postecert.it aruba.it orange.fr free.fr wanadoo.fr laposte.net sfr.fr
    t-online.de freenet.de arcor.de bluewin.ch qq.com 163.com 126.com naver.com comcast.net verizon.net att.net
    sbcglobal.net bellsouth.net cox.net btinternet.com sky.com talktalk.net virginmedia.com ntlworld.com hey.com
    rediffmail.com uol.com.br bol.com.br terra.com.br telenet.be skynet.be ziggo.nl kpnmail.nl wp.pl o2.pl onet.pl
    seznam.cz bigpond.com optusnet.com.au xtra.co.nz shaw.ca rogers.com""".split()
)

#: What stands before a country where names are given out below it: ``co.uk``, ``com.br``, ``gov.it``.
_SECOND_LEVEL = frozenset(
    """co com net org gov edu ac or ne go gob gouv gv asso nom ltd plc me sch nhs mil id web firm gen ind info biz govt
    school geek iwi maori police presse tm art nic ltda""".split()
)
#: Hosts that give everybody a name below theirs.
_PLATFORMS = frozenset(
    """wordpress.com blogspot.com blogspot.it wixsite.com weebly.com altervista.org github.io gitlab.io netlify.app
    vercel.app myshopify.com jimdofree.com jimdosite.com business.site webnode.it squarespace.com tumblr.com
    medium.com substack.com herokuapp.com onmicrosoft.com sharepoint.com hubspot.com over-blog.com webs.com
    pages.dev web.app firebaseapp.com godaddysites.com webador.it""".split()
)


def organization_key(name: str) -> str:
    """Return an organization's name without its legal form: ``Bianchi S.r.l.`` and ``BIANCHI SRL`` are ``bianchi``."""
    return " ".join(without_form(fold(name).split()))


def without_form(words: list[str]) -> list[str]:
    """Return the folded words of an organization's name without those of its legal form; one is always left."""
    named = not _PARTNERS.isdisjoint(words[-1:]) and words[-2:-1] == ["c"]
    words = _without_ending(words)
    # "S.a.s. di Mario Rossi & C.": the form stands inside, and what follows it names the partners.
    if "di" in words[2:]:
        place = words.index("di", 2) - 1
        if words[place] in ("sas", "snc"):
            words = words[:place]
        elif named:
            words = words[: place + 1]  # "di Mario Rossi & C. S.a.s."
        elif place >= 3 and tuple(words[place - 2 : place + 1]) in (("s", "a", "s"), ("s", "n", "c")):
            words = words[: place - 2]
    for leader in _LEADERS:
        if len(words) > len(leader) and tuple(words[: len(leader)]) == leader:
            words = words[len(leader) :]
    while len(words) > 1 and (words[0] in _LEADING_FORMS or words[0] in _FORMS_BEFORE):
        words = words[1:]
    return words


def _without_ending(words: list[str]) -> list[str]:
    """Strip forms from the end, of several words or of one, until none is left."""
    words = list(words)
    while len(words) > 1:
        size = next(
            (len(ending) for ending in _ENDINGS.get(words[-1], ()) if tuple(words[-len(ending) :]) == ending), 0
        )
        if 0 < size < len(words):
            del words[-size:]
        elif words[-1] in _FORMS:
            words.pop()
        else:
            break
    return words


def web_domain(text: str) -> str | None:
    """Return the domain of a website or email, without ``www.``; None where it is none or a mail provider's."""
    host = text.strip().lower().rpartition("@")[2]
    host = re.sub(r"^[a-z][a-z0-9+.-]*://", "", host)
    host = re.split(r"[/?#:]", host, maxsplit=1)[0].removeprefix("www.").rstrip(".")
    return host if "." in host and host not in FREE_MAIL else None


def own_domain(host: str) -> str:
    """Return the part of a host that somebody has registered: ``mail.rossi.co.uk`` is ``rossi.co.uk``.

    A name below a host that gives one to everybody is whole; a suffix that nobody owns is a blank.
    """
    parts = host.split(".")
    size = 3 if len(parts[-1]) == 2 and len(parts) > 1 and parts[-2] in _SECOND_LEVEL else 2
    if len(parts) < size:
        return ""
    own = ".".join(parts[-size:])
    if own in _PLATFORMS:
        return host if host != own else ""
    return own


@lru_cache(maxsize=1 << 16)
def label_of(host: str) -> str:
    """Return the name in a domain: that of ``mail.rossi.co.uk`` is ``rossi``."""
    return own_domain(host).partition(".")[0]
