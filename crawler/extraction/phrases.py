"""What a line says by its words: "Read more", "Photo: …", "Subscribe to our newsletter", "The views expressed here".

*Requirements.* A line of the article is never taken for one of these: a report on newsletters, a fundraiser's words, a
photographer's obituary. Phrases are therefore those by which an outlet speaks of itself and to its reader, and each
kind holds only for lines up to a length that such lines have. What stands in quotation marks, somebody else said.

*Theory of operation.* A pattern is tried only where its key stands: the first letters of one of its words. So a line
costs the same however many languages there are.

*Known exceptions.* A language that is not among these has no phrases; its boxes are told by their markup alone. An
appeal longer than `_MOST_WORDS`, or in other words than these, stays until it is learned (`repeats`).
"""

import re
from collections.abc import Iterable

from crawler.extraction.zones import Zone


def _beginning(phrases: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"\W*(?:{'|'.join(phrases)})", re.IGNORECASE)


# Links to other articles. These open a line, and the line is short or is a link.
_MORE = _beginning(
    (
        r"(?:read|see|watch|listen|learn|view|explore) (?:more|also|next|now|here|all)\b",
        r"also (?:read|see|on|watch)\b|(?:possibly )?related\b|recommended\b",
        r"more (?:on|from|about|stories|news|in)\b|must[- ]read|in case you missed",
        r"you (?:may|might|.ll) (?:also )?(?:like|love|enjoy|be interested)|don.?t miss|up next",
        r"editor.?s (?:pick|choice)|what to read next|(?:from|listen to) our podcast|(?:our )?podcast:|quiz:|poll:",
        r"(?:the )?(?:latest|top|trending) (?:news|stories|headlines)|(?:previous|next) (?:article|story|post)\b",
        r"most (?:read|popular)\b|lesen sie|lies (?:auch|hier|mehr)|lesetipp|mehr (?:zum|zu|dazu|lesen|aus|über)\b",
        r"auch interessant|weiterlesen|zum weiterlesen|das (?:k[öo]nnte|thema k[öo]nnte)|passend dazu|lust auf mehr",
        r"weitere (?:artikel|beitr|infos|informationen|themen|nachrichten)|zum thema|[àa] lire\b|voir aussi",
        r"lire (?:aussi|également|la suite)|sur le même (?:sujet|thème)|pour aller plus loin|nos autres articles",
        r"le[ae]? (?:también|además|más)|(?:te|le) puede interesar|ver (?:más|también)",
        r"más (?:información|noticias|sobre)|no te pierdas|mira también|lei[ae] (?:também|mais)",
        r"vej[ae] (?:também|mais)|saiba mais|confira (?:também|mais)|notícias relacionadas|leggi (?:anche|tutt)",
        r"ti potrebbe interessare|potrebbe(?:ro)? interessarti|approfondisci|articoli correlati",
        r"lees (?:ook|meer|verder)|meer (?:over|lezen|nieuws)|bekijk ook|l[äæ]s (?:också|mere?|även)|läs vidare",
        r"l[eæ]s (?:også|mere?)|lue (?:myös|lisää)|katso myös|(?:prze)?czytaj (?:też|także|więcej|również)",
        r"zobacz (?:też|także|również)|polecamy|więcej (?:na|o)\b|(?:pře)?čtěte (?:také|si|více)",
        r"mohlo by vás zajímat|přečtěte|čítajte|olvas(?:sa|d) (?:el|tovább)|kapcsolódó",
        r"cite(?:ș|s|ş)te (?:și|si|şi|mai)|vezi (?:și|si|şi)|pročitajte|čitajte|прочита?јте",
        r"читайте (?:также|ещ[её]|далее|по теме)|чита?йте (?:також|ще)|прочетете още|смотрите также|по теме\b",
        r"подробнее|материалы по теме|ilgili (?:haber|içerik)|ayrıca (?:oku|bakın)|devamını oku|διαβάστε",
        r"δείτε (?:επίσης|ακόμη)|baca juga|simak juga|lihat juga|xem thêm|đọc thêm|tin liên quan|อ่านเพิ่มเติม",
        r"ข่าวที่เกี่ยวข้อง|اقرأ (?:أيضا|المزيد)|شاهد (?:أيضا|ايضا)|مواضيع|بیشتر بخوانید|مطالب مرتبط",
        r"קרא(?:ו)? (?:עוד|גם)|עוד בנושא|यह भी पढ़ें|ये भी पढ़ें|関連|あわせて読|こちらも",
        r"相关(?:新闻|阅读|报道|链接)|延伸阅读|相關|延伸閱讀|관련 ?(?:기사|뉴스)|함께 ?보면",
    )
)
# Of a picture: these open a line, or close it in brackets.
_SOURCES = (
    r"photo(?:graph)?s?|image|picture|pic|fotos?|bild(?:er)?|symbolbild|archivbild|imagen|imagem|immagine|fotografía|"
    r"crédit(?:os?)?|credits?|quelle|bildquelle|source|grafik|illustration|video|afbeelding|kuva|kép|zdjęcie|fot\.|фото|"
    r"зображення|görsel|fotoğraf|φωτογραφία|צילום|الصورة|تصوير|عکس|写真|図|图(?:源|片)?|圖|사진|ảnh|ภาพ"
)
_AGENCIES = r"getty|ap photo|shutterstock|pixabay|unsplash|pexels|istock"
_CREDIT = re.compile(rf"\W*(?:(?:{_SOURCES})\s*(?:[:：©|]|[/-]\s|(?<=\s)[/-]|courtesy)|©|\(c\)\s)", re.IGNORECASE)
_CREDIT_OF = re.compile(rf"\W*(?:{_SOURCES})\s*(?:by|von)\b", re.IGNORECASE)  # "Video by ..." may open a sentence
_CREDIT_LAST = re.compile(
    rf"(?:[(\[|]\s*(?:(?:{_SOURCES})\s*[:：|©/-]|(?:{_AGENCIES})\b)[^)\]]{{0,80}}[)\]]?|\s\w{{2,4}}\s?摄)\W*$",
    re.IGNORECASE,
)
_ADVERTISEMENT = re.compile(
    r"\W*(?:"
    r"advertisements?|advertising|anzeige|werbung|publicidad|publicité|pubblicità|publicidade|reklam[ae]?|"
    r"annonse|annons|реклама|реклам|διαφήμιση|iklan|quảng cáo|โฆษณา|إعلان|اعلان|פרסומת|広告|广告|廣告|광고|"
    r"sponsored(?: content)?|paid content|continue reading below|story continues below(?: advertisement)?|"
    r"scroll to continue(?: with content)?|article continues (?:below|after) (?:this ad|advertisement)|"
    r"patrocinado|gesponsert"
    r")\W*",
    re.IGNORECASE,
)

