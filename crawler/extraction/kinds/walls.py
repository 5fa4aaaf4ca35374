"""Walls in front of an article: bot challenges, consent walls, paywalls, logins."""

import re
from collections.abc import Sequence

from crawler.extraction.kinds import telltales
from crawler.extraction.kinds.look import Look
from crawler.extraction.kinds.telltales import names, plain, spoken
from crawler.extraction.text import count_words

# A challenge has a sentence or three, with its help and small print: 2 to 110 words in those at hand.
_CHALLENGE_CHARS = 2_000
# The free part of a paid text is a sentence or three. Of the longer ones some are all that there is.
_STUB_WORDS = 75
_LOGIN_WORDS = 60
_FLASH_WORDS = 35  # the label of a teaser beside one makes no wall of it
_BESIDE_BANNER = 30  # words in a row that ask for nothing: an article, if the page says that it is one
_ASKING = [*telltales.CONSENT, *telltales.CONSENT_STEMS, *telltales.PAYWALL, *telltales.SUBSCRIBE]
# Help desks of bot guards ask for it.
_CASE_NUMBER = re.compile(
    r"\b(?:ray|incident|reference|request|support|event|trace|block|vorgangs?|referenz|référence|incidente)"
    r"[ -]?(?:id|no|number|nummer|numéro|número)?\b\.?\s*[:#]?\s*#?[0-9a-f][0-9a-f.-]{7,}"
)
_CONSENT_PLACE = re.compile(
    r"^https?://(?:consent|privacygate|privacy-gate|myprivacy|cookiewall|guce)\.|"
    r"/(?:consent|collectconsent|privacy-?gate|cookie-?wall)(?:[/.?]|$)"
)
_PAID_NAMES = (
    "paywall",
    "regwall",
    "paid-content",
    "piano",
    "tp-container",
    "subscriber-only",
    "premium-wall",
    "meter-wall",
)
_TIERS = frozenset(["locked", "metered", "paid", "premium", "subscription"])
_LOGIN_PATH = re.compile(
    r"/(?:log-?in|sign-?in|signon|sso|anmelden|anmeldung|einloggen|connexion|iniciar-sesion|accedi|inloggen|logowanie|"
    r"zaloguj|logga-in|logg-inn|wp-login\.php|user/login)(?:[/.?]|$)",
    re.IGNORECASE,
)


def bot_challenge(look: Look) -> str | None:
    """Return what tells that a guard wants to see whether we are human; None: nothing does."""
    if look.words > _CHALLENGE_CHARS // 5 or look.claims or look.characters > _CHALLENGE_CHARS:
        return None
    said = spoken(look.text, telltales.CHALLENGES) or spoken(look.without_scripts, telltales.CHALLENGES)
    title = next((title for title in look.titles if names(title, telltales.CHALLENGE_TITLES, look.outlet)), None)
    mark = next(iter(spoken(look.source, telltales.CHALLENGE_MARKS)), None)
    number = _CASE_NUMBER.search(look.text)
    if title and (said or mark or number or look.all_words < 30):
        return f'its title is "{title}"'
    if said and (mark or number or _asks_for_scripts(look) or look.all_words < 100):
        return f'it says "{said[0]}"'
    if mark and look.all_words < 15:
        return f'it is empty but for "{mark}"'
    return None


def _asks_for_scripts(look: Look) -> bool:
    return "javascript" in look.text or "javascript" in look.without_scripts


def consent_wall(look: Look) -> str | None:
    """Return what tells that the page asks for consent and shows nothing else; None: it does not."""
    if look.words > 900:
        return None
    told = _asks_for_consent(look)
    return told if told and not _has_article_beside(look) else None


def _asks_for_consent(look: Look) -> str | None:
    if look.words < 60 and not look.has_own_node and (told := _asks_everywhere(look)):
        return told
    text = plain("\n".join(look.body))
    if sum(map(text.count, telltales.CONSENT_STEMS)) * 40 < look.words:
        return None
    asking = [(count_words(line), bool(spoken(line, telltales.CONSENT))) for line in text.splitlines()]
    words = sum(count for count, asks in asking if asks)
    phrases = spoken(text, telltales.CONSENT)
    least = 3 if look.claims else 2
    if len(phrases) >= least and words >= 0.5 * look.words and len(phrases) * 60 >= look.words:
        return f'{words} of its {look.words} words ask for consent: "{phrases[0]}", "{phrases[1]}"'
    return None


