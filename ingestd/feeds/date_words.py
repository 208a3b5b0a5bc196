"""The words of dates: months of some eighty languages, halves of the day, other calendars.

Names stand here as people write them; `dates` compares them without accents and case. A month is given by
each of its forms in order of the year, forms of one month joined by "|" (nominative, genitive, those that no
abbreviation leads to); abbreviations are beginnings and need no form of their own. "_" stands for a blank.
"""

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from functools import cache

# Three letters tell months apart in nearly every language; fewer are names of other things.
SHORTEST_BEGINNING = 3

# Where two languages mean two months by one beginning, the one that stands first here is read when the feed
# declares no language: it has more publishers.
_LANGUAGES = {
    "en": "january february march april may june july august september|sept october november december",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre|setiembre octubre noviembre "
    "diciembre",
    "de": "januar|jänner februar|feber märz|maerz april mai juni juli august september oktober november "
    "dezember",
    "fr": "janvier février|fevr mars avril mai juin juillet|juil août|aout septembre octobre novembre "
    "décembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "ru": "январь|января февраль|февраля март|марта апрель|апреля май|мая июнь|июня июль|июля "
    "август|августа сентябрь|сентября|сент октябрь|октября ноябрь|ноября декабрь|декабря",
    "pl": "styczeń|stycznia luty|lutego marzec|marca kwiecień|kwietnia maj|maja czerwiec|czerwca "
    "lipiec|lipca sierpień|sierpnia wrzesień|września październik|października "
    "listopad|listopada grudzień|grudnia",
    "nl": "januari februari maart|mrt april mei juni juli augustus september oktober november december",
    "uk": "січень|січня лютий|лютого березень|березня квітень|квітня травень|травня червень|червня "
    "липень|липня серпень|серпня вересень|вересня жовтень|жовтня листопад|листопада грудень|грудня",
    "cs": "leden|ledna únor|února březen|března duben|dubna květen|května červen|června červenec|července "
    "srpen|srpna září říjen|října listopad|listopadu prosinec|prosince",
    "sk": "január|januára február|februára marec|marca apríl|apríla máj|mája jún|júna júl|júla "
    "august|augusta september|septembra október|októbra november|novembra december|decembra",
    "hu": "január február március április május június július augusztus szeptember október november december",
    "ro": "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
    "bg": "януари февруари март април май юни юли август септември октомври ноември|ноем декември",
    "el": "ιανουάριος|ιανουαρίου φεβρουάριος|φεβρουαρίου μάρτιος|μαρτίου απρίλιος|απριλίου μάιος|μαΐου|μάης "
    "ιούνιος|ιουνίου|ιούν ιούλιος|ιουλίου|ιούλ αύγουστος|αυγούστου σεπτέμβριος|σεπτεμβρίου "
    "οκτώβριος|οκτωβρίου νοέμβριος|νοεμβρίου δεκέμβριος|δεκεμβρίου",
    "tr": "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "no": "januar februar mars april mai juni juli august september oktober november desember",
    "da": "januar februar marts april maj juni juli august september oktober november december",
    "fi": "tammikuu helmikuu maaliskuu huhtikuu toukokuu kesäkuu heinäkuu elokuu syyskuu lokakuu marraskuu "
    "joulukuu",
    "et": "jaanuar veebruar märts aprill mai juuni juuli august september oktoober november detsember",
    "lv": "janvāris februāris marts aprīlis|aprīlī maijs jūnijs jūlijs augusts septembris oktobris novembris "
    "decembris",
    "lt": "sausis|sausio vasaris|vasario kovas|kovo balandis|balandžio gegužė|gegužės birželis|birželio "
    "liepa|liepos rugpjūtis|rugpjūčio rugsėjis|rugsėjo spalis|spalio lapkritis|lapkričio|lapkr "
    "gruodis|gruodžio",
    "hr": "siječanj|siječnja veljača|veljače ožujak|ožujka travanj|travnja svibanj|svibnja lipanj|lipnja "
    "srpanj|srpnja kolovoz|kolovoza rujan|rujna listopad|listopada studeni|studenoga|studenog "
    "prosinac|prosinca",
    "sr": "јануар фебруар март април мај јун|јуни јул|јули август септембар октобар новембар децембар",
    "sh": "januar februar mart april maj jun|juni jul|juli avgust septembar oktobar novembar decembar",
    "sl": "januar februar marec|marca april maj junij julij avgust september oktober november december",
    "mk": "јануари февруари март април мај јуни јули август септември октомври ноември|ноем декември",
    "be": "студзень|студзеня люты|лютага сакавік|сакавіка красавік|красавіка май|мая чэрвень|чэрвеня "
    "ліпень|ліпеня жнівень|жніўня верасень|верасня кастрычнік|кастрычніка лістапад|лістапада "
    "снежань|снежня",
    "ca": "gener febrer març abril maig juny juliol agost|ag setembre octubre novembre desembre",
    "gl": "xaneiro febreiro marzo abril maio xuño xullo agosto setembro outubro novembro decembro",
    "eu": "urtarrila|urtarrilaren otsaila|otsailaren martxoa apirila|apirilaren maiatza ekaina uztaila "
    "abuztua iraila urria azaroa abendua",
    "is": "janúar febrúar mars apríl maí júní júlí ágúst september október nóvember desember",
    "sq": "janar shkurt mars prill maj qershor korrik gusht shtator tetor nëntor dhjetor",
    "mt": "jannar frar marzu april mejju ġunju lulju awwissu settembru ottubru novembru diċembru",
    "cy": "ionawr|ion chwefror|chwef mawrth ebrill mai mehefin gorffennaf|gorff awst medi hydref "
    "tachwedd|tach rhagfyr",
    "ga": "eanáir feabhra márta aibreán|aib bealtaine meitheamh iúil lúnasa|lún meán_fómhair|mfómh "
    "deireadh_fómhair|dfómh samhain nollaig",
    "af": "januarie februarie maart april mei junie julie augustus september oktober november desember",
    "id": "januari februari|pebruari maret april mei juni juli agustus|agt|ags september oktober "
    "november|nopember desember",
    "ms": "januari februari mac april mei jun julai ogos september oktober november disember",
    "fil": "enero pebrero marso abril mayo hunyo hulyo agosto setyembre oktubre nobyembre disyembre",
    "sw": "januari februari machi aprili mei juni julai agosti septemba oktoba novemba desemba",
    "az": "yanvar fevral mart aprel may iyun|iyn iyul|iyl avqust sentyabr oktyabr noyabr dekabr",
    "uz": "yanvar fevral mart aprel may iyun|iyn iyul|iyl avgust sentabr oktabr noyabr dekabr",
    "tk": "ýanwar fewral mart aprel maý iýun iýul awgust sentýabr oktýabr noýabr dekabr",
    "am": "ጃንዋሪ|ጃን ፌብሩዋሪ|ፌብ ማርች ኤፕሪል|ኤፕ ሜይ ጁን ጁላይ|ጁላ ኦገስት|ኦገ ሴፕቴምበር|ሴፕ ኦክቶበር|ኦክ ኖቬምበር|ኖቬ ዲሴምበር|ዲሴ",
    "kk": "қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан",
    "hy": "հունվար|հնվ փետրվար|փտվ մարտ|մրտ ապրիլ|ապր մայիս|մյս հունիս|հնս հուլիս|հլս օգոստոս|օգս "
    "սեպտեմբեր|սեպ հոկտեմբեր|հոկ նոյեմբեր|նոյ դեկտեմբեր|դեկ",
    "ka": "იანვარი თებერვალი მარტი აპრილი მაისი ივნისი ივლისი აგვისტო სექტემბერი ოქტომბერი "
    "ნოემბერი დეკემბერი",
    "ar": "يناير|كانون_الثاني|جانفي فبراير|شباط|فيفري مارس|آذار أبريل|إبريل|نيسان|أفريل مايو|أيار|ماي "
    "يونيو|حزيران|جوان|يونيه يوليو|تموز|جويلية|يوليه|يوليوز أغسطس|آب|أوت|غشت سبتمبر|أيلول|شتنبر "
    "أكتوبر|تشرين_الأول نوفمبر|تشرين_الثاني|نونبر ديسمبر|كانون_الأول|دجنبر",
    "fa": "ژانویه|ژانویهٔ|جنوری فوریه|فوریهٔ|فبروری مارس|مارچ آوریل|اپریل مه|مهٔ|می ژوئن|جون "
    "ژوئیه|ژوئیهٔ|جولای|جولای اوت|اگست سپتامبر|سپتمبر اکتبر|اکتوبر نوامبر|نومبر دسامبر|دسمبر",
    "ur": "جنوری فروری مارچ اپریل مئی جون جولائی اگست ستمبر اکتوبر نومبر دسمبر",
    "ps": "جنوري فبروري مارچ اپریل مۍ|می جون جولای اګست سپتمبر|سېپتمبر اکتوبر نومبر دسمبر",
    "ku": "çile|rêbendan sibat|reşemî adar|avdar avrêl|nîsan gulan hezîran|pûşper tîrmeh tebax îlon cotmeh "
    "mijdar berfanbar",
    "he": "ינואר|ינו פברואר|פבר מרץ|מרס אפריל|אפר מאי יוני יולי אוגוסט|אוג ספטמבר|ספט אוקטובר|אוק "
    "נובמבר|נוב דצמבר|דצמ",
    "hi": "जनवरी|जन॰ फ़रवरी|फरवरी|फ़र॰ मार्च अप्रैल मई जून जुलाई|जुल॰ अगस्त|अग॰ सितंबर|सितम्बर|सित॰ "
    "अक्टूबर|अक्तूबर|अक्तू॰ नवंबर|नवम्बर|नव॰ दिसंबर|दिसम्बर|दिस॰",
    "mr": "जानेवारी|जाने फेब्रुवारी|फेब्रु मार्च एप्रिल मे जून जुलै ऑगस्ट|ऑग सप्टेंबर|सप्टें ऑक्टोबर|ऑक्टो नोव्हेंबर|नोव्हें डिसेंबर|डिसें",
    "ne": "जनवरी|जनवरि फेब्रुअरी|फेब्रुवरी मार्च अप्रिल मे|मई जुन|जून जुलाई अगस्ट|अगस्त सेप्टेम्बर|सेप्टेमबर "
    "अक्टोबर नोभेम्बर|नोवेम्बर डिसेम्बर",
    "bn": "জানুয়ারি|জানুয়ারী|জানু ফেব্রুয়ারি|ফেব্রুয়ারী|ফেব মার্চ এপ্রিল মে জুন জুলাই আগস্ট|আগষ্ট|আগ "
    "সেপ্টেম্বর|সেপ অক্টোবর নভেম্বর|নভে ডিসেম্বর|ডিসে",
    "pa": "ਜਨਵਰੀ|ਜਨ ਫ਼ਰਵਰੀ|ਫਰਵਰੀ|ਫ਼ਰ ਮਾਰਚ ਅਪ੍ਰੈਲ ਮਈ ਜੂਨ ਜੁਲਾਈ|ਜੁਲਾ ਅਗਸਤ|ਅਗ ਸਤੰਬਰ|ਸਤੰ ਅਕਤੂਬਰ|ਅਕਤੂ ਨਵੰਬਰ|ਨਵੰ ਦਸੰਬਰ|ਦਸੰ",
    "gu": "જાન્યુઆરી|જાન્યુ ફેબ્રુઆરી|ફેબ્રુ માર્ચ એપ્રિલ મે જૂન જુલાઈ ઑગસ્ટ|ઓગસ્ટ|ઑગ સપ્ટેમ્બર|સપ્ટે "
    "ઑક્ટોબર|ઓક્ટોબર|ઑક્ટો નવેમ્બર|નવે ડિસેમ્બર|ડિસે",
    "ta": "ஜனவரி|ஜன பிப்ரவரி|பிப் மார்ச் ஏப்ரல்|ஏப் மே ஜூன் ஜூலை ஆகஸ்ட்|ஆக செப்டம்பர்|செப் அக்டோபர்|அக் நவம்பர்|நவ டிசம்பர்|டிச",
    "te": "జనవరి|జన ఫిబ్రవరి|ఫిబ్ర మార్చి ఏప్రిల్ మే జూన్ జులై|జూలై|జు ఆగస్టు|ఆగ సెప్టెంబర్ అక్టోబర్ నవంబర్ డిసెంబర్",
    "kn": "ಜನವರಿ|ಜನ ಫೆಬ್ರವರಿ|ಫೆಬ್ರ ಮಾರ್ಚ್ ಏಪ್ರಿಲ್ ಮೇ ಜೂನ್ ಜುಲೈ ಆಗಸ್ಟ್|ಆಗ ಸೆಪ್ಟೆಂಬರ್ ಅಕ್ಟೋಬರ್ ನವೆಂಬರ್|ನವೆಂ ಡಿಸೆಂಬರ್|ಡಿಸೆಂ",
    "ml": "ജനുവരി|ജനു ഫെബ്രുവരി|ഫെബ്രു മാർച്ച്|മാർ ഏപ്രിൽ|ഏപ്രി മേയ്|മെയ് ജൂൺ ജൂലൈ|ജൂലായ് ഓഗസ്റ്റ്|ആഗസ്റ്റ്|ഓഗ "
    "സെപ്റ്റംബർ|സെപ്റ്റം ഒക്ടോബർ|ഒക്‌ടോബർ|ഒക്ടോ നവംബർ|നവം ഡിസംബർ|ഡിസം",
    "si": "ජනවාරි|ජන පෙබරවාරි|පෙබ මාර්තු අප්‍රේල්|අප්රේල් මැයි ජූනි|ජුනි ජූලි|ජුලි අගෝස්තු|අගෝ සැප්තැම්බර්|සැප් "
    "ඔක්තෝබර්|ඔක් නොවැම්බර්|නොවැ දෙසැම්බර්|දෙසැ",
    "th": "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม",
    "lo": "ມັງກອນ ກຸມພາ ມີນາ ເມສາ ພຶດສະພາ ມິຖຸນາ ກໍລະກົດ ສິງຫາ ກັນຍາ ຕຸລາ ພະຈິກ ທັນວາ",
    "km": "មករា កុម្ភៈ មីនា មេសា ឧសភា មិថុនា កក្កដា សីហា កញ្ញា តុលា វិច្ឆិកា ធ្នូ",
    "my": "ဇန်နဝါရီ|ဇန် ဖေဖော်ဝါရီ|ဖေ မတ် ဧပြီ|ဧ မေ ဇွန် ဇူလိုင်|ဇူ ဩဂုတ်|သြဂုတ်|ဩ စက်တင်ဘာ|စက် အောက်တိုဘာ|အောက် နိုဝင်ဘာ|နို ဒီဇင်ဘာ|ဒီ",
}
# Tags that mean a language of the table.
_SAME_WORDS = {
    **{"nb": "no", "nn": "no", "bs": "sh", "cnr": "sh", "in": "id", "iw": "he", "tl": "fil", "mo": "ro"},
    **{"ckb": "ar", "prs": "fa", "fy": "nl", "lb": "de", "gsw": "de", "br": "fr", "oc": "ca"},
}
# Thai and Lao abbreviations are initials with dots, so no beginnings.
_INITIALS = (
    "ม.ค. ก.พ. มี.ค. เม.ย. พ.ค. มิ.ย. ก.ค. ส.ค. ก.ย. ต.ค. พ.ย. ธ.ค.",
    "ມ.ກ. ກ.ພ. ມ.ນ. ມ.ສ. ພ.ພ. ມິ.ຖ. ກ.ລ. ສ.ຫ. ກ.ຍ. ຕ.ລ. ພ.ຈ. ທ.ວ.",
)
# The solar calendar of Iran, from the spring equinox on; its months are in no other calendar's year.
PERSIAN_MONTHS = "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند"
VIETNAMESE_NUMBERS = "một hai ba tư năm sáu bảy tám chín mười mười_một mười_hai"

