"""The same small story in many scripts: right to left, without spaces between words, in charsets of old.

Its sentences are plain on purpose; nobody need know a language to see whether every letter came through.
"""

from dataclasses import dataclass

from .pages import NEIGHBOURS, TEASERS


@dataclass(frozen=True)
class Writing:
    """The story in one language."""

    # BCP 47.
    language: str
    title: str
    paragraphs: tuple[str, ...]
    right_to_left: bool = False


ARABIC = Writing(
    "ar",
    "ميناء أورين يغلق أبوابه حتى الربيع",
    (
        "قالت رئيسة بلدية أورين يوم الجمعة إن الميناء سيبقى مغلقا أمام السفن حتى يذوب الجليد، وإن الصيادين "
        "سيحصلون على تعويض عن الأيام التي لا يستطيعون فيها الخروج إلى البحر.",
        "وأضافت أن المنارة القديمة ستضاء كل ليلة كما كانت منذ عام 1874، وأن فريقا من المهندسين يفحص الرصيف "
        "الشرقي بعد العاصفة التي ضربت الساحل في الأسبوع الماضي.",
        "ويعيش في المدينة نحو أربعة آلاف شخص، يعمل معظمهم في صيد السمك وفي مصنع الشباك الصغير الذي يقع خلف "
        "السوق القديم قرب المدرسة.",
    ),
    right_to_left=True,
)
PERSIAN = Writing(
    "fa",
    "بندر اورین تا بهار بسته می‌ماند",
    (
        "شهردار اورین روز جمعه گفت که بندر تا آب شدن یخ‌ها بسته می‌ماند و شرکت Harbour Post Ltd (HPL) خسارت "
        "ماهیگیران را بر اساس قرارداد A-17/2024 پرداخت خواهد کرد.",
        "او در نشانی www.orin.example نوشت که فانوس دریایی هر شب روشن می‌شود و گروهی از مهندسان، اس"
        "کلهٔ شرقی را "
        "پس از توفان هفتهٔ گذشته با دستگاه Sonar 3D بررسی می‌کنند.",
        "نزدیک به چهار هزار نفر در این شهر زندگی می‌کنند که بیشتر آن‌ها ماهیگیر هستند یا در کارگاه "
        "کوچک تور‌بافی "
        "پشت بازار قدیمی کار می‌کنند.",
    ),
    right_to_left=True,
)
HEBREW = Writing(
    "he",
    "נמל אורין יישאר סגור עד האביב",
    (
        "ראש העיר אורין אמרה ביום שישי כי הנמל יישאר סגור לספינות עד שהקרח יימס, וכי הדייגים יקבלו פיצוי על "
        "הימים שבהם לא יוכלו לצאת אל הים הפתוח.",
        "היא הוסיפה כי המגדלור הישן יואר בכל לילה כפי שהואר מאז שנת 1874, וכי צוות מהנדסים בודק את "
        "הרציף המזרחי "
        "לאחר הסערה שפקדה את החוף בשבוע שעבר.",
        "בעיר גרים כארבעת אלפים איש, ורובם עובדים בדיג ובבית המלאכה הקטן לרשתות שנמצא מאחורי השוק ה"
        "ישן ליד בית "
        "הספר.",
    ),
    right_to_left=True,
)
URDU = Writing(
    "ur",
    "اورین کی بندرگاہ بہار تک بند رہے گی",
    (
        "اورین کی میئر نے جمعے کے روز کہا کہ برف پگھلنے تک بندرگاہ جہازوں کے لیے بند رہے گی اور ماہ"
        "ی گیروں کو ان "
        "دنوں کا معاوضہ دیا جائے گا جب وہ سمندر میں نہیں جا سکتے۔",
        "انہوں نے بتایا کہ پرانا مینار ہر رات روشن کیا جائے گا اور انجینئروں کی ایک ٹیم گزشتہ ہفتے "
        "کے طوفان کے بعد "
        "مشرقی گھاٹ کا معائنہ کر رہی ہے۔",
        "اس شہر میں تقریباً چار ہزار لوگ رہتے ہیں جن میں سے زیادہ تر مچھلیاں پکڑتے ہیں یا پرانے باز"
        "ار کے پیچھے جال "
        "بنانے کے کارخانے میں کام کرتے ہیں۔",
    ),
    right_to_left=True,
)
JAPANESE = Writing(
    "ja",
    "オーリン港、春まで閉鎖へ…町長が発表",
    (
        "オーリンの町長は金曜日、氷が解けるまで港を閉鎖し、海に出られない間の収入を漁師たちに補償すると発表した。"
        "港には現在、二十隻あまりの漁船が停泊している。",
        "町長によると、古い灯台は一八七四年から続くとおり毎晩ともされ、先週の嵐で傷んだ東側の桟橋は技術者たちが調べている。"
        "工事は来月にも始まる見通しだ。",
        "町にはおよそ四千人が暮らし、その多くが漁業や、学校に近い古い市場の裏にある小さな網の工場で働いている。"
        "住民からは不安の声も上がっている。",
    ),
)
CHINESE = Writing(
    "zh-Hans",
    "奥林港将关闭至明年春天",
    (
        "奥林市市长星期五表示，在冰层融化之前，港口将不对船只开放，市政府会补偿渔民在不能出海期间的损失。"
        "目前港内停泊着二十多艘渔船。",
        "她还说，老灯塔会像一八七四年以来那样每晚点亮，一个工程师小组正在检查上周风暴中受损的东码头，维修工程预计下个月开始。",
        "这座城市约有四千名居民，其中大多数人以捕鱼为生，或者在学校附近老市场后面的一家小渔网厂工作。一些居民对此表示担心。",
    ),
)
TAIWANESE = Writing(
    "zh-Hant",
    "奧林港將關閉至明年春天",
    (
        "奧林市市長星期五表示，在冰層融化之前，港口將不對船隻開放，市政府會補償漁民在不能出海期間的損失。"
        "目前港內停泊著二十多艘漁船。",
        "她還說，老燈塔會像一八七四年以來那樣每晚點亮，一個工程師小組正在檢查上週風暴中受損的東碼頭，維修工程預計下個月開始。",
        "這座城市約有四千名居民，其中大多數人以捕魚為生，或者在學校附近老市場後面的一家小漁網廠工作。一些居民對此表示擔心。",
    ),
)
KOREAN = Writing(
    "ko",
    "오린항, 봄까지 문 닫는다",
    (
        "오린 시장은 금요일 얼음이 녹을 때까지 항구를 닫고 바다에 나가지 못하는 동안 "
        "어민들이 잃은 수입을 보상하겠다고 "
        "밝혔다. 항구에는 지금 어선 스무여 척이 묶여 있다.",
        "시장은 오래된 등대를 1874년부터 그래 왔듯이 매일 밤 밝힐 것이며, 지난주 "
        "폭풍으로 부서진 동쪽 부두를 기술자들이 "
        "살펴보고 있다고 덧붙였다.",
        "이 도시에는 약 사천 명이 살며, 대부분 고기잡이를 하거나 학교 근처 옛 시장 "
        "뒤에 있는 작은 그물 공장에서 일한다.",
    ),
)
THAI = Writing(
    "th",
    "ท่าเรือโอรินปิดจนถึงฤดูใบไม้ผลิ",
    (
        "นายกเทศมนตรีเมืองโอรินกล่าวเมื่อวันศุกร์ว่าท่าเรือจะปิดจนกว่าน้ำแข็งจะละลายและชาวประมงจะได้"
        "รับเงินชดเชยสำหรับวันที่ไม่สามารถออกทะเลได้",
        "เธอกล่าวเพิ่มเติมว่าประภาคารเก่าจะเปิดไฟทุกคืนเหมือนที่เคยเป็นมาและทีมวิศวกรกำลังตรวจสอบท่"
        "าเทียบเรือด้านตะวันออกหลังพายุเมื่อสัปดาห์ที่แล้ว",
        "เมืองนี้มีประชากรประมาณสี่พันคนส่วนใหญ่ทำงานประมงหรือทำงานในโรงงานทำอวนเล็ก ๆ หลังตลาดเก่าใกล้โรงเรียน",
    ),
)
LAO = Writing(
    "lo",
    "ທ່າເຮືອໂອຣິນປິດຈົນຮອດລະດູໃບໄມ້ປົ່ງ",
    (
        "ເຈົ້າເມືອງໂອຣິນກ່າວໃນວັນສຸກວ່າທ່າເຮືອຈະປິດຈົນກວ່ານ້ຳກ້ອນຈະລະລາຍແລະຊາວປະມົງຈະໄດ້ຮັບເງິນຊົດເຊີຍສຳລັບມື້ທີ່ບໍ່ສາມາດອອກທະເລໄດ້",
        "ລາວກ່າວຕື່ມວ່າປະພາຄານເກົ່າຈະເປີດໄຟທຸກຄືນແລະທີມວິສະວະກອນກຳລັງກວດກາທ່າເຮືອດ້ານຕາເວັນອອກຫຼັງຈາກພາຍຸໃນອາທິດແລ້ວນີ້",
        "ເມືອງນີ້ມີປະຊາກອນປະມານສີ່ພັນຄົນສ່ວນໃຫຍ່ເຮັດວຽກຫາປາຫຼືເຮັດວຽກໃນໂຮງງານນ້ອຍທີ່ຢູ່ຫຼັງຕະຫຼາດເກົ່າໃກ້ໂຮງຮຽນ",
    ),
)
KHMER = Writing(
    "km",
    "កំពង់ផែអូរីនបិទរហូតដល់រដូវផ្ការីក",
    (
        "អភិបាលក្រុងអូរីនបាននិយាយនៅថ្ងៃសុក្រថាកំពង់ផែនឹងត្រូវបិទរហូតដល់ទឹកកករលាយហើយអ្នកនេសាទនឹងទទួល"
        "បានសំណងសម្រាប់ថ្ងៃដែលពួកគេមិនអាចចេញទៅសមុទ្របាន",
        "លោកស្រីបានបន្ថែមថាប៉មភ្លើងចាស់នឹងត្រូវបំភ្លឺរៀងរាល់យប់ហើយក្រុមវិស្វករកំពុងពិនិត្យផែខាងកើតបន្ទាប់ពីព្យុះកាលពីសប្តាហ៍មុន",
        "ទីក្រុងនេះមានប្រជាជនប្រហែលបួនពាន់នាក់ដែលភាគច្រើនធ្វើការនេសាទឬធ្វើការនៅក្នុងរោងចក្រតូចមួយនៅខាងក្រោយផ្សារចាស់ក្បែរសាលារៀន",
    ),
)
BURMESE = Writing(
    "my",
    "အိုရင်ဆိပ်ကမ်းကို နွေဦးအထိ ပိတ်ထားမည်",
    (
        "အိုရင်မြို့တော်ဝန်က ရေခဲများ အရည်ပျော်သည်အထိ ဆိပ်ကမ်းကို ပိတ်ထားမည်ဖြစ်ပြီး ပင်လယ်သို့ မထွ"
        "က်နိုင်သည့် နေ့ရက်များအတွက် "
        "တံငါသည်များကို လျော်ကြေးပေးမည်ဟု သောကြာနေ့တွင် ပြောကြားခဲ့သည်။",
        "မီးပြတိုက်ဟောင်းကို ညတိုင်း ထွန်းညှိမည်ဖြစ်ပြီး ပြီးခဲ့သည့်အပတ်က မုန်တိုင်းကြောင့် ပျက်စီး"
        "သွားသော အရှေ့ဘက်တံတားကို "
        "အင်ဂျင်နီယာများက စစ်ဆေးနေသည်ဟု သူမက ထပ်လောင်းပြောကြားသည်။",
        "မြို့တွင် လူလေးထောင်ခန့် နေထိုင်ပြီး အများစုမှာ ငါးဖမ်းခြင်းလုပ်ငန်း သို့မဟုတ် ကျောင်းအနီး"
        "ရှိ ဈေးဟောင်းနောက်ဘက်မှ "
        "ပိုက်စက်ရုံငယ်တွင် အလုပ်လုပ်ကြသည်။",
    ),
)
TIBETAN = Writing(
    "bo",
    "ཨོ་རིན་གྲུ་ཁ་དཔྱིད་ཀའི་བར་དུ་སྒོ་རྒྱག་རྒྱུ།",
    (
        "ཨོ་རིན་གྲོང་ཁྱེར་གྱི་གྲོང་དཔོན་གྱིས་གཟའ་པ་སངས་ཉིན་གསུངས་པར། འཁྱགས་པ་མ་བཞུ་བར་དུ་གྲུ་ཁ་སྒོ་"
        "རྒྱག་རྒྱུ་དང་ཉ་པ་རྣམས་ལ་རོགས་དངུལ་སྤྲོད་རྒྱུ་ཡིན་ཞེས་བཤད།",
        "ཁོང་གིས་ད་དུང་གསུངས་པར། གློག་སྒྲོན་མཁར་རྙིང་པ་དེ་མཚན་མོ་རེ་རེར་འོད་སྣང་འཕྲོ་རྒྱུ་དང་བཟོ་བཅོ"
        "ས་པ་ཚོས་ཤར་ཕྱོགས་ཀྱི་གྲུ་ཁ་ལ་ཞིབ་བཤེར་བྱེད་བཞིན་ཡོད།",
        "གྲོང་ཁྱེར་འདིར་མི་བཞི་སྟོང་ཙམ་གནས་ཡོད་ཅིང་། དེ་དག་ལས་མང་ཆེ་བས་ཉ་འཛིན་པའམ་ཁྲོམ་རྙིང་པའི་རྒྱ"
        "བ་ཀྱི་བཟོ་གྲྭ་ཆུང་ཆུང་ཞིག་ཏུ་ལས་ཀ་བྱེད་ཀྱི་ཡོད།",
    ),
)
HINDI = Writing(
    "hi",
    "ओरिन का बंदरगाह वसंत तक बंद रहेगा",
    (
        "ओरिन की महापौर ने शुक्रवार को कहा कि बर्फ पिघलने तक बंदरगाह जहाजों के लिए बंद रहेगा और मछु"
        "आरों को उन दिनों का "
        "मुआवजा दिया जाएगा जब वे समुद्र में नहीं जा सकते।",
        "उन्होंने बताया कि पुराना प्रकाश स्तंभ हर रात जलाया जाएगा और इंजीनियरों का एक दल पिछले सप्ता"
        "ह के तूफान के बाद पूर्वी "
        "घाट की जांच कर रहा है।",
        "शहर में लगभग चार हजार लोग रहते हैं, जिनमें से अधिकतर मछली पकड़ते हैं या पुराने बाजार के पी"
        "छे जाल बनाने के छोटे कारखाने "
        "में काम करते हैं।",
    ),
)
AMHARIC = Writing(
    "am",
    "የኦሪን ወደብ እስከ ጸደይ ድረስ ተዘግቶ ይቆያል",
    (
        "የኦሪን ከተማ ከንቲባ አርብ ዕለት እንደተናገሩት በረዶው እስኪቀልጥ ድረስ ወደቡ ለመርከቦች ዝግ ሆኖ ይቆያል፤ ዓሣ አጥማጆችም ወደ ባሕር መውጣት "
        "ለማይችሉባቸው ቀናት ካሣ ይከፈላቸዋል።",
        "አሮጌው የመብራት ግንብ በየሌሊቱ እንደሚበራና ባለፈው ሳምንት ከደረሰው ማዕበል በኋላ መሐንዲሶች የምሥራቁን መድረክ እየመረመሩ መሆኑን ከንቲባዋ ጨምረው "
        "ገልጸዋል።",
        "በከተማዋ አራት ሺህ ያህል ሰዎች የሚኖሩ ሲሆን አብዛኞቹ ዓሣ በማጥመድ ወይም ከአሮጌው ገበያ ጀርባ በሚገኘው አነስተኛ የመረብ ፋብሪካ ውስጥ ይሠራሉ።",
    ),
)
RUSSIAN = Writing(
    "ru",
    "Порт Орина закрыт до весны",
    (
        "Мэр Орина заявила в пятницу, что порт останется закрытым для судов, пока не растает лёд, а"
        " рыбаки получат "
        "возмещение за дни, когда они не могут выйти в море.",
        "Она добавила, что старый маяк будет гореть каждую ночь, как и с 1874 года, а инженеры осма"
        "тривают восточный "
        "причал после бури, которая прошла по берегу на прошлой неделе.",
        "В городе живёт около четырёх тысяч человек; большинство из них ловит рыбу или работает на "
        "маленькой фабрике "
        "сетей за старым рынком возле школы.",
    ),
)
GREEK = Writing(
    "el",
    "Κλειστό έως την άνοιξη το λιμάνι του Όριν",
    (
        "Η δήμαρχος του Όριν δήλωσε την Παρασκευή ότι το λιμάνι θα μείνει κλειστό για τα πλοία ώσπο"
        "υ να λιώσει ο πάγος "
        "και ότι οι ψαράδες θα αποζημιωθούν για τις ημέρες που δεν βγαίνουν στη θάλασσα.",
        "Πρόσθεσε ότι ο παλιός φάρος θα ανάβει κάθε νύχτα, όπως από το 1874, και ότι μηχανικοί εξετ"
        "άζουν την ανατολική "
        "αποβάθρα μετά την καταιγίδα της περασμένης εβδομάδας.",
        "Στην πόλη ζουν περίπου τέσσερις χιλιάδες άνθρωποι και οι περισσότεροι ψαρεύουν ή δουλεύουν"
        " στο μικρό εργαστήριο "
        "διχτυών πίσω από την παλιά αγορά.",
    ),
)
GERMAN = Writing(
    "de",
    "Hafen von Orrin bleibt bis zum Frühjahr geschlossen",
    (
        "Die Bürgermeisterin von Orrin sagte am Freitag, der Hafen bleibe für größere Schiffe gesch"
        "lossen, bis das Eis "
        "getaut sei; die Fischer würden für die ausgefallenen Tage entschädigt.",
        "Der alte Leuchtturm werde jede Nacht brennen wie seit 1874, fügte sie hinzu, während Prüfe"
        "r die östliche Mole "
        "nach dem Sturm der vergangenen Woche überprüften.",
        "In der Stadt leben rund viertausend Menschen; die meisten fischen oder arbeiten in der kle"
        "inen Netzweberei hinter "
        "dem alten Markt in der Nähe der Schule.",
    ),
)

