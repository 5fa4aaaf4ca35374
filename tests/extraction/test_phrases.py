"""What a line says by its words: appeals go, and a report about appeals keeps every sentence."""

import pytest

from crawler.extraction.phrases import zone_of_line
from crawler.extraction.prose import count
from crawler.extraction.zones import Zone

REPORTS = {
    "en": (
        "The newsletter of the harbour office has 40,000 readers and three authors.",
        "She told the council that people who subscribe to a newspaper vote more often.",
        "Fishermen donated their boats to the museum, and the museum sold two of them.",
        "“Sign up for our newsletter” is the sentence that annoys readers most, a survey found.",
        "Banners that read “please donate” hung along the quay until Sunday.",
        "The court ruled that cookies may be stored only if the visitor has agreed.",
        "He posted the photograph on his Telegram channel, where 300 people follow him.",
        "The union asked its members to support the strike and to follow the news.",
        "The views from the new lighthouse are the best on the coast, officials said.",
        "The report was published on Tuesday and has 312 pages.",
        "Prosecutors said the baker had opened an account under a false name.",
    ),
    "de": (
        "Der Newsletter der Stadt hat 40.000 Leser und kostet nichts.",
        "Die Spende von 300 Euro kam von einem Fischer, der nicht genannt werden will.",
        "„Jetzt abonnieren!“ stand auf dem Plakat, das der Wind ins Hafenbecken trug.",
        "Wer ein Postfach mietet, bekommt künftig zwei Schlüssel.",
    ),
    "fr": (
        "La newsletter de la mairie compte 40 000 abonnés, dont la moitié ne l'ouvre jamais.",
        "Le musée a reçu un don de trois cents euros et un vieux canot.",
    ),
    "es": (
        "El boletín del puerto tiene 40.000 lectores y tres redactores.",
        "El canal de Telegram del alcalde fue cerrado el martes por orden del juez.",
    ),
    "pt": ("A newsletter da câmara tem quarenta mil leitores e custa três euros por mês.",),
    "it": ("La newsletter del porto ha quarantamila lettori e tre redattori.",),
    "nl": ("De nieuwsbrief van de haven heeft veertigduizend lezers en drie schrijvers.",),
    "sv": ("Hamnens nyhetsbrev har fyrtiotusen läsare och tre skribenter.",),
    "pl": ("Biuletyn portu ma czterdzieści tysięcy czytelników, a subskrypcja jest bezpłatna.",),
    "cs": ("Předplatitelé novin volí častěji, zjistil průzkum mezi rybáři.",),
    "ru": ("Подписчики рассылки порта получили письмо о закрытии причала.",),
    "uk": ("Підписку на газету порту оформили сорок тисяч рибалок.",),
    "tr": ("Limanın bülteninin kırk bin abonesi ve üç yazarı var.",),
    "ja": ("港の会報は四万人が読んでおり、会員の半分は漁師だという。",),
}
APPEALS = {
    "en": (
        "Sign up for our newsletter and never miss a tide.",
        "Get the morning's five stories straight to your inbox.",
        "Please consider a small donation; even the price of a coffee keeps us afloat.",
        "Subscribe now for only three crowns a week.",
        "Follow us on Facebook and Instagram.",
        "We and our 214 partners store cookies to make this harbour feel like home.",
        "Join our Telegram channel for the latest.",
        "Share your thoughts in the comments below.",
    ),
    "de": (
        "Abonnieren Sie unseren Newsletter.",
        "Folgen Sie uns auf Instagram.",
        "Unterstützen Sie unsere Arbeit mit einer Spende.",
    ),
    "fr": ("Abonnez-vous à notre newsletter.", "Suivez-nous sur Facebook.", "Soutenez-nous dès aujourd'hui."),
    "es": ("¡Suscríbete a nuestro boletín!", "Únete a nuestro canal de WhatsApp.", "Síguenos en Facebook."),
    "pt": ("Inscreva-se em nossa newsletter.", "Siga o canal no WhatsApp."),
    "it": ("Iscriviti alla newsletter.", "Seguici su Instagram."),
    "nl": ("Meld je aan voor onze nieuwsbrief.", "Steun ons met een kleine bijdrage."),
    "sv": ("Prenumerera på vårt nyhetsbrev.",),
    "da": ("Tilmeld dig nyhedsbrevet.",),
    "fi": ("Tilaa uutiskirje.",),
    "pl": ("Zapisz się na newsletter.", "Wesprzyj nas."),
    "cs": ("Podpořte nezávislou redakci.",),
    "hu": ("Iratkozz fel a hírlevelünkre.",),
    "ro": ("Abonează-te la buletinul nostru.",),
    "ru": ("Подписывайтесь на наш Telegram-канал.", "Поддержите нас."),
    "uk": ("Підписуйтесь на наш канал.",),
    "tr": ("Bültenimize abone olun.", "Bizi takip edin."),
    "ar": ("اشتركوا في نشرتنا.", "تابعونا على فيسبوك."),
    "he": ("הירשמו לניוזלטר שלנו.",),
    "id": ("Dapatkan kabar pilihan dari redaksi setiap pagi.",),
    "vi": ("Đăng ký nhận bản tin.",),
    "ko": ("지금 구독해 주세요.",),
    "ja": ("会員登録するとすべての記事が読めます。",),
    "zh": ("扫码关注我们。",),
}
DISCLAIMERS = (
    "The views expressed in this article are those of the agency and do not necessarily reflect those of the Ledger.",
    "This story was originally published by the Northern Wire.",
    "Copyright © 2026 The Harbour Lantern. All rights reserved.",
    "Dieser Beitrag ist zuerst erschienen im Küstenboten.",
    "Alle Rechte vorbehalten.",
    "Tous droits réservés.",
    "Wszelkie prawa zastrzeżone.",
    "Все права защищены.",
    "Мнение редакции может не совпадать с мнением автора.",
    "版权声明：未经授权不得转载。",
    "무단전재 및 재배포 금지",
    "คัดลอกไม่ได้ สงวนลิขสิทธิ์",
)


