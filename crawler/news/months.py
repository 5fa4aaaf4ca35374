"""The names of the months in 54 languages.

*Theory of operation.* A word is a month if it is a whole name, or a beginning of at least three letters ("sept",
"févr"). Whole names go before beginnings; where languages disagree the page's own language decides, else the one that
stands higher in the table. Accents do not count: half of all outlets leave them out. A table takes 2 ms to build, once,
and a look-up 0.1 µs; Babel has the names too, but neither their beginnings nor the genitives of all languages.

*Known exceptions.* "listopada" is October in Croatian, November in Polish: without a language it is November.
"""

import re
import unicodedata
from functools import lru_cache

# Language by language, lines that are indented go on; forms of one month are parted by "/".
_TABLE = """
en january february march april may june july august september october november december
de januar/jänner februar/feber märz/maerz april mai juni juli august september oktober november dezember
nl januari februari maart/mrt april mei juni juli augustus september oktober november december
da januar februar marts april maj juni juli august september oktober november december
sv januari februari mars april maj juni juli augusti september oktober november december
no januar februar mars april mai juni juli august september oktober november desember
fr janvier février mars avril mai juin juillet août septembre octobre novembre décembre
es enero febrero marzo abril mayo junio julio agosto septiembre/setiembre octubre noviembre diciembre
pt janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro
it gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
pl stycznia/styczeń lutego/luty marca/marzec kwietnia/kwiecień maja/maj czerwca/czerwiec lipca/lipiec
    sierpnia/sierpień września/wrzesień października/październik listopada/listopad grudnia/grudzień
tr ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık
ru января/январь февраля/февраль марта/март апреля/апрель мая/май июня/июнь июля/июль августа/август
    сентября/сентябрь октября/октябрь ноября/ноябрь декабря/декабрь
uk січня/січень лютого/лютий березня/березень квітня/квітень травня/травень червня/червень липня/липень
    серпня/серпень вересня/вересень жовтня/жовтень листопада/листопад грудня/грудень
ro ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie
cs ledna/leden února/únor března/březen dubna/duben května/květen června/červen/čvn července/červenec/čvc
    srpna/srpen září října/říjen listopadu/listopad prosince/prosinec
sk januára/január februára/február marca/marec apríla/apríl mája/máj júna/jún júla/júl augusta/august
    septembra/september októbra/október novembra/november decembra/december
sl januarja/januar februarja/februar marca/marec aprila/april maja/maj junija/junij julija/julij avgusta/avgust
    septembra/september oktobra/oktober novembra/november decembra/december
hr siječnja/siječanj veljače/veljača ožujka/ožujak travnja/travanj svibnja/svibanj lipnja/lipanj srpnja/srpanj
    kolovoza/kolovoz rujna/rujan listopada/listopad studenoga/studenog/studeni prosinca/prosinac
bs januara/januar februara/februar marta/mart aprila/april maja/maj juna/jun/juni jula/jul/juli augusta/august
    septembra/septembar oktobra/oktobar novembra/novembar decembra/decembar
sr јануара/јануар фебруара/фебруар марта/март априла/април маја/мај јуна/јун јула/јул августа/август
    септембра/септембар октобра/октобар новембра/новембар децембра/децембар
mk јануари февруари март април мај јуни јули август септември октомври ноември декември
bg януари февруари март април май юни юли август септември октомври ноември декември
be студзеня лютага сакавіка красавіка мая чэрвеня ліпеня жніўня верасня кастрычніка лістапада снежня
el ιανουαρίου/ιανουάριος φεβρουαρίου/φεβρουάριος μαρτίου/μάρτιος απριλίου/απρίλιος μαΐου/μάιος ιουνίου/ιούνιος
    ιουλίου/ιούλιος αυγούστου/αύγουστος σεπτεμβρίου/σεπτέμβριος οκτωβρίου/οκτώβριος νοεμβρίου/νοέμβριος
    δεκεμβρίου/δεκέμβριος
hu január február március április május június július augusztus szeptember október november december
fi tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta
    marraskuuta joulukuuta
et jaanuar veebruar märts aprill mai juuni juuli august september oktoober november detsember
lv janvāris/janvārī februāris/februārī marts/martā aprīlis/aprīlī maijs/maijā jūnijs/jūnijā jūlijs/jūlijā
    augusts/augustā septembris/septembrī oktobris/oktobrī novembris/novembrī decembris/decembrī
lt sausio vasario kovo balandžio gegužės birželio liepos rugpjūčio rugsėjo spalio lapkričio gruodžio
is janúar febrúar mars apríl maí júní júlí ágúst september október nóvember desember
ca gener febrer març abril maig juny juliol agost setembre octubre novembre desembre
gl xaneiro febreiro marzo abril maio xuño xullo agosto setembro outubro novembro decembro
sq janar shkurt mars prill maj qershor korrik gusht shtator tetor nëntor dhjetor
cy ionawr chwefror mawrth ebrill mai mehefin gorffennaf awst medi hydref tachwedd rhagfyr
mt jannar frar marzu april mejju ġunju lulju awwissu settembru ottubru novembru diċembru
az yanvar fevral mart aprel may iyun iyul avqust/avgust sentyabr/sentabr oktyabr/oktabr noyabr dekabr
ka იანვარი თებერვალი მარტი აპრილი მაისი ივნისი ივლისი აგვისტო სექტემბერი ოქტომბერი ნოემბერი დეკემბერი
hy հունվարի փետրվարի մարտի ապրիլի մայիսի հունիսի հուլիսի օգոստոսի սեպտեմբերի հոկտեմբերի նոյեմբերի դեկտեմբերի
kk қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан
ar يناير/جانفي فبراير/فيفري مارس أبريل/أفريل مايو/ماي يونيو/جوان يوليو/جويلية أغسطس/أوت سبتمبر أكتوبر نوفمبر
    ديسمبر
fa ژانویه فوریه مارس آوریل مه/می ژوئن ژوئیه/جولای اوت/آگوست سپتامبر اکتبر نوامبر دسامبر
ur جنوری فروری مارچ اپریل مئی جون جولائی اگست ستمبر اکتوبر نومبر دسمبر
he ינואר/בינואר פברואר/בפברואר מרץ/במרץ/מרס/במרס אפריל/באפריל מאי/במאי יוני/ביוני יולי/ביולי אוגוסט/באוגוסט
    ספטמבר/בספטמבר אוקטובר/באוקטובר נובמבר/בנובמבר דצמבר/בדצמבר
hi जनवरी फ़रवरी/फरवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर/सितम्बर अक्टूबर/अक्तूबर नवंबर/नवम्बर दिसंबर/दिसम्बर
bn জানুয়ারি/জানুয়ারী ফেব্রুয়ারি/ফেব্রুয়ারী মার্চ এপ্রিল মে জুন জুলাই আগস্ট সেপ্টেম্বর অক্টোবর নভেম্বর
    ডিসেম্বর
ta ஜனவரி பிப்ரவரி மார்ச் ஏப்ரல் மே ஜூன் ஜூலை ஆகஸ்ட் செப்டம்பர் அக்டோபர் நவம்பர் டிசம்பர்
te జనవరి ఫిబ్రవరి మార్చి ఏప్రిల్ మే జూన్ జులై ఆగస్టు సెప్టెంబర్ అక్టోబర్ నవంబర్ డిసెంబర్
mr जानेवारी फेब्रुवारी मार्च एप्रिल मे जून जुलै ऑगस्ट सप्टेंबर ऑक्टोबर नोव्हेंबर डिसेंबर
th มกราคม/ม.ค กุมภาพันธ์/ก.พ มีนาคม/มี.ค เมษายน/เม.ย พฤษภาคม/พ.ค มิถุนายน/มิ.ย กรกฎาคม/ก.ค สิงหาคม/ส.ค
    กันยายน/ก.ย ตุลาคม/ต.ค พฤศจิกายน/พ.ย ธันวาคม/ธ.ค
id januari februari maret april mei juni juli agustus september oktober november desember
ms januari februari mac april mei jun julai ogos september oktober november disember
sw januari februari machi aprili mei juni julai agosti septemba oktoba novemba desemba
tl enero pebrero marso abril mayo hunyo hulyo agosto setyembre oktubre nobyembre disyembre
"""
_JALALI = "فروردین/فروردين اردیبهشت/ارديبهشت خرداد تیر/تير مرداد/امرداد شهریور/شهريور مهر آبان آذر دی/دي بهمن اسفند"
_SHORTEST = 3
# Accents of Latin, Greek and Cyrillic, and the hamza and madda of Arabic. Vowel signs of other scripts are letters.
_ACCENTS = re.compile(r"[\u0300-\u036f\u0653-\u0655\u064b-\u0652]")


