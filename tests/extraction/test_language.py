"""The language of the text, declared or read."""

import pytest

from crawler.extraction.language import read_language
from tests.extraction.pages import linked, page

ENGLISH = (
    "The harbour board voted on Tuesday to widen the lock, and that was the end of it for the ferries in the port."
)


@pytest.mark.parametrize(
    ("declared", "text", "language"),
    [
        ("pt-BR", "A junta do porto decidiu na noite de terça-feira que não vai mais alargar a eclusa.", "pt"),
        ("en", "Совет порта решил во вторник вечером расширить северный шлюз на четыре метра для паромов.", "ru"),
        ("uk", "Рада порту вирішила у вівторок увечері розширити північний шлюз на чотири метри.", "uk"),
        ("", "Der Hafenrat hat am Dienstag beschlossen, dass die Schleuse mit dem Geld nicht von der Stadt ist.", "de"),
        ("de", ENGLISH, "en"),
        ("zu", "Ibhodi yetheku livotele ngoLwesibili kusihlwa ukwandisa isikhiya esisenyakatho.", "zu"),
        ("no", "Havnestyret vedtok og det er ikke som før at slusen på nordsiden blir bredere til våren.", "no"),
        ("", "気象庁は13日、午後9時ごろ、北港水門付近で高潮を観測したと発表した。", "ja"),
        ("", "港务局周二晚间投票决定将北船闸拓宽四米。", "zh"),
        ("", "1, 2, 3: 70-44!", None),
    ],
    ids=[
        "region",
        "script-contradicts",
        "script-agrees",
        "none",
        "contradicted",
        "not-ours",
        "near",
        "kana",
        "han",
        "digits",
    ],
)
def test_the_text_decides_where_the_declaration_fails(declared: str, text: str, language: str | None) -> None:
    """A declared language counts unless the text plainly contradicts it; without one the text decides."""
    assert read_language(page(lang=declared), text, None) == language


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ca", "El port va decidir dimarts que els vaixells són més grans i però també amb dels altres."),
        ("hr", "Lučka uprava je odlučila da se ustava proširi na četiri metra, što nije bilo za koji dan."),
        ("sk", "Rada prístavu sa v utorok rozhodla, že ako rozšíriť nie je podľa ktorý pre plavbu aj na rieke sú."),
        ("lt", "Uosto taryba antradienį nusprendė, kad šliuzas yra per siauras ir tai buvo dėl keltų, bet iš jo."),
        (
            "et",
            "Sadama nõukogu otsustas teisipäeval, et lüüs on liiga kitsas ja see oli ka mis ei sobi, kui laev tuleb.",
        ),
        ("sq", "Bordi i portit vendosi të martën që në port është një portë për anijet dhe nga kjo nuk ka më."),
        ("tl", "Ang lupon ng daungan ay nagpasya na sa mga barko ito para sa hindi at kung siya niya."),
        ("cy", "Mae bwrdd y porthladd wedi bod yn gan ei fod ac oedd ar gyda yr llongau."),
        ("az", "Liman idarəsi qərar verib ki, bu qapı gəmilər üçün və daha böyük olan bir yol ilə də edir."),
    ],
)
def test_smaller_languages_are_told_apart(language: str, text: str) -> None:
    """By their own function words, undeclared."""
    assert read_language(page(lang=""), text, None) == language


def test_the_articles_own_claim_comes_before_the_templates() -> None:
    """JSON-LD says more of the article than <html lang>."""
    assert read_language(page(linked(headline="x", inLanguage="zu"), lang="xh"), "Ibhodi yetheku", None) == "zu"


