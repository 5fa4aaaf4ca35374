"""Bytes to text: mark, header, <meta>, detection, and what the bytes themselves say."""

import codecs
import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction.decode import decode
from crawler.news.errors import ExtractionError

# Each is a few sentences, as even a short notice has them.
TEXTS = {
    "french": "La navette du matin a été supprimée à cause de la tempête, a déclaré l'élue chargée du port. "
    "Les écoles resteront fermées jusqu'à nouvel ordre, et la fête de l'été est reportée à la rentrée. ",
    "polish": "Rada portu postanowiła poszerzyć północną śluzę o cztery metry, żeby promy mogły przepływać. "
    "Mieszkańcy dzielnicy wciąż czekają na odpowiedź burmistrza, który obiecał ją już wczesną wiosną. ",
    "russian": "Совет порта решил расширить северный шлюз на четыре метра, чтобы паромы могли проходить при любом "
    "приливе. Жители района по-прежнему ждут ответа мэра, который обещал его ещё ранней весной. ",
    "greek": "Το λιμεναρχείο αποφάσισε να διευρύνει τη βόρεια δεξαμενή κατά τέσσερα μέτρα. Οι κάτοικοι της συνοικίας "
    "περιμένουν ακόμη την απάντηση του δημάρχου, που την είχε υποσχεθεί από την άνοιξη. ",
    "turkish": "Liman kurulu kuzey kapısını dört metre genişletmeye karar verdi; böylece vapurlar geçebilecek. "
    "Mahalle sakinleri ise belediye başkanının ilkbaharda söz verdiği yanıtı hâlâ bekliyor. ",
    "arabic": "قرر مجلس الميناء توسيع البوابة الشمالية بأربعة أمتار حتى تتمكن العبارات من المرور عند كل مد. "
    "وما زال سكان الحي ينتظرون رد رئيس البلدية الذي وعد به منذ أوائل الربيع. ",
    "hebrew": "מועצת הנמל החליטה להרחיב את השער הצפוני בארבעה מטרים כדי שהמעבורות יוכלו לעבור בכל גאות. "
    "תושבי השכונה עדיין מחכים לתשובת ראש העיר, שהבטיח אותה כבר בתחילת האביב. ",
    "thai": "คณะกรรมการท่าเรือมีมติให้ขยายประตูด้านเหนือออกไปอีกสี่เมตรเพื่อให้เรือข้ามฟากผ่านได้ทุกระดับน้ำ "
    "ชาวบ้านในย่านนั้นยังคงรอคำตอบจากนายกเทศมนตรีซึ่งสัญญาไว้ตั้งแต่ต้นปี ",
    "chinese": "港务委员会决定把北闸拓宽四米,使渡轮在任何潮位都能通过。"
    "附近居民仍在等待市长的答复,他早在春天就作过承诺。",
    "taiwanese": "港務委員會決定把北閘拓寬四公尺,使渡輪在任何潮位都能通過。"
    "附近居民仍在等待市長的答覆,他早在春天就作過承諾。",
    "japanese": "港の委員会は、どの潮位でもフェリーが通れるように、北の水門を四メートル広げることを決めた。"
    "地区の住民は、市長が春先に約束した回答を今も待っている。",
    "korean": "항만 위원회는 어떤 조위에서도 여객선이 지나갈 수 있도록 북쪽 갑문을 사 미터 넓히기로 결정했다. "
    "주민들은 시장이 이른 봄에 약속한 답변을 아직도 기다리고 있다. ",
}
RUSSIAN = TEXTS["russian"]