# To the reader, about the outlet. Each: its keys, which are the first five letters of words (all of a shorter word),
# and the pattern, in lower case.
_S = r"(?:^|[.!?:–—…]\W+)\W*(?:please |just |simply |now,? |so,? |bitte )?"  # a sentence begins
_OUR = r"(?:our|us)"
_Phrases = tuple[tuple[str, str], ...]
_APPEALS: _Phrases = (
    # English
    ("newsl", rf"\b{_OUR} (?:\S+ ){{0,3}}newsletter"),
    ("newsl", rf"{_S}(?:sign up|subscribe|register|join|get|receive)\b.*\bnewsletter"),
    ("newsl", r"^.{0,40}\bnewsletter\W*$|\bthis (?:article|story) .{0,30}\bour\b.{0,20}\bnewsletter"),
    ("newsl", r"\bnewsletter.{0,40}\byour\b"),
    ("subsc", rf"{_S}subscribe (?:now|today|here|for (?:more|just|only|free)|(?:for|to) (?:our|us|my|the|free)\b)"),
    ("subsc", r"\balready a (?:subscriber|member)\?|\bsubscribe to (?:our|my)\b|^\W*(?:\w+ ){0,3}subscribers only\b"),
    ("sign", rf"{_S}sign up (?:now|today|here|for free|for (?:our|my|the)|to (?:our|get|receive|stay|the))\b"),
    ("sign", rf"\bsign up (?:for|to) {_OUR}\b|{_S}(?:log|sign) in to (?:continue|read|comment|your account)\b"),
    ("log", rf"{_S}log in to (?:continue|read|comment|your account)\b"),
    ("inbox", r"\b(?:your|directly to your)\b.{0,30}\binbox"),
    (
        "follo",
        rf"{_S}(?:you can )?follow (?:us|[@\w]+(?: \w+)?) on (?:\w+ )?(?:social|facebook|twitter|x\b|instagram|google)",
    ),
    ("follo", rf"\bfollow us\b|{_S}follow .{{0,40}}\bon (?:linkedin|youtube|tiktok|bluesky|threads|telegram|whatsapp)"),
    ("teleg whats", rf"{_S}(?:join|follow|subscribe)\b.{{0,60}}\b(?:telegram|whatsapp)"),
    ("teleg whats", rf"\b{_OUR} (?:telegram|whatsapp)\b"),
    ("donat", rf"{_S}(?:consider (?:a |making a )?)?donat(?:e|ing|ion)\b(?! to the)"),
    ("donat", r"\bplease (?:\w+ ){0,4}(?:a )?(?:\w+ )?donat"),
    ("donat", rf"\bdonate (?:now|today|to {_OUR})\b|\bconsider (?:a|making a) (?:small )?donation"),
    ("contr", rf"{_S}(?:make|consider making|consider) a (?:small |one-off |monthly )?contribution"),
    ("suppo", rf"\bplease (?:\w+ ){{0,2}}support (?:{_OUR}|the|this|independent|local)\b"),
    ("suppo", rf"\bconsider supporting (?:{_OUR}|the)\b"),
    (
        "suppo",
        rf"{_S}support(?:ing)? (?:{_OUR}|independent|local|quality) (?:\w+ )?(?:journalis|report|work|newsroom|media)",
    ),
    ("reade", r"\breaders like you\b"),
    ("reade", r"\b(?:are|is) (?:reader-(?:funded|supported)|(?:funded|paid for|supported) by (?:our )?readers)\b"),
    ("membe", r"\b(?:is|are) (?:paid for|funded|supported) by (?:our |[\d,.]+ |you|its )(?:members|readers)?"),
    ("membe", r"\bour members?(?:hip)?\b.{0,40}\b(?:join|today|now)"),
    ("journ", r"\b(?:help|fund|support|power) (?:us|our journalism)|\bour journalism (?:relies|depends|is free)"),
    ("becom", rf"{_S}become a (?:member|subscriber|supporter|patron)\b"),
    ("join", rf"{_S}join (?:us|them|our|[\d,.]+ (?:others|readers|subscribers|members))\b"),
    ("app", rf"{_S}(?:download|get) (?:our|the (?:new|free)) (?:\w+ ){{0,3}}app\b"),
    ("accou", rf"{_S}create (?:an|a free|your free) account"),
    ("conti", r"\bto continue reading\W*(?:$|,|this|the (?:article|story)|subscribe|log|sign|create)"),
    ("cooki", r"\b(?:we|this site|our site|our partners)\b.{0,40}\b(?:use[sd]?|store|set)\b.{0,20}\bcookies?\b"),
    ("cooki", rf"{_S}(?:accept|manage|allow) (?:all )?cookies|\bcookies? (?:policy|settings|preferences)\b.{{0,20}}$"),
    ("cooki", r"\byou(?:r| agree).{0,40}cookies"),
    ("priva", r"\b(?:you agree|you accept)\b|\bprivacy policy (?:and terms|apply)"),
    ("think", r"\btell us what you think"),
    ("comme", rf"\bcomments below\b|{_S}(?:let us know|tell us|share your|leave (?:us )?a)\b.{{0,60}}\bcomments?\b"),
    ("lette", r"^\W*do you have an opinion on\b|\bletters (?:of up to|to the editor) .{0,60}\b(?:sent|be considered)"),
    ("artic", rf"\bdid you (?:like|enjoy) this|{_S}(?:share|print|comment on|rate) this article"),
    ("artic", r"\b(?:love|like|enjoy)\w* what you.re reading"),
    ("repub", r"^\W*republish this|\b(?:free to|you may|can) republish\b.{0,80}\b(?:licen[cs]e|us|our)\b"),
    ("repub", r"\bour work is free to republish"),
    ("you", r"\b(?:love|like|enjoy)\w* what you.re reading"),
    # German
    ("newsl", r"\b(?:den|kostenlose\w*) (?:\S+ ){0,2}newsletter.{0,30}\b(?:abonnieren|bestellen|anmelden)"),
    ("newsl", r"\b(?:unser|mein)\w* (?:\S+ ){0,2}newsletter"),
    ("newsl", rf"{_S}(?:abonnier\w*|bestell\w*|jetzt|melden? (?:sie )?(?:sich|dich)?)\b.*\bnewsletter"),
    ("postf", r"\b(?:ihr|dein|direkt)\w*\b.{0,30}\bpostfach"),
    ("folge", r"\bfolge(?:n sie|t)? uns\b"),
    ("abonn", r"\b(?:jetzt|bereits)\W?\s?abonn|\babonnieren sie (?:jetzt|unser|den|kostenlos)|\babonnez-vous"),
    ("abonn", r"\bdéjà abonn|\bje m.abonn"),
    ("spend", r"\b(?:mit (?:ihrer|deiner)|ihre|deine) (?:\w+ )?spende\b|\b(?:jetzt|bitte) spenden\b\W*$"),
    ("unter", r"\bunterstützen? sie (?:uns|unsere)|\bunterstütze (?:uns|unsere)\b"),
    ("verpa versä", r"\b(?:nichts|keine?)\b.{0,30}\b(?:verpassen|versäumen)\b\s*(?:$|[.:!?])"),
    ("anmel", r"\bjetzt (?:kostenlos )?anmelden"),
    ("inhal", r"\b(?:empfohlener|externe\w?) (?:redaktioneller |externer )?inhalt|\binhalte? angezeigt"),
    ("cooki", r"\b(?:wir|diese (?:seite|website))\b.{0,30}\b(?:verwende|nutz|setz)\w*.{0,30}\bcookies"),
    ("artik", r"^\W*(?:diesen artikel (?:teilen|drucken)|hat ihnen dieser|artikel teilen)"),
    # French
    ("inscr abonn", rf"{_S}(?:inscrivez|abonnez)-vous\b|\bje m.(?:inscris|abonne)\b"),
    ("newsl", r"\b(?:notre|nos) newsletter"),
    ("suive", r"\bsuivez[- ](?:nous|notre|l.actu)"),
    ("soute faite", r"\bsoutenez(?:-nous| notre)|\bfaites un don\b"),
    ("téléc", rf"{_S}téléchargez (?:notre|l.appli)"),
    ("cooki", r"\b(?:nous|ce site)\b.{0,40}\butilis\w+\b.{0,30}\bcookies"),
    # Spanish
    ("suscr", rf"{_S}suscr[ií]b(?:e|a|ete|ase)\b.{{0,40}}\b(?:a|aquí|nuestr\w+|ahora)\b|\b¿?ya eres suscriptor"),
    ("bolet newsl", r"\bnuestr[oa] (?:boletín|newsletter)"),
    ("bolet newsl", r"^\W*(?:recib[ae]|regístrate|apúntate)\b.*\b(?:boletín|newsletter)"),
    ("corre", rf"{_S}rec[ií]b[ae]\b.{{0,80}}\ben (?:tu|su) (?:correo|bandeja)"),
    ("sígue sigue únete", rf"\bsíguenos\b|{_S}(?:únete|sigue)\b.{{0,50}}\b(?:nuestro canal|telegram|whatsapp)"),
    ("sígue sigue únete", r"\b(?:nuestro|tenemos) canal de\b"),
    ("apoya dona", rf"{_S}(?:apoya|dona)\b.{{0,20}}\b(?:nuestro|el periodismo|a nuestro|ahora|aquí)"),
    ("desca", rf"{_S}descarga (?:nuestra|la) (?:\w+ )?app"),
    ("cooki", r"\b(?:utilizamos|usamos|este sitio)\b.{0,30}\bcookies"),
    ("apues", r"^\W*apuestas\b\W+"),
    # Portuguese
    ("assin", rf"{_S}assine (?:já|agora|o|a|nossa)\b|\bjá é assinante"),
    ("inscr receb", rf"{_S}(?:inscreva-se|receba)\b.{{0,60}}\b(?:newsletter|e-mail|canal|notícias)"),
    ("siga", rf"{_S}siga(?:-nos| o| a)\b.{{0,50}}\b(?:whatsapp|telegram|instagram|google|redes)|\bsiga-nos\b"),
    ("apoie ajude", r"\bapoie (?:o|nosso|a)\b.{0,20}\bjornalismo|\bvocê ajuda a (?:pagar|manter)"),
    ("jorna", r"\bjornalismo (?:local |independente )?precisa de (?:você|ti)"),
    ("cooki", r"\b(?:utilizamos|usamos|este site)\b.{0,30}\bcookies"),
    # Italian
    ("iscri", rf"{_S}iscriv(?:iti|etevi)\b"),
    ("segui", rf"{_S}seguici\b"),
    ("soste dona", rf"\bsostieni(?:ci| il nostro)|{_S}dona ora\b"),
    ("abbon", rf"{_S}abbonati (?:ora|subito|a|per|e)\b"),
    ("cooki", r"\b(?:questo sito|utilizziamo)\b.{0,30}\bcookie"),
    # Dutch
    ("nieuw", rf"\bonze (?:\w+ )?nieuwsbrief|{_S}(?:meld je|schrijf je|ontvang|abonneer)\b.*\bnieuwsbrief"),
    ("volg steun", r"\bvolg ons\b|\bsteun ons\b"),
    ("word", rf"{_S}word (?:dan |nu |ook )?(?:lid|abonnee|donateur)\b"),
    ("cooki", r"\b(?:wij|deze (?:site|website))\b.{0,30}\bgebruik\w*\b.{0,30}\bcookies"),
    # Swedish, Danish, Norwegian, Finnish
    ("nyhet nyhed", r"\b(?:vårt|vores|vårt) (?:\w+ )?nyh[ae]|\bvårt nyhetsbrev"),
    (
        "nyhet nyhed",
        rf"{_S}(?:prenumerera|anmäl dig|tilmeld dig|meld deg)\b.*\bnyhe[td]|{_S}få\b.*\bnyh(?:ets|eds)brev",
    ),
    ("prenu tilme", rf"{_S}(?:prenumerera|tilmeld dig)\b"),
    ("hent", rf"{_S}hent (?:vores|\w+s) app\b"),
    ("følg följ støtt stött", rf"{_S}(?:følg|följ) (?:oss|os)\b|{_S}(?:støtt|stött|støt) (?:oss|os|vår|vores)\b"),
    ("uutis tilaa", rf"{_S}tilaa\b.*\b(?:uutiskirje|lehti)|\buutiskirjeemme"),
    ("sähkö", r"\bsähköpostiisi\b"),
    # Polish, Czech, Slovak, Hungarian, Romanian, Croatian, Serbian
    ("zapis subsk prenu", rf"{_S}(?:zapisz się|subskrybuj|zaprenumeruj)\b|\bzapraszamy\b.{{0,20}}\bsubskrypcji"),
    ("wespr", rf"{_S}wesprzyj\b"),
    ("obser", rf"{_S}obserwuj nas\b"),
    ("přihl odebí", rf"{_S}(?:přihlaste se|odebírejte)\b.{{0,60}}\b(?:newsletter|odběr|zprávy)"),
    ("podpo", rf"{_S}podpořte (?:nás|naši|nezávislou)\b|{_S}podporte (?:nás|našu)\b"),
    ("předp", r"\bdíky [\d .]*předplatitel|\bstaňte se předplatitel"),
    ("iratk", rf"{_S}(?:iratkozz|iratkozzon) fel\b|\bhírlevelünk"),
    ("támog", rf"{_S}támogass(?:a)?\b.{{0,30}}\b(?:munkánkat|minket|lapunkat)"),
    ("abone abonea", rf"{_S}abonează-te\b|\bbuletinul nostru"),
    ("prija pretp", rf"{_S}(?:prijavite se|pretplatite se)\b.{{0,60}}\b(?:newsletter|na)"),
    # Russian, Ukrainian, Bulgarian
    ("подпи", rf"{_S}подпи(?:сывайтесь|шитесь|сывайся)\b|\bподписывайтесь на (?:нас|наш)"),
    ("рассы", r"\bнаш\w* (?:\w+ )?рассылк"),
    ("подде", rf"{_S}поддержите (?:нас|наш|редакц|независим)"),
    ("підпи підтр", rf"{_S}(?:підпи(?:суйтесь|шіться)|підтримайте (?:нас|наш))\b"),
    ("телег", r"\bнаш\w* (?:\w+[- ])?(?:телеграм|telegram)"),
    ("абони", rf"{_S}абонирайте се\b"),
    # Greek, Turkish
    ("εγγρα ακολο", rf"{_S}(?:εγγραφείτε|ακολουθήστε)\b.{{0,60}}\b(?:newsletter|μας|google)"),
    ("abone", rf"{_S}(?:\w+ )?(?:bültenimize|kanalımıza).{{0,20}}abone ol|\babone olun\b"),
    ("takip", r"\bbizi takip edin"),
    # Arabic, Persian, Hebrew, Hindi
    ("اشترك", r"(?:^|[.!؟]\s*)اشترك(?:وا)? (?:في|الآن|معنا)"),
    ("تابعو تابعن", r"تابعونا|تابعنا على"),
    ("مشترک", r"مشترک (?:خبرنامه|شوید)"),
    ("הירשמ הצטרפ הרשמו", r"(?:הירשמו|הרשמו|הצטרפו) (?:ל|אל)"),
    ("בתרומ לתרומ נהנתם", r"בתרומה (?:קטנה|חודשית)|נהנתם מהכתבה"),
    ("सब्सक हमारे", r"सब्सक्राइब करें|हमारे (?:चैनल|न्यूज़लेटर)"),
    # Indonesian, Vietnamese, Korean
    ("dapat ikuti", rf"{_S}(?:dapatkan|ikuti)\b.{{0,80}}\b(?:saluran|kanal|whatsapp|telegram|redaksi|kami)\b"),
    ("berla", rf"{_S}berlangganan\b"),
    ("đăng", r"\bđăng ký (?:nhận|ngay|theo dõi)"),
    ("후원으로 후원해 구독해 구독하기", r"후원(?:으로 .*함께|해 ?주세요)|구독(?:하기|해 ?주세요)"),
)
_DISCLAIMERS: _Phrases = (
    ("discl", r"^\W*(?:\w+ )?(?:disclaimer\W|disclosure\s*[:—–-])"),
    ("edito", r"^\W*editor.s note"),
    ("views", r"\bviews(?: and opinions)? (?:expressed|are (?:those|solely|(?:his|her|their) own))"),
    ("views", r"\bviews,? (?:policy|position)"),
    ("opini", r"\bopinions (?:expressed (?:in|here|by)|are (?:those|solely))"),
    ("opini", r"\breflect the (?:official )?(?:views|opinions)"),
    ("views", r"\breflect the (?:official )?views"),
    (
        "publi",
        r"\bthis (?:story|article|post|piece|column|interview|text) (?:was|is|has been) (?:\w+ )?(?:re-?)?published",
    ),
    ("publi", r"\bmay not be (?:re)?published|^\W*(?:(?:was )?(?:first|originally) )published\b"),
    ("publi", r"\b(?:this|was) (?:\w+ )?originally published (?:by|on|in|at)\b"),
    ("publi", r"^\W*\w+ (?:story|article|post|piece|version) (?:was|were) (?:first|originally) published"),
    ("appea", r"\bthis (?:story|article|post|piece|column|essay) (?:first|originally) appeared\b"),
    ("appea", r"\bthe post .{5,200} appeared first on"),
    ("appea", r"^\W*(?:first|originally) appeared (?:on|in|at)\b"),
    ("syndi", r"\b(?:this|story|article|been|was) (?:\w+ )?syndicated"),
    ("right", r"\ball rights reserved\b"),
    ("copyr", r"^\W*copyright (?:©|\(c\)|\d{4})"),
    ("affil", r"\bcontains? (?:\w+ )?affiliate|\baffiliate[- ]links?\b.{0,80}\b(?:enthalten|markiert|gekennzeichnet)"),
    ("affil", r"\baffiliate\b.{0,60}\bcommission"),
    ("commi earn", r"\b(?:we|site|our\w*|us) may (?:\w+ ){0,2}(?:earn|receive) (?:a|an)\b"),
    ("respo", r"\bis not responsible for (?:the )?(?:content|opinions|external)"),
    ("haftu", r"^\W*haftungsausschluss"),
    ("recht", r"\balle rechte vorbehalten\b"),
    ("enthä", r"\b(?:artikel|beitrag|text) enthält (?:\w+ )?werb"),
    ("ersch", r"\b(?:artikel|beitrag|text|interview|hier|ist|wurde)\b.{0,60}\bzuerst erschienen\b"),
    ("meinu", r"\b(?:geäußerten|dargestellten) meinungen|\bmeinungen (?:der|des) (?:autor|verfasser)"),
    ("meinu", r"\bgeben .{0,30}\bmeinung des (?:autors|verfassers)"),
    ("droit", r"\btous droits réservés"),
    ("aviso", r"^\W*aviso legal"),
    ("derec direi", r"\btodos (?:los|os) (?:derechos|direitos) reservados"),
    ("opini", r"\bopini(?:ones|ões) (?:expresad|vertid|expressas)"),
    ("dirit", r"\bdiritti riservati"),
    ("rechte", r"\balle rechten voorbehouden"),
    ("prawa", r"\bprawa zastrzeżone"),
    ("práva", r"\bpráva vyhrazena"),
    ("права", r"\b(?:все )?права защищены|\bусі права захищені"),
    ("мнени", r"\bмнение (?:редакции|автора) (?:может|не)"),
    ("bilde", r"\bbilder får användas fritt"),
    ("حقوق", r"حقوق (?:النشر )?محفوظة|حقوق .{0,40}محفوظ"),
    ("بازنش", r"بازنشر .{0,60}(?:لزوم|دیدگاه)"),
    ("זכויו", r"כל הזכויות שמורות"),
    ("무단전재 무단", r"무단 ?전재"),
)
# Thai, Chinese, Japanese part no words: any of these may stand in the line.
_UNPARTED = {
    Zone.APPEAL: re.compile(
        r"กดติดตาม|สมัครสมาชิก(?:วันนี้|เลย)|関注我们|关注我们|扫码关注|会員登録(?:する|は)|会員になると|ご登録ください|ご利用いただけます"
    ),
    Zone.DISCLAIMER: re.compile(
        r"สงวนลิขสิทธิ์|版权声明|版权所有(?!者|人)|不代表本[网站报]|未经授权.{0,6}(?:不得|禁止|严禁)|責任編輯|责任编辑|無断転載|禁無断"
    ),
}
_SENTENCE_WORDS = 12
_MOST_WORDS = {Zone.APPEAL: 60, Zone.DISCLAIMER: 80, Zone.CAPTION: 40, Zone.RELATED: 30}
_OPENINGS = "\"'’(«“„¡¿"  # a word begins after these, too
_QUOTED = re.compile(r"“[^”]*”|„[^“”]*[“”]|«[^»]*»|»[^«]*«|\"[^\"]*\"|「[^」]*」|‘[^’]*’(?!\w)")


