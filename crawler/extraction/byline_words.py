"""The words around names in bylines, by what they do there, in the languages that the pages we measured with are in.

An underscore is the space in an expression. Nothing here belongs to one outlet: a rule for one is its selectors.
"""


def words(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


# A name follows at once.
BY = "by von vom par por di door af av od przez oleh bởi από от โดย द्वारा"
# These need one of the above behind them, near or far: "Posted on 3 May by", "Ein Kommentar von".
MADE = """
    written posted published reported submitted created story article analysis interview opinion words text texte testo
    texto tekst geschrieben verfasst erstellt gespeichert veröffentlicht ein_kommentar ein_gastbeitrag eine_analyse
    kommentar gastbeitrag analyse écrit rédigé publié scritto pubblicato escrito publicado redactado geschreven skrevet
    skriven napisane propos_recueillis protokoll aufgezeichnet
"""
# These need a colon, or stand alone above the name.
LABEL = """
    author authors author(s) author_of_the_article about_the_author byline words interview journalist reporter reporters
    autor autorin autoren autor/autorin autorin/autor autores autora autore autrice autori auteur auteurs auteure
    autrice
    forfatter författare kirjoittaja szerző yazar penulis tác_giả автор авторы текст συντάκτης redacción
    text texte texto testo tekst 作者 撰文 文 记者 記者 责编 責編 責任編輯 责任编辑 編輯 编辑 글 기자 ผู้เขียน लेखक
    الكاتب بقلم كتب نویسنده מאת נכתב_על_ידי
"""
# These need a space.
OPENING = "autorin/autor autor/autorin escribe 记者 記者 بقلم كتب מאת"
# What content systems write in links to an author's page: "View all posts by Ann Roe", "Mehr von Ann Roe".
MORE = """
    view_all see_all show_all show_all_articles all_articles all more zeige alle mehr voir tous ver todos tutti meer
    read_more
"""
# Who is named behind these helped, and is no author.
HELPED = """
    edited reviewed updated translated verified fact_checked fact-checked photo photos photograph photographs
    photographed photography picture pictures image images illustrated illustration illustrations graphic graphics video
    filmed curated recommended contribution contributions with_contributions additional_contributions
    with_additional_contributions
"""
# The like behind a name, and roles, of scripts without capitals: "김민수 기자", "张伟 编辑 李娜".
HELPED_BEHIND = "기자 특파원 记者 記者 编辑 編輯 责编 責編 摄影 攝影 写真 撮影"
HELP_LABEL = "foto fotos bild bilder photo photos image images illustration video quelle source credit"
HELP = "übersetzt übersetzung traduit traduction traducción traduzione bearbeitet redigiert aktualisiert"

# Lower-case words in names of people.
PARTICLES = words(
    """
    von van vom zu zum zur de da do das dos del della delle dei der den des di du la le les lo el al bin ibn ben bint
    abu
    ter ten te y e af av st 't of und
    """
)
# They end a name ("Ann Roe Staff Writer"), and are in none.
ROLES = words(
    """
    staff senior junior chief deputy associate assistant managing executive freelance special guest lead political
    writer editor reporter correspondent contributor columnist journalist photographer producer director analyst author
    redakteur redakteurin reporterin korrespondent korrespondentin autor autorin volontär volontärin chefredakteur
    chefredakteurin journalistin gastautor gastautorin kolumnist kolumnistin redactrice rédacteur journaliste
    correspondant correspondante redactor redactora periodista corresponsal giornalista redattore inviato verslaggever
    expert specialist head co-founder founder ceo president professor intern fellow follow
    """
)
# Who these name is the outlet itself.
NEWSROOM = words(
    """
    redaktion onlineredaktion redazione redacción redaccion rédaction redaction redactie redakcja редакция newsroom
    staff
    desk team admin editor editors editorial webmaster administrator
    """
)
# In no name of a person; the last of them are of the links and labels around a byline.
ORGANISATIONS = NEWSROOM | words(
    """
    news newspaper times press post report magazine daily weekly journal herald tribune gazette media network agency
    agence agentur agenturen agenzia agencia agencias agencies ajansı nachrichtenagentur associated reuters bureau blog
    online tv radio zeitung presse rundfunk inc gmbh llc ltd ag university institute centre center foundation
    association
    group department office service company corporation bank verband verlag
    policy terms privacy conditions newsletter comments comment share shares subscribe read reading minutes min image
    images photo photos foto fotos picture getty quelle source copyright today today's heute updated published wire home
    latest popular trending advertisement sponsored
    """
)
NOBODY = words(
    "null none undefined unknown author autor autorin follow anonymous n/a publisher startseite home am on at le il"
) | {"n a"}