def _has_article_beside(look: Look) -> bool:
    """A banner in an article's own box. What a wall says between its questions is shorter, and about money."""
    if not (look.has_own_node or look.og_type == "article"):
        return False
    longest = run = 0
    for line in map(plain, look.own):
        run = 0 if spoken(line, _ASKING) else run + count_words(line)
        longest = max(longest, run)
    return longest >= _BESIDE_BANNER


def _asks_everywhere(look: Look) -> str | None:
    """A wall whose text the engine did not take for a body: most of what is to be read asks for consent."""
    is_place = _CONSENT_PLACE.search(look.page.url.lower())
    phrases = spoken(look.text, telltales.CONSENT)
    lines = [(count_words(line), bool(spoken(line, telltales.CONSENT))) for line in look.text.splitlines()[:200]]
    words = sum(count for count, asks in lines if asks)
    if len(phrases) >= (1 if is_place else 3) and words >= (0.2 if is_place else 0.5) * look.all_words:
        beside = look.all_words - words
        return f'its text asks for consent ("{phrases[0]}"), with {beside} words beside it'
    return None


def paywall_stub(look: Look) -> str | None:
    """Return what tells that the text stops where one has to pay or log in; None: nothing does."""
    if look.words > 3 * _STUB_WORDS:
        return None
    own, after = _parted_by_appeal(look.body)
    words = count_words("\n".join(own))
    if words > _STUB_WORDS or after > _STUB_WORDS // 2:
        return None
    strong, weak = spoken(look.near, telltales.PAYWALL), spoken(look.near, telltales.SUBSCRIBE)
    is_free = _is_free(look)
    is_more_announced = _announced_words(look) > 2 * words + 100
    is_cut = bool(own) and own[-1].rstrip().endswith(("…", "...", "[…]", "[...]"))
    has_box = any(name in look.box_names for name in _PAID_NAMES)
    is_within = bool(spoken(plain("\n".join(look.body)), strong))
    is_confirmed = is_free is False or is_more_announced or is_cut or has_box or words < _FLASH_WORDS
    if strong and not (is_within or is_confirmed):  # a label of another article, or of all
        return None
    points = 2.0 * bool(strong) + 0.5 * (len(strong) > 1) + bool(weak)
    points += {None: 0, True: -1, False: 1.5}[is_free]
    points += 0.5 * has_box
    points += 2.0 * is_more_announced
    points += 0.5 * is_cut
    if points < 3 or not (strong or weak or is_free is False):
        return None
    return f'{words} words, then "{(strong or weak or ["the page says that it is not free"])[0]}"'


def _parted_by_appeal(body: Sequence[str]) -> tuple[list[str], int]:
    """Return the lines of a text above the first that asks to subscribe, and the words of others below it."""
    asks = [bool(spoken(plain(line), telltales.PAYWALL + telltales.SUBSCRIBE)) for line in body]
    first = asks.index(True) if True in asks else len(body)
    below = [line for line, asking in zip(body[first:], asks[first:], strict=True) if not asking]
    return list(body[:first]), count_words("\n".join(below))


def _is_free(look: Look) -> bool | None:
    """What the page says of being free to read, at any of its places."""
    for node in (look.page.node, *look.page.data.nodes[:50]):
        for value in look.page.data.resolve(node.get("isAccessibleForFree")):
            said = str(value).lower().rsplit("/", 1)[-1]
            if said in ("true", "false"):
                return said == "true"
    tiers = {
        text.lower() for text in look.page.said("article:content_tier", "content_tier", "cxenseparse:articleaccess")
    }
    return False if tiers & _TIERS else None


def _announced_words(look: Look) -> int:
    """How many words its JSON-LD says that the article has."""
    value = look.page.node.get("wordCount")
    return (
        int(value) if isinstance(value, int) or (isinstance(value, str) and value.isdecimal() and len(value) < 7) else 0
    )


def login(look: Look) -> str | None:
    """Return what tells that one has to log in before anything is shown; None: nothing does."""
    if look.words > _LOGIN_WORDS or look.has_own_node:
        return None
    title = next((title for title in look.titles if names(title, telltales.LOGIN_TITLES, look.outlet)), None)
    has_password = bool(look.page.tree.css_first('input[type="password" i]'))
    if title and (has_password or _LOGIN_PATH.search(look.path)):
        return f'its title is "{title}"' + (", and it asks for a password" if has_password else "")
    if has_password and not look.claims and look.all_words < 2 * _LOGIN_WORDS:
        return "it asks for a password, and has little text"
    return None
