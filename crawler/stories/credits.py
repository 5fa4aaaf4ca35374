"""Whose text does an article say that it is?

Requirements: names the agency or outlet that a text is credited to as a whole; never takes a mention ("told AFP") for a
credit; an outlet's own name credits nobody.

Theory of operation: credits stand in four places, and only there: the byline ("Reuters", "Ann Lee, AFP"); the dateline
("LONDON (Reuters) —", "МОСКВА, 3 марта. /ТАСС/."), where a name in brackets follows a place in capitals; a closing line
("Source: X", "(AFP)", "PressTV"); and a sentence of its own at either end ("This article was first published by X"). In
the dateline and after "Source:" any name will do; a byline or a bare closing line must be a known agency, or an outlet
that the index has met, for it could be a person or a place.

Known exceptions: "PARIS (Texas) —" is taken for a dateline; a credit in the running text ("writes The Harbour Gazette")
is none.
"""

import re
from collections.abc import Collection, Sequence
from functools import lru_cache
from urllib.parse import urlsplit

_AGENCIES = """
AFP=Agence France-Presse; AP=Associated Press=The Associated Press=AP News; Reuters=Thomson Reuters;
dpa=Deutsche Presse-Agentur; EFE=Agencia EFE; ANSA; TASS=ТАСС=ITAR-TASS; RIA Novosti=РИА Новости=RIA;
Interfax=Интерфакс; Xinhua=新华社=新华网; Kyodo=Kyodo News=共同通信; Yonhap=연합뉴스=Yonhap News Agency;
PTI=Press Trust of India; ANI; IANS; UPI=United Press International; PA=PA Media=Press Association;
Bloomberg=Bloomberg News; Anadolu=Anadolu Agency=AA=Anadolu Ajansı; Ukrinform=Укринформ=Укрінформ;
Unian=УНИАН=УНІАН; PAP; CTK=ČTK; APA; SDA=Keystone-SDA; Belga; ANP; NTB; TT; Ritzau; STT; BNS; LETA; ELTA; MTI;
Agerpres; BTA; Tanjug; SANA; WAM; SPA=Saudi Press Agency; IRNA; Fars=Fars News Agency;
Tasnim=Tasnim News Agency; Mehr News Agency=MNA; PressTV=Press TV; Lusa; Agência Brasil; Europa Press; Notimex;
Prensa Latina; Télam=Telam; KCNA; Bernama; Antara; Canadian Press=The Canadian Press;
AAP=Australian Associated Press; Jiji=Jiji Press; BelTA=БЕЛТА
"""

_EDGE_LETTERS = 240  # how far from either end a credit may stand
_NAME = r"[«\"“„']?(?P<name>[^\W\d_][^\n()\[\]/«»\"“”—–:;,]{1,39}?)[»\"”']?"
_DATELINE = re.compile(
    # a place in capitals, perhaps a land and a date, then the name in brackets or slashes, then as a rule a dash
    rf"\s*(?:(?P<place>[^\W\d_a-z][^\n()\[\]/]{{1,60}}?)[\s,.]*)?[(\[/]\s*{_NAME}\s*[)\]/]\s*(?P<dash>[-–—―.:])?"
)
_SOURCE = "source|via|quelle|fuente|fonte|источник|джерело|źródło|bron|kilde|källa|kaynak|المصدر|来源|來源|出典"
_CLOSING_SOURCE = re.compile(rf"(?:^|\n)\W*(?:{_SOURCE})\s*[:：]\s*{_NAME}[\s.)\]]*$", re.IGNORECASE)
_CLOSING_NAME = re.compile(rf"(?:^|[\n(\[/–—]|--)\s*{_NAME}\s*(?:/\w+)?[)\]/]?[\s.]*$")
_PUBLISHED_BY = "|".join(
    (
        r"(?:(?:was|has been)\s+)?(?:first|originally|previously)\s+(?:published|appeared|posted)\s+(?:by|on|in|at)",
        r"(?:republished|reprinted|reproduced)(?:\s+(?:here|with|by|under|the|kind|permission))*\s+(?:from|of)",
        r"(?:(?:erschien\w*|veröffentlicht)\s+)?(?:zuerst|ursprünglich)\s+(?:bei|in|im|auf)",
        r"publicad[oa]\s+(?:originalmente|primero)\s+(?:en|por)",
        r"publiée?\s+(?:initialement|d'abord)\s+(?:par|sur|dans)",
        r"впервые\s+опубликован\w*\s+(?:в|на)",
    )
)
_FIRST_PUBLISHED = re.compile(
    # it must speak of this text, or stand alone: "the figures were first published by the ministry" credits nobody
    r"(?:(?:^|\n)\W*|\b(?:this|dieser|este|esta|cet|cette|эта|этот)\s+\w+\s[^.\n]{0,20}?)"
    rf"(?:{_PUBLISHED_BY})\s+[«\"“„']?(?P<name>[^\W\d_][^\n()«»\"“”—–:;,.]{{1,39}}(?:\.[a-z]{{2,}})*)",
    re.IGNORECASE,
)
_NAME_ENDS = re.compile(r"\s+(?:on|in|and|under|with|at|as|am|vom|el|le|und|y|und|is|was|here)\b.*$", re.IGNORECASE)
_BYLINE_ENDS = re.compile(r"^(?:by|von|por|par|от)\s+|(?:\s+staff)?$", re.IGNORECASE)
_SPEAKS_OF_AGENCY = re.compile(
    r"\b(?:(?:news ?)?wire|(?:news|press) agency|(?:presse|nachrichten)-?agentur)$|^(?:agen(?:cia|ce|zia)|агентство)\b",
    re.IGNORECASE,
)