def _by_key() -> dict[str, list[tuple[Zone, re.Pattern[str]]]]:
    found: dict[str, list[tuple[Zone, re.Pattern[str]]]] = {}
    for zone, phrases in ((Zone.APPEAL, _APPEALS), (Zone.DISCLAIMER, _DISCLAIMERS)):
        for keys, pattern in phrases:
            compiled = re.compile(pattern)
            for key in keys.split():
                found.setdefault(key[:5], []).append((zone, compiled))
    return found


_PHRASES = _by_key()
_KEYS = frozenset(_PHRASES)


def zone_of_line(text: str, words: int, linked: float) -> Zone | None:
    """Return what a line is by its words, None if it may be the article's.

    Args:
        words: how many it has.
        linked: the share of it that is links, 0 to 1.
    """
    if words <= 6 and _ADVERTISEMENT.fullmatch(text):
        return Zone.ADVERTISEMENT
    if words <= _MOST_WORDS[Zone.RELATED] and _MORE.match(text) and (words <= 6 or linked > 0.3 or text.endswith(":")):
        return Zone.RELATED
    if words <= _MOST_WORDS[Zone.CAPTION] and (_CREDIT.match(text) or _CREDIT_LAST.search(text)):
        return Zone.CAPTION
    if words < _SENTENCE_WORDS and _CREDIT_OF.match(text):
        return Zone.CAPTION
    return _zone_of_phrases(text, words) if words <= _MOST_WORDS[Zone.DISCLAIMER] else None


def _zone_of_phrases(text: str, words: int) -> Zone | None:
    lower = spaced = text.lower()
    for mark in _OPENINGS:
        spaced = spaced.replace(mark, " ")
    for key in _KEYS.intersection([word[:5] for word in spaced.split()]):
        for zone, pattern in _PHRASES[key]:
            if words <= _MOST_WORDS[zone] and pattern.search(lower) and pattern.search(_QUOTED.sub(" ", lower)):
                return zone
    if text.isascii():
        return None
    return next((zone for zone, pattern in _UNPARTED.items() if pattern.search(text)), None)
