"""What an element says of itself by its tag, its role, its names and its title: comments, navigation, a caption.

*Theory of operation.* Class names and ids are words run together: "c-articleFooter__newsletter-box" is article, footer,
newsletter, box. One word, or two in a row, can tell a zone. Names are a hint, not the truth ("comment-free-body"): who
asks weighs them against the share of the page's text that the element holds. A box that opens with the words
"Comments (2)" or "Most read" says what it is to every reader, so those are known in as many languages as we can.

*Known exceptions.* Names for paywalls ("paywall", "subscription", "piano") are not among the words: on real pages they
mark the paid-for article itself.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from crawler.extraction.layout import Box
from crawler.extraction.prose import HEADINGS
from crawler.extraction.zones import Zone

_SAYS: dict[Zone, str] = {
    Zone.COMMENTS: """
        comment comments commentlist commentarea commentsection kommentar kommentare kommentarer kommentit commentaire
        commentaires comentario comentarios comentarii comentaris commenti komentar komentarz komentarze komentare
        komentari reacties yorum yorumlar diskuse diskuze pinglun binh-luan cmt talkback talkbacks disqus livefyre
        respond reply replies viafoura coral""",
    Zone.APPEAL: """
        newsletter newsletters nieuwsbrief nyhetsbrev nyhedsbrev uutiskirje boletin subscribe signup sign-up donate
        donation donations spenden spende support-us support-box
        support-banner fundraising appeal cta-card cta-box elementor-cta
        inline-cta article-cta membership cookie cookies cookiebanner consent gdpr ccpa privacy onetrust optanon
        ot-sdk cmp didomi usercentrics sourcepoint cybotcookiebot modal popup overlay lightbox login registration
        regwall registerwall paywall-offer subscription-offer abo-teaser app-download callout""",
    Zone.ADVERTISEMENT: """
        ad ads adslot adunit adbox adsense advert adverts advertise advertisement advertisements advertising
        advertorial anzeige anzeigen werbung publicidad publicite reklam reklama sponsored sponsor dfp outbrain
        taboola revcontent mgid plista brandcontent affiliate promo""",
    Zone.RELATED: """
        related relatedposts relatedarticles recirc recirculation recommend recommended recommendation recommendations
        recommender readmore read-more readnext read-next also-read read-also see-also most-read mostread most-popular
        mostpopular most-viewed trending more-stories morestories more-from more-news more-on latest latest-news
        popular-posts up-next upnext you-may might-like next-article prev-article next-post previous-post
        post-navigation nav-links interlinks jp-relatedposts yarpp linklist link-list article-list news-list teaser
        teasers teaserlist excerpt excerpts sidebar side-bar rail right-rail zergnet bestof bestseller carousel
        factbox fact-box infobox info-box in-other-news bookmark poll polls polling quiz survey umfrage sondage sondaj
        encuesta anketa ankieta lire-aussi leia-mais lea-tambien lee-tambien relacionadas relacionados mas-leidas
        leggi-anche correlati vezi-si mehr-zum tout-savoir lees-ook les-ogsa lasmer relaterat relaterede czytaj-takze
        polecane souvisejici ilgili baca-juga bacajuga terkait terpopuler lien-quan tinlienquan""",
    Zone.NAVIGATION: """
        nav navbar navigation menu menus submenu breadcrumb breadcrumbs crumbs pagination pager masthead topbar
        sitenav skip-link skip-links site-header siteheader page-header-nav global-header footer site-footer
        sitefooter page-footer colophon imprint toolbar""",
    Zone.CAPTION: """
        caption captions figcaption wp-caption imagedescription image-description img-desc credit credits
        bildunterschrift bildtext legende image-credit photo-credit image-caption media-caption img-caption
        video-title video-details video-caption video-description pullquote pull-quote""",
    Zone.BYLINE: """
        byline bylines author-bio author-box authorbox author-info author-card about-author author-profile authors-bio
        reporter-box writer-card bio dateline share sharing sharebar share-bar social socials social-media addthis
        addtoany sharedaddy sharethis follow follow-us tags taglist tag-list tagcloud post-tags article-tags
        entry-tags keywords topics topic-list author authors post-meta postmeta postmetadata entry-meta article-meta
        articlemeta entry-footer print-only timestamp metadata vote voting rating""",
    Zone.DISCLAIMER: """
        disclaimer disclaimers disclosure haftungsausschluss legal copyright copyrights corrections-policy republish
        agency-note banquan""",
}
# What a box is that opens with one of these and nothing else, but for a number: "Comments (2)".
_TITLES: dict[Zone, str] = {
    Zone.COMMENTS: """
        comment, comments, response, responses, replies, leave a reply, leave a comment, readers' comments,
        readers’ comments, join the conversation, join the discussion, kommentare, leserkommentare,
        schreiben sie einen kommentar, ihre meinung, commentaires, vos réactions, comentarios, comentários, commenti,
        reacties, kommentarer, kommentit, keskustelu, komentarze, komentáře, komentáre, diskuse, diskuze, komentari,
        komentarai, comentarii, hozzászólások, yorumlar, yorum, комментарии, коментари, коментарі, σχόλια, תגובות,
        التعليقات, تعليقات, نظرات, نظر بینندگان, टिप्पणियाँ, komentar, bình luận, ý kiến bạn đọc, ความคิดเห็น,
        コメント, 评论, 网友评论, 評論, 댓글""",
    Zone.RELATED: """
        related, related articles, related stories, related posts, related news, related content, related links,
        related topics, possibly related posts, read more, read also, read next, see also, also read, more stories,
        more news, readers' tips, weitere artikel, weitere nachrichten, autres articles, otras noticias,
        outras notícias, altre notizie, ander nieuws, fler nyheter, flere nyheder, flere nyheter, lisää uutisia,
        inne artykuły, další zprávy, další články, alte știri, további hírek, diğer haberler, другие новости,
        інші новини, خبرهای بیشتر, أخبار أخرى, berita lainnya, tin khác,
        recommended, recommended for you, you might like, you may like, you may also like,
        you might also like, up next, don't miss, don’t miss, trending, trending now, most read, most popular,
        most viewed, most shared, popular posts, latest news, latest stories, top stories, editor's picks,
        editor’s picks, from our partners, poll, quiz, newsletter, mehr zum thema, auch interessant,
        das könnte sie auch interessieren, meistgelesen, verwandte artikel, lesen sie auch, umfrage, à lire aussi,
        lire aussi, sur le même sujet, sur le même thème, les plus lus, à ne pas manquer, sondage, lo más leído,
        lo más visto, te puede interesar, noticias relacionadas, más noticias, encuesta, leia também, leia mais,
        mais lidas, veja também, relacionadas, enquete, leggi anche, i più letti, articoli correlati,
        potrebbe interessarti, sondaggio, lees ook, meest gelezen, meer nieuws, läs också, läs även, läs mer,
        mest läst, relaterat, les også, mest lest, læs også, mest læste, lue myös, luetuimmat, czytaj też,
        czytaj także, zobacz też, zobacz także, najczęściej czytane, polecamy, sonda, mohlo by vás zajímat,
        nejčtenější, čtěte také, související, související články, anketa, najčítanejšie, citește și, vezi și,
        cele mai citite, sondaj, kapcsolódó cikkek, legolvasottabb, ilgili haberler, çok okunanlar, anket,
        читайте также, по теме, популярное, самое читаемое, опрос, читайте також, популярне, опитування,
        διαβάστε επίσης, διαβάστε ακόμη, δημοφιλή, עוד בנושא, הנקראות ביותר, כתבות נוספות, اقرأ أيضا, اقرأ أيضًا,
        الأكثر قراءة, مواضيع ذات صلة, بیشتر بخوانید, پربازدیدترین, خبرهای دیگر, مطالب مرتبط, यह भी पढ़ें, ये भी पढ़ें,
        संबंधित खबरें, baca juga, berita terkait, terpopuler, jajak pendapat, tin liên quan, đọc thêm, xem nhiều,
        đọc nhiều, อ่านเพิ่มเติม, ข่าวที่เกี่ยวข้อง, 関連記事, 関連ニュース, こんな記事も読まれています,
        アクセスランキング, 相关新闻, 相关阅读, 相关链接, 相关报道, 延伸阅读, 延伸閱讀, 相關新聞, 관련기사, 관련 기사,
        관련뉴스, 많이 본 뉴스, 많이 본 기사""",
    Zone.BYLINE: """
        about the author, about the authors, about the writer, über den autor, über die autorin, zum autor,
        zur autorin, à propos de l'auteur, à propos de l’auteur, sobre el autor, sobre la autora, sobre o autor,
        sobre a autora, l'autore, l’autore, over de auteur""",
}
_TITLE_LENGTH = 40  # characters, a little more than the longest
_AROUND_A_TITLE = " \t0123456789()[]:.,!?…»«›‹>→-–—•|"
_STANDFIRST = """
    standfirst lead lede intro dek deck subtitle subheadline subheading sub-title sub-heading sub-headline chapo
    chapeau excerpt summary entradilla abstract vorspann sapo strapline introduction description subhead
    teaser-text lead-text article-lead article-intro bajada copete sumario ingress tagline kicker-text topper"""