# What a year 1 of these is, less one.
ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "民國": 1911, "民国": 1911}

# By language, "" for all: before noon, and after it. Short ones are other words in other languages.
HALVES = {
    "": (
        "am πμ π.μ 오전 上午 午前 凌晨 清晨 早上 早晨 ص صباحا ق.ظ قبل‌ازظهر पूर्वाह्न முற்பகல் පෙ.ව "
        "לפנה״צ ก่อนเที่ยง ਪੂ.ਦੁ ጥዋት",
        "pm μμ μ.μ 오후 下午 午後 晚上 中午 傍晚 م مساء ب.ظ بعدازظهر अपराह्न பிற்பகல் ප.ව "
        "אחה״צ หลังเที่ยง ਬਾ.ਦੁ ከሰዓት",
    ),
    "vi": ("sa sáng", "ch chiều tối"),
    "hu": ("de", "du"),
    "tr": ("öö", "ös"),
    "sv": ("fm f.m", "em e.m"),
    "ms": ("pg", "ptg"),
    "sq": ("pd paradite", "md pasdite"),
    "cs": ("dop", "odp"),
    "he": ("בבוקר", "בערב"),
    "ur": ("ق.د", "ب.د"),
}


def bare(word: str) -> str:
    """The word as it is compared: no accents, no case, signs that are one to the eye made one."""
    decomposed = unicodedata.normalize("NFD", word.lower())
    letters = (letter for letter in decomposed if not unicodedata.combining(letter))
    return "".join(letters).translate(_ALIKE)