def credit_in(
    body: str | None, authors: Sequence[str], *, outlet: str | None, known: Collection[str] = ()
) -> str | None:
    """Return the agency or outlet that a whole text is credited to, as written there, or None.

    Args:
        outlet: who publishes it: its own name credits nobody.
        known: the keys (`name_keys`) of outlets that have been met: a byline or closing line may name them.
    """
    text = (body or "").strip()
    for name in (_of_byline(authors, known), _of_dateline(text[:_EDGE_LETTERS], known), *_of_ends(text, known)):
        if name and not same_name(name, outlet):
            return name
    return None


def same_name(one: str | None, other: str | None) -> bool:
    """Return whether two names are of one outlet: "Reuters", "www.reuters.com"; "AP", "The Associated Press"."""
    return bool(one and other and name_keys(one) & name_keys(other))


@lru_cache(maxsize=10_000)
def name_keys(name: str) -> frozenset[str]:
    """Return what identifies a name: its letters without case and article; of a host, each label but the last."""
    host = name.strip().casefold()
    if "://" in host:
        host = host_of(host) or host
    labels = host.removeprefix("www.").split(".")[:-1] if "." in host and " " not in host else [host]
    keys = {"".join(filter(str.isalnum, label.removeprefix("the "))) for label in labels} - {"", "co", "com", "news"}
    return frozenset(_ALIASES.get(key, key) for key in keys)


def host_of(url: str | None) -> str | None:
    """Return the host that a URL names, or None."""
    try:
        return urlsplit(url or "").hostname
    except ValueError:
        return None


def _of_byline(authors: Sequence[str], known: Collection[str]) -> str | None:
    """Return the agency in the first byline, alone or after the reporter ("Ann Lee, AFP", "Ann Lee (AFP)")."""
    if not authors:
        return None
    byline = _BYLINE_ENDS.sub("", authors[0][:_EDGE_LETTERS].strip())
    for part in (byline, *reversed(re.split(r"[,(/|]", byline)[1:])):
        name = part.strip(" ).")
        if _is_known(name, known) or _SPEAKS_OF_AGENCY.search(name):
            return name
    return None


def _of_dateline(start: str, known: Collection[str]) -> str | None:
    found = _DATELINE.match(start)
    if found is None:
        return None
    name, place = found["name"].strip(), found["place"]
    if _is_known(name, known):
        return name
    in_capitals = place is not None and place.split()[0].strip(",.").isupper() and len(place.split()[0]) > 1
    return name if in_capitals and found["dash"] and name[0].isupper() else None


def _of_ends(text: str, known: Collection[str]) -> list[str | None]:
    """Return what the text's last line names, and what a sentence at either end says that it was first published by."""
    end = text[-_EDGE_LETTERS:]
    named: list[str | None] = []
    if source := _CLOSING_SOURCE.search(end):
        named.append(source["name"].strip())
    if (closing := _CLOSING_NAME.search(end)) and _is_known(closing["name"].split("-")[0].strip(), known):
        named.append(closing["name"].split("-")[0].strip())
    sentences = (_FIRST_PUBLISHED.search(edge) for edge in (text[:_EDGE_LETTERS], end))
    return named + [_NAME_ENDS.sub("", sentence["name"]).strip() for sentence in sentences if sentence]


def _is_known(name: str, known: Collection[str]) -> bool:
    keys = name_keys(name)
    return any(key in _CANONICAL or key in known for key in keys)


def _read_agencies() -> dict[str, str]:
    """Return the key of every agency's every name -> the key of its first."""
    aliases: dict[str, str] = {}
    for agency in _AGENCIES.split(";"):
        keys = [
            "".join(filter(str.isalnum, name.strip().casefold().removeprefix("the "))) for name in agency.split("=")
        ]
        aliases.update(dict.fromkeys(keys, keys[0]))
    return aliases


_ALIASES = _read_agencies()
_CANONICAL = frozenset(_ALIASES.values())