_ROLES = {
    "navigation": Zone.NAVIGATION,
    "search": Zone.NAVIGATION,
    "contentinfo": Zone.NAVIGATION,
    "complementary": Zone.RELATED,
    "dialog": Zone.APPEAL,
    "alertdialog": Zone.APPEAL,
}
_TAGS = {
    "nav": Zone.NAVIGATION,
    "footer": Zone.NAVIGATION,
    "aside": Zone.RELATED,
    "dialog": Zone.APPEAL,
    "form": Zone.APPEAL,
    "figcaption": Zone.CAPTION,
    "address": Zone.BYLINE,
    "caption": Zone.CAPTION,
}
NAMES = 400  # characters of an element's names that are read
_WORD = re.compile(r"(?<![0-9])(?:[A-Z]?[a-z]+|[A-Z]+(?![a-z]))(?![0-9])")  # none of "3ad2f"


def _lexicon() -> dict[str, Zone]:
    return {word.replace("-", ""): zone for zone, words in reversed(_SAYS.items()) for word in words.split()}


_ZONE_OF = _lexicon()
_ZONE_OF_TITLE = {
    title.strip(): zone for zone, titles in _TITLES.items() for title in " ".join(titles.split()).split(",")
}
_LEADS = frozenset(word.replace("-", "") for word in _STANDFIRST.split())