# What the text is, its label, and the codec that writes it.
CHARSETS = [
    ("french", "iso-8859-1", "latin-1"),
    ("french", "windows-1252", "cp1252"),
    ("french", "iso-8859-15", "iso8859-15"),
    ("french", "utf-16le", "utf-16-le"),
    ("polish", "iso-8859-2", "iso8859-2"),
    ("polish", "windows-1250", "cp1250"),
    ("russian", "windows-1251", "cp1251"),
    ("russian", "koi8-r", "koi8-r"),
    ("russian", "iso-8859-5", "iso8859-5"),
    ("greek", "iso-8859-7", "iso8859-7"),
    ("greek", "windows-1253", "cp1253"),
    ("turkish", "iso-8859-9", "cp1254"),
    ("arabic", "windows-1256", "cp1256"),
    ("hebrew", "windows-1255", "cp1255"),
    ("thai", "tis-620", "cp874"),
    ("thai", "windows-874", "cp874"),
    ("chinese", "gb2312", "gbk"),
    ("chinese", "gbk", "gbk"),
    ("chinese", "gb18030", "gb18030"),
    ("taiwanese", "big5", "big5"),
    ("japanese", "shift_jis", "cp932"),
    ("japanese", "euc-jp", "euc_jp"),
    ("japanese", "iso-2022-jp", "iso2022_jp"),
    ("korean", "euc-kr", "cp949"),
]
# UTF-16 shows by its zeros, ISO-2022-JP is ASCII without its name, and ISO 8859-2 is a known exception.
DETECTABLE = [(text, codec) for text, _, codec in CHARSETS if codec not in {"utf-16-le", "iso2022_jp", "iso8859-2"}]


def page(text: str, declaration: str = "") -> str:
    return f"<!DOCTYPE html><html><head>{declaration}<title>Harbour</title></head><body><p>{text}</p></body></html>"


@pytest.mark.parametrize(("language", "label", "codec"), CHARSETS)
@pytest.mark.parametrize(
    "form",
    [
        '<meta charset="{}">',
        "<META CHARSET={}>",
        '<meta http-equiv="Content-Type" content="text/html; charset={}">',
        "<meta content='text/html;charset={}' http-equiv=content-type />",
    ],
)
def test_the_page_declares_it(language: str, label: str, codec: str, form: str) -> None:
    """Both forms of <meta> are believed, whatever their case, quotes and order."""
    text = TEXTS[language]
    assert text in decode(page(text, form.format(label)).encode(codec), "text/html")


@pytest.mark.parametrize(("language", "label", "codec"), CHARSETS)
def test_the_header_declares_it(language: str, label: str, codec: str) -> None:
    """The header is believed, against a <meta> that cannot be right, too."""
    text = TEXTS[language]
    for declaration in ("", '<meta charset="utf-8">', '<meta charset="x-no-such">'):
        assert text in decode(page(text, declaration).encode(codec), f'text/html; charset="{label}"')


@pytest.mark.parametrize(("language", "label", "codec"), CHARSETS)
def test_an_xml_declaration(language: str, label: str, codec: str) -> None:
    """XHTML says it before everything else."""
    text = TEXTS[language]
    assert text in decode(f'<?xml version="1.0" encoding="{label}"?>{page(text)}'.encode(codec), None)


@pytest.mark.parametrize(("language", "codec"), DETECTABLE)
@pytest.mark.parametrize("claim", [None, "utf-8", "x-no-such", "punycode", "hex", "undefined", "idna", "utf-7"])
def test_nothing_true_is_declared(language: str, codec: str, claim: str | None) -> None:
    """Undeclared, said to be UTF-8, or in a charset that is none: the charset is told from the text, if it is long."""
    text = TEXTS[language]
    declaration = f'<meta charset="{claim}">' if claim else ""
    assert text in decode(page(text * 5, declaration).encode(codec), f"text/html; charset={claim}" if claim else None)


@pytest.mark.parametrize("language", sorted(TEXTS))
@pytest.mark.parametrize("claim", sorted({label for _, label, _ in CHARSETS} | {"utf-16", "punycode"}))
def test_utf_8_under_any_name(language: str, claim: str) -> None:
    """A valid UTF-8 page is one, whatever header, <meta> and XML declaration say."""
    text = TEXTS[language]
    body = f'<?xml version="1.0" encoding="{claim}"?>' + page(text, f'<meta charset="{claim}">')
    assert text in decode(body.encode(), f"text/html; charset={claim}")