# Turkish i without dot, Arabic letters as Persians write them, and Greek's sigma at the end of words.
_ALIKE = str.maketrans(
    {"ı": "i", "ي": "ی", "ى": "ی", "ك": "ک", "ς": "σ", "٬": None, "\u200c": None, "ł": "l"}
)


def month(word: str, language: str) -> int | None:
    """The month that a bare word names or begins to name; `language` is a primary tag, "" if unknown."""
    own = _SAME_WORDS.get(language, language)
    if own in _LANGUAGES and (found := _named(word, _beginnings(own), _whole(own))):
        return found
    return _named(word, _anywhere(), _whole_anywhere())


def _named(word: str, beginnings: Mapping[str, int], names: Mapping[str, int]) -> int | None:
    """A month by its name, by the beginning of it, or by what begins with it, as Finnish "marraskuuta"."""
    if word in beginnings:
        return beginnings[word]
    # Hebrew joins "in" to the word.
    stems = (word, word[1:]) if word.startswith("ב") else (word,)
    lengths = range(len(word), SHORTEST_BEGINNING, -1)
    return next(
        (names[stem[:length]] for stem in stems for length in lengths if stem[:length] in names), None
    )


def halves(language: str) -> dict[str, int]:
    """Words for the halves of the day, bare and without their dots: 0 before noon, 1 after it."""
    named = (HALVES[""], HALVES.get(language, ("", "")))
    return {
        bare(word).strip("."): half
        for pair in named
        for half, words in enumerate(pair)
        for word in words.split()
    }