def zone_of(box: Box) -> Zone | None:
    """Return the zone that a box claims to be, None if it claims none; a box that does not show is `OTHER`."""
    attributes = box.attributes
    if not attributes or box.start == box.end:
        return _TAGS.get(box.tag)
    role = attributes.get("role")
    if role in _ROLES:
        return _ROLES[role]
    names = box.names[:NAMES]
    named = _zone_of_names(names) if names and box.tag not in HEADINGS else None
    return named or _TAGS.get(box.tag) or (Zone.OTHER if is_hidden(attributes) else None)


def zone_of_title(text: str) -> Zone | None:
    """Return the zone of a box whose first line is this one, None if it tells none."""
    if len(text) > _TITLE_LENGTH:
        return None
    return _ZONE_OF_TITLE.get(text.strip(_AROUND_A_TITLE).casefold())


def is_standfirst(box: Box) -> bool:
    """Return whether a box calls itself a standfirst."""
    return bool(box.attributes) and any(word in _LEADS for word in words_of(box.names[:NAMES]))


def is_hidden(attributes: Mapping[str, str | None]) -> bool:
    """Return whether an element with these attributes says that it does not show."""
    return "hidden" in attributes or "display:none" in (attributes.get("style") or "").lower().replace(" ", "")


@lru_cache(maxsize=8192)  # a page repeats few names, a site repeats them on every page
def _zone_of_names(names: str) -> Zone | None:
    if "embed" in names:
        return None
    if "widget" in names.split():
        return Zone.RELATED
    found = _ZONE_OF.keys() & words_of(names)
    return min((_ZONE_OF[word] for word in found), key=_ORDER.__getitem__, default=None)


@lru_cache(maxsize=8192)
def words_of(names: str) -> list[str]:
    """Return the words of class names, lower-cased, and each two that follow one another, joined."""
    words = [word.lower() for word in _WORD.findall(names)]
    return [*words, *map(str.__add__, words, words[1:])]


_ORDER = {zone: place for place, zone in enumerate(_SAYS)}