@pytest.mark.parametrize(
    ("language", "codec", "claim"),
    [
        ("russian", "cp1251", "iso-8859-1"),
        ("russian", "koi8-r", "windows-1251"),
        ("russian", "cp1251", "koi8-r"),
        ("greek", "cp1253", "iso-8859-1"),
        ("chinese", "gbk", "shift_jis"),
        ("chinese", "gbk", "iso-8859-1"),
        ("japanese", "cp932", "iso-8859-1"),
        ("japanese", "euc_jp", "shift_jis"),
        ("korean", "cp949", "iso-8859-1"),
        ("thai", "cp874", "iso-8859-1"),
    ],
)
def test_a_false_claim_loses(language: str, codec: str, claim: str) -> None:
    """What the claim makes of the bytes is no language's text, so the page's own claim, then the text, decide."""
    text = TEXTS[language]
    declared = page(text, f'<meta charset="{codec}">').encode(codec)
    assert text in decode(declared, f"text/html; charset={claim}")
    assert text in decode(page(text * 5).encode(codec), f"text/html; charset={claim}")


@pytest.mark.parametrize(
    "body",
    [
        codecs.BOM_UTF8 + page(RUSSIAN).encode(),
        codecs.BOM_UTF16_LE + page(RUSSIAN).encode("utf-16-le"),
        codecs.BOM_UTF16_BE + page(RUSSIAN).encode("utf-16-be"),
        page(RUSSIAN).encode("utf-16-le"),
        page(RUSSIAN).encode("utf-16-be"),
    ],
    ids=["utf-8", "utf-16-le", "utf-16-be", "utf-16-le without a mark", "utf-16-be without a mark"],
)
def test_a_mark_decides(body: bytes) -> None:
    """Against the header, too; UTF-16 shows without one."""
    assert decode(body, "text/html; charset=windows-1251") == page(RUSSIAN)


def test_latin_1_is_windows_1252_as_in_browsers() -> None:
    """Pages that say Latin-1 mean Windows-1252: its quotation marks come through."""
    assert "“Lock”" in decode("<p>“Lock”".encode("cp1252"), "text/html; charset=iso-8859-1")


def test_one_bad_byte_does_not_cost_the_page() -> None:
    """A damaged page keeps its other words, in UTF-8 and in others."""
    for codec in ("utf-8", "cp1251", "koi8-r"):
        assert RUSSIAN in decode(page(RUSSIAN, f'<meta charset="{codec}">').encode(codec) + b"\xff\x98", None)
    cut = page(TEXTS["chinese"], '<meta charset="gbk">').encode("gbk")
    assert TEXTS["chinese"][:20] in decode(cut[: cut.rindex(b"</p>") - 1], None)


def test_a_declaration_in_a_comment_is_none() -> None:
    """Nor is one in the text of the page."""
    body = page(TEXTS["french"], '<!-- <meta charset="koi8-r"> --><meta charset="windows-1252">')
    assert TEXTS["french"] in decode(body.encode("cp1252"), None)


@pytest.mark.parametrize(
    "body",
    [
        bytes(number * 7919 & 255 for number in range(30_000)),
        b"\x89PNG\r\n\x1a\n" + b"harbour" * 100,
        b"%PDF-1.7\n" + b"harbour\n" * 100,
        gzip.compress(page(RUSSIAN).encode()),
        b"PK\x03\x04" + b"harbour" * 100,
    ],
    ids=["noise", "png", "pdf", "gzip", "zip"],
)
def test_what_is_no_text_is_refused(body: bytes) -> None:
    """By its first bytes, or by its control characters."""
    with pytest.raises(ExtractionError) as refusal:
        decode(body, "text/html; charset=utf-8")
    assert refusal.value.reason == "not-html"


@given(st.binary(max_size=500), st.none() | st.text(max_size=40) | st.sampled_from([label for _, label, _ in CHARSETS]))
def test_arbitrary_bytes_never_escape(body: bytes, content_type: str | None) -> None:
    """Any bytes under any header are text or "not-html"."""
    for document in (body, b"<meta charset=" + body, page("x").encode() + body):
        try:
            assert isinstance(decode(document, content_type), str)
        except ExtractionError as error:
            assert error.reason == "not-html"


@given(st.text(max_size=300), st.sampled_from(CHARSETS))
def test_what_a_charset_can_write_it_can_read(text: str, row: tuple[str, str, str]) -> None:
    """A declared page comes back as it was written, if its own language is most of it."""
    language, label, codec = row
    whole = page(TEXTS[language] * 3 + "".join(filter(str.isprintable, text)), f'<meta charset="{label}">')
    written = whole.encode(codec, "xmlcharrefreplace")
    assert TEXTS[language] in decode(written, None)