WRITINGS = (
    ARABIC,
    PERSIAN,
    HEBREW,
    URDU,
    JAPANESE,
    CHINESE,
    TAIWANESE,
    KOREAN,
    THAI,
    LAO,
    KHMER,
    BURMESE,
    TIBETAN,
    HINDI,
    AMHARIC,
    RUSSIAN,
    GREEK,
    GERMAN,
)


def page_of(writing: Writing, head: str = "") -> str:
    """The story as a plain site publishes it, among links of the kind that stand on every page."""
    direction = ' dir="rtl"' if writing.right_to_left else ""
    text = "\n".join(f"<p>{paragraph}</p>" for paragraph in writing.paragraphs)
    teasers = "".join(f"<li><a href='/{title[:4]}'>{title}</a></li>" for title, _, _ in TEASERS)
    return f"""<!doctype html><html lang="{writing.language}"{direction}><head>{head}
<title>{writing.title}</title></head><body><nav><a href="/">Harbour Post</a></nav>
<article><h1>{writing.title}</h1>{text}</article>
<aside><h3>{NEIGHBOURS[0]}</h3><ul>{teasers}</ul></aside></body></html>"""


@dataclass(frozen=True)
class Mislabelled:
    """Bytes, and what is said of their charset; `right` when their story is nevertheless to be read."""

    name: str
    body: bytes
    writing: Writing
    content_type: str = "text/html"
    right: bool = True