@pytest.mark.parametrize("declared", ["", "en", "own", "ru", "ar", "hi"])
@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "uk",
            "Рада порту вирішила у вівторок увечері розширити північний шлюз на чотири метри. "
            "Роботи почнуться навесні, і жоден член ради не проголосував проти цього рішення.",
        ),
        (
            "ru",
            "Совет порта решил во вторник вечером расширить северный шлюз на четыре метра для "
            "паромов. Работы начнутся весной, и ни один член совета не выступил против этого решения.",
        ),
        (
            "be",
            "Рада порта вырашыла ў аўторак увечары пашырыць паўночны шлюз на чатыры "
            "метры. Работы пачнуцца вясной, і ніхто з членаў рады не выступіў супраць.",
        ),
        (
            "bg",
            "Съветът на пристанището реши във вторник вечерта да разшири северния шлюз с четири метра. "
            "Работата ще започне през пролетта и никой от членовете не се обяви против решението.",
        ),
        (
            "sr",
            "Лучка управа је у уторак увече одлучила да прошири северну уставу за четири метра. "
            "Радови ће почети на пролеће и нико од чланова није био против те одлуке.",
        ),
        (
            "mk",
            "Пристанишниот одбор во вторникот вечерта одлучи да ја прошири северната преводница за четири метри. "
            "Работите ќе почнат напролет и никој од членовите не беше против."
            " Меѓу другото, ќе се купи нова опрема за нејзините браќа.",
        ),
        (
            "kk",
            "Порт кеңесі сейсенбі күні кешке солтүстік шлюзді "
            "төрт метрге кеңейтуге шешім қабылдады. Жұмыс көктемде басталады.",
        ),
        (
            "fa",
            "شورای بندر سه‌شنبه شب تصمیم گرفت دریچه شمالی را چهار متر گسترش دهد. کارها در بهار آغاز "
            "می‌شود و هیچ یک از اعضا با این تصمیم مخالفت نکرد. گزارشگر ما می‌گوید پروژه بزرگ است.",
        ),
        (
            "ur",
            "بندرگاہ کی کونسل نے منگل کی شام شمالی دروازے کو چار میٹر چوڑا کرنے کا "
            "فیصلہ کیا۔ کام بہار میں شروع ہوگا اور کسی رکن نے اس کی مخالفت نہیں کی۔",
        ),
        (
            "ar",
            "قرر مجلس الميناء مساء الثلاثاء توسيع البوابة الشمالية أربعة أمتار للعبارات. "
            "وتبدأ الأعمال في الربيع ولم يعترض أي عضو على هذا القرار.",
        ),
        (
            "hi",
            "बंदरगाह परिषद ने मंगलवार शाम उत्तरी फाटक को चार मीटर चौड़ा करने का फैसला "
            "किया। काम वसंत में शुरू होगा और किसी सदस्य ने इसका विरोध नहीं किया।",
        ),
        (
            "mr",
            "बंदर मंडळाने मंगळवारी संध्याकाळी उत्तरेकडील दरवाजा चार मीटर रुंद करण्याचा निर्णय घेतला. "
            "काम वसंत ऋतूत सुरू होणार आहे आणि कोणत्याही सदस्याने विरोध केला नाही.",
        ),
        (
            "ne",
            "बन्दरगाह परिषद्ले मंगलबार साँझ उत्तरी ढोका चार मिटर चौडा गर्ने निर्णय गरेको छ। "
            "काम वसन्तमा सुरु हुनेछ र कुनै सदस्यले विरोध गरेका छैनन्। उनीहरूलाई खबर छ।",
        ),
    ],
)
def test_languages_of_one_script_are_told_by_their_letters(language: str, text: str, declared: str) -> None:
    """Whatever is declared: templates name the neighbour's language as readily as English."""
    tag = language if declared == "own" else declared
    assert read_language(page(lang=tag), text, None) == language


@pytest.mark.parametrize(
    ("declared", "language"),
    [("ita", "it"), ("por", "pt"), ("RUS", "ru"), ("ukr-UA", "uk"), ("nob", "no"), ("nb-NO", "no"), ("nn", "no")],
)
def test_codes_of_three_letters_and_of_norwegian(declared: str, language: str) -> None:
    """Codes have two letters, and Norwegian is one language, declared or read."""
    assert read_language(page(lang=declared), "1, 2, 3: 70-44!", None) == language