@lru_cache(maxsize=4000)
def month_of(word: str, language: str | None = None) -> int | None:
    """Return 1 to 12 for a month's name or its beginning, None for any other word.

    Args:
        language: two letters; its names go before those of others.
    """
    key = _plain(word)
    return (_months_in(language).get(key) if language else None) or _months_in(None).get(key)


@lru_cache(maxsize=100)
def jalali_month_of(word: str) -> int | None:
    """Return 1 to 12 for a month of the Iranian (Solar Hijri) calendar."""
    return next((number for number, names in enumerate(_forms(_JALALI), 1) if _plain(word) in names), None)


@lru_cache(maxsize=64)
def _months_in(language: str | None) -> dict[str, int]:
    months: dict[str, int] = {}
    beginnings: dict[str, int] = {}
    for name, _, line in (row.partition(" ") for row in _TABLE.strip().replace("\n    ", " ").splitlines()):
        if language in (None, name):
            own = _forms(line)
            for number, forms in enumerate(own, 1):
                for form in forms:
                    months.setdefault(form, number)
            for beginning, number in _beginnings(own).items():
                beginnings.setdefault(beginning, number)
    return beginnings | months


def _forms(line: str) -> list[list[str]]:
    return [[_plain(form) for form in column.split("/")] for column in line.split()]


def _beginnings(months: list[list[str]]) -> dict[str, int]:
    """Return the beginnings that only one month of the language has: not "jui", which is June or July."""
    found: dict[str, set[int]] = {}
    for number, forms in enumerate(months, 1):
        for form in forms:
            for length in range(_SHORTEST, len(form)):
                found.setdefault(form[:length], set()).add(number)
    return {beginning: next(iter(numbers)) for beginning, numbers in found.items() if len(numbers) == 1}


def _plain(word: str) -> str:
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", word.casefold()))