@cache
def _whole(language: str) -> dict[str, int]:
    """Names in full → month."""
    return {name: number for number, name in _forms(language)}


def _forms(language: str) -> Iterator[tuple[int, str]]:
    for number, names in enumerate(_LANGUAGES[language].split(), 1):
        for name in names.split("|"):
            yield number, bare(name.replace("_", " ")).rstrip("॰")


@cache
def _beginnings(language: str) -> dict[str, int]:
    """Names and those of their beginnings that no other month of the language has."""
    found: dict[str, int | None] = {}
    for number, name in _forms(language):
        for length in range(SHORTEST_BEGINNING, len(name)):
            beginning = name[:length]
            found[beginning] = number if found.get(beginning, number) == number else None
    return {beginning: number for beginning, number in found.items() if number} | _whole(language)


@cache
def _anywhere() -> dict[str, int]:
    """Names and beginnings of all languages; a whole name counts before a beginning, then the earlier."""
    return _earliest(_whole) | _earliest(_beginnings) | _earliest(_whole)


@cache
def _whole_anywhere() -> dict[str, int]:
    return _earliest(_whole)


def _earliest(table: Callable[[str], Mapping[str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for language in reversed(_LANGUAGES):
        found |= table(language)
    return found


def numbered(names: str) -> dict[str, int]:
    """Bare names → their place in the list, from 1."""
    return {bare(name.replace("_", " ")): number for number, name in enumerate(names.split(), 1)}


@cache
def phrases() -> dict[str, int]:
    """Months whose names have a blank or dots within, bare → month."""
    named = (form for language in _LANGUAGES for form in _forms(language))
    found = {name: number for number, name in named if " " in name}
    for initials in _INITIALS:
        found |= numbered(initials)
    return found