def _meta(charset: str) -> str:
    return f'<meta charset="{charset}">'


def _bytes(writing: Writing, charset: str, declared: str | None = None) -> bytes:
    return page_of(writing, _meta(declared) if declared else "").encode(charset, "xmlcharrefreplace")


def _header(charset: str) -> str:
    return f"text/html; charset={charset}"


def _mixed() -> bytes:
    """UTF-8 with teasers in windows-1252 below, as where an advertiser's snippet is pasted in."""
    page = page_of(GERMAN, _meta("utf-8")).encode()
    return page.replace(b"</aside>", "<p>Möwen über Orrin für 3 €</p></aside>".encode("cp1252"))


MISLABELLED = (
    Mislabelled("UTF-16 without BOM, in the header", _bytes(GERMAN, "utf-16-le"), GERMAN, _header("utf-16")),
    Mislabelled(
        "UTF-16 big-endian with BOM", "\ufeff".encode("utf-16-be") + _bytes(RUSSIAN, "utf-16-be"), RUSSIAN
    ),
    Mislabelled("UTF-16 without BOM, undeclared", _bytes(GERMAN, "utf-16-le"), GERMAN),
    Mislabelled("UTF-16 big-endian without BOM, undeclared", _bytes(RUSSIAN, "utf-16-be"), RUSSIAN),
    Mislabelled("UTF-8 that says UTF-16", _bytes(ARABIC, "utf-8", "utf-16"), ARABIC),
    Mislabelled("UTF-8 that says Latin-1", _bytes(HEBREW, "utf-8"), HEBREW, _header("iso-8859-1")),
    Mislabelled(
        "UTF-8 with a BOM that says Shift-JIS", _bytes(THAI, "utf-8-sig"), THAI, _header("shift_jis")
    ),
    Mislabelled(
        "UTF-8 with a charset that is none", _bytes(KHMER, "utf-8", "utf-99"), KHMER, _header("x-none")
    ),
    Mislabelled(
        "UTF-8 cut within a character", _bytes(JAPANESE, "utf-8")[:-20] + "港".encode()[:2], JAPANESE
    ),
    Mislabelled("UTF-8 and windows-1252 on one page", _mixed(), GERMAN),
    Mislabelled(
        "Shift-JIS that says Latin-1", _bytes(JAPANESE, "cp932", "iso-8859-1"), JAPANESE, right=False
    ),
    Mislabelled("Shift-JIS undeclared", _bytes(JAPANESE, "cp932"), JAPANESE),
    Mislabelled("EUC-JP in its meta element", _bytes(JAPANESE, "euc-jp", "euc-jp"), JAPANESE),
    Mislabelled(
        "ISO-2022-JP in the header", _bytes(JAPANESE, "iso-2022-jp"), JAPANESE, _header("iso-2022-jp")
    ),
    Mislabelled("windows-1251 undeclared", _bytes(RUSSIAN, "cp1251"), RUSSIAN),
    Mislabelled("KOI8-R undeclared", _bytes(RUSSIAN, "koi8-r"), RUSSIAN),
    Mislabelled("windows-1251 that says UTF-8", _bytes(RUSSIAN, "cp1251", "utf-8"), RUSSIAN),
    Mislabelled("windows-1256 in its meta element", _bytes(ARABIC, "cp1256", "windows-1256"), ARABIC),
    Mislabelled("GBK that says GB2312", _bytes(CHINESE, "gbk", "gb2312"), CHINESE),
    Mislabelled("Big5 in the header", _bytes(TAIWANESE, "big5"), TAIWANESE, _header("big5")),
    Mislabelled("EUC-KR undeclared", _bytes(KOREAN, "euc-kr"), KOREAN),
    Mislabelled("TIS-620 in its meta element", _bytes(THAI, "cp874", "tis-620"), THAI),
    Mislabelled("windows-1253 undeclared", _bytes(GREEK, "cp1253"), GREEK),
)
