"""The names of XML elements in feeds, as feedparser understands them, and what each may mean to a reader beside it.

feedparser calls an element by a prefix of its own and its name in lower case ("dc_creator"). Its prefix is told by the
namespace; where it does not know that, by the prefix that the document has for it, so that even a misspelt namespace
works. Each name has one of a few roles:

    title, link, ...  read as feedparser reads them
    harmless          feedparser has a method for them, which touches nothing that we keep
    unknown           feedparser has no method for them: it notes their text under their name, and that is all
    unsure            all others
"""

import re
from xml.etree.ElementTree import Element

from feedparser.mixin import _FeedParserMixin as Feedparser

_OURS = {
    "title": "title",
    "dc_title": "title",
    "media_title": "media-title",
    "link": "link",
    "id": "id",
    "guid": "id",
    "published": "published",
    "issued": "published",
    "pubdate": "published",
    "dcterms_issued": "published",
    "updated": "updated",
    "modified": "updated",
    "lastbuilddate": "updated",
    "dc_date": "updated",
    "dcterms_modified": "updated",
    "summary": "summary",
    "itunes_summary": "summary",
    "description": "summary",
    "dc_description": "summary",
    "media_description": "summary",
    "content": "content",
    "content_encoded": "content",
    "fullitem": "content",
    "author": "author",
    "dc_author": "author",
    "dc_creator": "author",
    "itunes_author": "author",
    "managingeditor": "author",
    "feedburner_origlink": "original link",
    "media_group": "group",
    "media_content": "group",
    "image": "image",
    "textinput": "image",
    "source": "source",
    "contributor": "people",
    "itunes_owner": "owner",
    "language": "language",
    "dc_language": "language",
    "item": "entry",
    "entry": "entry",
    "channel": "channel",
}
_HARMLESS = frozenset[str]().union(
    ["category", "keywords", "dc_subject", "media_category", "media_keywords", "itunes_category", "itunes_keywords"],
    ["enclosure", "media_thumbnail", "media_credit", "media_player", "itunes_image", "itunes_link", "itunes_explicit"],
    ["generator", "cloud", "created", "dcterms_created", "expirationdate", "itunes_block", "dc_contributor"],
    ["webmaster", "dc_publisher"],
    ["admin_generatoragent", "admin_errorreportsto", "name", "email", "url", "uri", "homepage", "width", "height"],
    ["itunes_name", "itunes_email"],
)
_WORDS = frozenset(  # harmless while there is no markup in them
    ["rights", "copyright", "dc_rights", "subtitle", "tagline", "itunes_subtitle", "info", "feedburner_browserfriendly"]
)
_OVERWRITE = frozenset(  # unknown elements whose names are feedparser's own for something that we keep
    [
        *("date", "links", "authors", "author_detail", "guidislink", "title_detail"),
        *("contributors", "publishers", "publisher_detail"),
    ]
)
_PREFIXES: dict[str, str] = {uri.lower(): prefix.lower() for uri, prefix in Feedparser.namespaces.items()}
_CANONICAL = frozenset(_PREFIXES.values())
_USERLAND = "backend.userland.com/rss"  # every namespace with this in it is RSS to feedparser
_RSS_090 = "http://my.netscape.com/rdf/simple/0.9/"  # to feedparser only as the default namespace
_DECLARATION = re.compile(rb"xmlns(?::([\w.-]+))?\s*=\s*[\"']([^\"']*)[\"']")
_PLAIN_URI = re.compile(rb"[!-%'-~]*")  # no white space, no reference, ASCII
_XML = "{http://www.w3.org/XML/1998/namespace}"


class Unsure(Exception):  # noqa: N818 - a question, not an error
    """Here feedparser may see something else than we would."""


class Names:
    """What the tags of one document mean, which depends on the prefixes that it declares.

    Attributes:
        uris: the namespaces that it declares, in lower case.

    Raises:
        Unsure: one prefix has two meanings, or one namespace two prefixes.
    """

    def __init__(self, text: bytes) -> None:
        self.uris: set[str] = set()
        self._prefixes = self._declared(text)
        self._keys: dict[str, str] = {}
        self._roles: dict[str, str] = {}

    def role(self, tag: str) -> str:
        """Return what a tag may mean."""
        role = self._roles.get(tag)
        if role is None:
            role = self._roles[tag] = _role_of(self.key(tag))
        return role

    def key(self, tag: str) -> str:
        """Return feedparser's name of a tag."""
        key = self._keys.get(tag)
        if key is None:
            key = self._keys[tag] = self._key_of(tag)
        return key

    def _key_of(self, tag: str) -> str:
        if not tag.startswith("{"):
            return tag.lower()
        uri, _, name = tag[1:].partition("}")
        prefix = "" if _USERLAND in uri.lower() else _PREFIXES.get(uri.lower(), self._prefixes.get(uri))
        if prefix is None:
            raise Unsure
        return f"{prefix}_{name.lower()}" if prefix else name.lower()

    def attributes(self, element: Element) -> dict[str, str]:
        """Return the attributes by lower-case name; feedparser drops the prefix of one that it does not know."""
        found: dict[str, str] = {}
        for name, value in element.attrib.items():
            if name.startswith(_XML):
                found["xml:" + name.removeprefix(_XML).lower()] = value
            elif not name.startswith("{"):
                found[name.lower()] = value
            elif not _PREFIXES.get(name[1:].partition("}")[0].lower()):
                raise Unsure
        return found

    def _declared(self, text: bytes) -> dict[str, str]:
        """Return the prefix of each namespace that feedparser does not know; it knows such names by their prefix.

        What looks like a declaration and is none, in a CDATA section, can only make us unsure.
        """
        known: dict[str, str] = {}
        prefixes: dict[str, str] = {}
        for match in _DECLARATION.finditer(text):
            if not _PLAIN_URI.fullmatch(match[2]):
                raise Unsure
            prefix, uri = (match[1] or b"").decode("ascii").lower(), match[2].decode("ascii")
            canonical = _PREFIXES.get(uri.lower())
            self.uris.add(uri.lower())
            if prefix and known.setdefault(prefix, uri) != uri:
                raise Unsure
            if prefix and (
                _USERLAND in uri.lower()
                or uri.lower() == _RSS_090
                or (prefix in _CANONICAL and canonical not in (None, prefix))
            ):
                raise Unsure
            if uri and canonical is None and prefixes.setdefault(uri, prefix) != prefix:
                raise Unsure
        return prefixes


def _role_of(key: str) -> str:
    if key in _OURS:
        return _OURS[key]
    if key in _HARMLESS:
        return "harmless"
    if key in _WORDS:
        return "words"
    has_method = hasattr(Feedparser, f"_start_{key}") or hasattr(Feedparser, f"_end_{key}")
    return "unsure" if has_method or key in _OVERWRITE else "unknown"
