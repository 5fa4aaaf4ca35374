"""Who we say we are, and whose wishes we obey: read from the settings, checked before anything is started."""

import re

from scrapy.settings import BaseSettings

from crawler.extraction import OPT_OUTS
from crawler.news.errors import ConfigurationError

# RFC 9110, 10.1.5: a product with its version first. RFC 9309, 2.2.1: robots.txt can name only letters, "-" and "_".
_AGENT = re.compile(r"[A-Za-z_-]+/[\w.+-]+( [\x20-\x7e]+)?", re.ASCII)
_BROWSER = re.compile(
    r"(?<![\w/.-])(mozilla|applewebkit|gecko|chrome|chromium|headlesschrome|safari|firefox|opera|opr|edge?)/", re.I
)
_CONTACT = re.compile(
    r"https?://[^\s()<>,;]+"
    r"|(?:mailto:)?[^\s()<>,;:+@][^\s()<>,;:@]*@[^\s()<>,;:@]+\.[^\s()<>,;:@]+"
)


def check_agent(settings: BaseSettings) -> None:
    """See that requests say truly who makes them.

    Raises:
        ConfigurationError: USER_AGENT has no name and version, or is a browser's; CONTACT is none, or not in it; where
            CONTACT_REQUIRED, nobody is named but the project.
    """
    agent, contact = str(settings["USER_AGENT"] or ""), settings["CONTACT"]
    if contact and not _CONTACT.fullmatch(contact):
        raise ConfigurationError(
            f'setting CONTACT: "{contact}" is no address. '
            'Write an http(s) URL or a mailbox, for example "newsdesk@university.example".'
        )
    if _BROWSER.search(agent):
        raise ConfigurationError(
            f'setting USER_AGENT: "{agent}" is a browser\'s, and we are none. '
            'Set CONTACT and leave USER_AGENT unset, or write "NewsWatch/1.0 (+https://...)".'
        )
    if not _AGENT.fullmatch(agent):
        raise ConfigurationError(
            f'setting USER_AGENT: "{agent}" does not begin with a name and a version, the name in letters, "-" and "_" '
            'alone, as robots.txt needs it. Write "NewsWatch/1.0 (+https://...)".'
        )
    if contact and contact not in agent:
        raise ConfigurationError(
            f'setting CONTACT: "{contact}" is not in the USER_AGENT "{agent}". '
            "Set CONTACT in the environment, not with -s, and leave USER_AGENT unset; or set USER_AGENT alone."
        )
    if settings.getbool("CONTACT_REQUIRED") and not _contacts(agent) - {settings["PROJECT_URL"]}:
        raise ConfigurationError(
            "environment: CONTACT is not set. Outlets must be able to reach whoever asks them for pages. "
            'Set it to your URL or mailbox, for example "newsdesk@university.example".'
        )


def obeyed_opt_outs(settings: BaseSettings) -> frozenset[str]:
    """Return the opt-outs with which an article is not kept.

    Raises:
        ConfigurationError: OBEY_OPT_OUTS names one that there is not.
    """
    named = [name.strip().lower() for name in settings.getlist("OBEY_OPT_OUTS")]
    unknown = [name for name in named if name and name not in OPT_OUTS]
    if unknown:
        raise ConfigurationError(
            f'setting OBEY_OPT_OUTS: there is no opt-out "{unknown[0]}". There are: {", ".join(sorted(OPT_OUTS))}.'
        )
    return frozenset(filter(None, named))


def _contacts(agent: str) -> set[str]:
    """Return the addresses in a User-Agent; before one it is customary to put a "+"."""
    return set(_CONTACT.findall(agent))