def zone(text: str, linked: float = 0.0) -> Zone | None:
    return zone_of_line(text, count(text), linked)


@pytest.mark.parametrize("text", [text for texts in REPORTS.values() for text in texts])
def test_a_report_about_appeals_keeps_its_sentences(text: str) -> None:
    """What somebody subscribed to, gave, stored or said is news."""
    assert zone(text) is None


def test_the_reports_are_in_twelve_languages() -> None:
    """So that no language's phrases are tried on its appeals alone."""
    assert len(REPORTS) >= 12


@pytest.mark.parametrize("text", [text for texts in APPEALS.values() for text in texts])
def test_an_appeal_is_one(text: str) -> None:
    """The outlet asks its reader for an address, a follow, money or consent."""
    assert zone(text) == Zone.APPEAL


@pytest.mark.parametrize("text", DISCLAIMERS)
def test_a_disclaimer_is_one(text: str) -> None:
    """The outlet says whose the text is, or whose opinion it is not."""
    assert zone(text) == Zone.DISCLAIMER


@pytest.mark.parametrize(
    "text",
    [
        "Read also: The heron is back",
        "Lesen Sie auch: Die Fähre bleibt",
        "À lire aussi : le bac reste",
        "Lee también: Vuelve la garza",
        "Читайте также: Паром остаётся",
        "Baca juga: Kapal sekolah baru",
        "اقرأ المزيد: عودة العبّارة",
        "עוד בנושא: המעבורת נשארת",
        "相关链接：渡船留下",
    ],
)
def test_a_read_also_line_is_one_if_it_is_short_or_a_link(text: str) -> None:
    """The same words open sentences of the article, which are longer and no links."""
    assert zone(text, linked=0.8) == Zone.RELATED
    assert zone(f"{text} and so on, said the harbour master to the eleven people who had come to listen.") is None


@pytest.mark.parametrize(
    "text",
    ["Photo: Ida Fenn", "Foto: Ida Fenn", "Crédit : Ida Fenn", "© Ida Fenn", "The quay at dawn (Photo: Ida Fenn/AFP)"],
)
def test_a_credit_is_a_caption(text: str) -> None:
    """It opens the line, or closes it in brackets."""
    assert zone(text) == Zone.CAPTION


@pytest.mark.parametrize(
    "text",
    [
        "Credit-card debt is at a record, and a quarter of the town has not paid off the last winter.",
        "Photo-sharing apps must name those who run them, the council of Lunmouth decided on Friday.",
        "Video-Überwachung am Hauptbahnhof bleibt, sagte der Bürgermeister am Montag im Rat.",
        "Die Mannschaft gewann das Endspiel vor 3.000 Zuschauern im neuen Stadion. (dpa)",
        "The ship sank in eleven minutes, according to its owner (AFP).",
        "Få danskere læser nyheder på papir, viser en ny undersøgelse fra universitetet.",
        "Sigue cerrado el canal del puerto tras el choque de dos barcos, dijo la alcaldesa.",
        "The book, originally published in Danish, tells of a keeper who never slept.",
        "该男子未经授权进入机房，警方周二将其带走。",
    ],
)
def test_a_sentence_that_sounds_like_one_is_the_articles(text: str) -> None:
    """A compound is no credit, an agency's name at the end no caption, and few Danes are no newsletter."""
    assert zone_of_line(text, count(text), 0.0) is None


def test_a_photographers_obituary_is_none() -> None:
    """The word alone says nothing."""
    assert zone("Photographs of the quay made her famous, and a credit of 300 crowns kept her alive.") is None


@pytest.mark.parametrize("text", ["Advertisement", "– Anzeige –", "PUBLICIDAD", "Реклама", "広告", "โฆษณา"])
def test_the_label_of_an_advertisement(text: str) -> None:
    """It is alone in its line; a sentence about advertising is none."""
    assert zone(text) == Zone.ADVERTISEMENT
    assert zone(f"{text} pays for half of the paper, the publisher said on Tuesday.") is None


def test_a_long_line_is_the_articles_whatever_it_says() -> None:
    """An appeal has at most sixty words."""
    assert zone("Sign up for our newsletter today. " + "The harbour froze and the herons went north. " * 8) is None
