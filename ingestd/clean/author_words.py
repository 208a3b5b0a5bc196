"""The words of bylines, sorted: what stands before names, between them and behind them, and what is no name.

Each table says why its words are in it. They are matched without case; where a language writes no spaces the
table says so by its pattern.
"""

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# What somebody did or wrote, before the word that introduces him: "Guest post by", "Gastbeitrag von".
_WORKS = (
    r"(?:(?:(?:written|reported|posted|published|compiled|edited|story|words|text|review|analysis|opinion|"
    r"report|interview|commentary|comment|column|essay|(?:guest\s)?(?:post|article|blog|column|essay)|"
    r"(?:(?:view\s)?all\s|more\s)?(?:posts|articles|stories))\sby)|"
    r"(?:eine?\s)?(?:analyse|bericht|beitrag|artikel|essay|gastbeitrag|gastkommentar|glosse|interview|"
    r"kolumne|kommentar|kritik|leitartikel|porträt|reportage|rezension|text)\svon|"
    r"(?:(?:publié|rédigé|posté|proposé|article|analyse|chronique|entretien|texte|tribune)\spar|"
    r"(?:chronique|tribune|billet|texte)\sde)|"
    r"(?:publicado|escrito|redactado|análisis|opinión|texto|crónica|artículo|artigo|análise)\spor|"
    r"(?:pubblicato|scritto)\sda|(?:articolo|intervista|testo|analisi)\sdi)"
)
# "Von unserem Korrespondenten", "Dal nostro inviato", "By our correspondent".
_OURS = (
    r"(?:(?:von|vom|par|de|del|dal(?:la)?|by|van|from)\s)?"
    r"(?:unsere[mnr]?|notre|nostr[oa]|nuestr[oa]|noss[oa]|our|onze)"
)
SOMEBODYS_WORK = re.compile(rf"{_WORKS}|{_OURS}", re.IGNORECASE)
_OUR_PEOPLE = (
    r"(?=\s(?:special\s|auslands)?"
    r"(?:[ck]orr|mitarbeit|reda[ck]t|report|envoy|inviat|enviad|journalist|verslagg))"
)
# What introduces names, in the languages in which it was met; a line that begins so is a byline.
BEFORE_NAMES = re.compile(
    rf"^(?:{_WORKS}|{_OURS}{_OUR_PEOPLE}|"
    r"by|from|more\sfrom|about|story|words|(?:interview|opinion)(?=\s?:)|"
    r"guest\s(?:author|writer|contributor|columnist)s?(?=\s?:)|"
    r"(?:geschrieben|verfasst)\svon|geschreven\sdoor|napisane\sprzez|"
    r"von|vom|(?:texte?|redacción)(?=\s?:)|eine?\s\w+\svon|aus\s\S+\sberichtet|"
    r"par|propos\srecueillis\spar|écrit\spar|por|escrito\spor|texto(?:\sde)?|di|a\scura\sdi|de|door|av|af|"
    r"tekst|przez|autor(?:/in|innen|in|a|en|es|ka|ki|zy)?|autore|auteur|author|authors|skrevet\sav|od|piše|szerző|írta|"
    r"yazan|(?:haber|muhabir|editör)(?=\s?:)|autors|autorius|napsal[ai]?|kirjoittaja|teksti|toimittaja|skribent|reporter|penulis|oleh|editor|laporan|tác\sgiả|"
    r"(?:συντάκτ(?:ης|ρια)|επιμέλεια|ρεπορτάζ|κείμενο)(?=\s?:)|γράφ(?:ει|ουν)\s(?:ο|η|οι)|"
    r"автор[ы]?|текст|от|подготовил[аи]?|"
    r"بقلم|كتب(?:ت)?|نویسنده|מאת|लेखक|द्वारा|লেখক|โดย|ผู้เขียน)(?![\w.])\s*[:：]?\s*",
    re.IGNORECASE,
)
# A line that begins otherwise names nobody unless a colon follows: "Story Highlights", "De Blasio says".
PLAIN_INTRODUCTIONS = frozenset(
    "by|written by|edited by|reported by|posted by|published by|story by|words by|γράφει ο|γράφει η|"
    "γράφουν οι|napsal|napsala|autors|autorius|von|text von|geschrieben von|"
    "verfasst von|par|écrit par|por|escrito por|di|a cura di|scritto da|door|geschreven door|av|af|"
    "skrevet av|przez|napisane przez|autor|autorin|author|autore|auteur|yazan|szerző|írta|piše|kirjoittaja|"
    "skribent|"
    "penulis|oleh|tác giả|автор|от|بقلم|كتب|كتبت|نویسنده|מאת|लेखक|লেখক|โดย|ผู้เขียน".split("|")
)
# A line anywhere that begins so names the author of the page; "By" may name another article's.
FULL_INTRODUCTION = re.compile(
    r"(?:written\sby|text\svon|geschrieben\svon|verfasst\svon|écrit\spar|escrito\spor|scritto\sda|"
    r"geschreven\sdoor|napisane\sprzez|(?:autor(?:in|es)?|author|auteur|autore|автор)\s?:)\s*(?=[^\W\d_])",
    re.IGNORECASE,
)
# "Ada van der Lark", "A. J. Lark-Tern": nothing but capitalised words and what stands small between them.
PLAIN_NAME = re.compile(
    r"[A-ZÀ-ÞŁŚŞŠŽČĐİΑ-ΩА-Я][\w'’.-]*(?:\s(?:von|van|der|den|de|del|della|di|da|dos|du|la|le|el|al|bin|y))*"
    r"(?:\s[A-ZÀ-ÞŁŚŞŠŽČĐİΑ-ΩА-Я][\w'’.-]*){1,3}|[A-Z]{2,5}"
)
# The beginning of a date: "2006-05-12", "12.3.2015", "5 May 2015", "Monday, May 5, 2015".
DATE = re.compile(
    r"(?<!\d)(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{4}"
    r"|\d{1,2}(?:\.|st|nd|rd|th)?\s(?:de\s)?[^\W\d]{3,12}\.?,?\s(?:de\s)?\d{4})(?!\d)"
    r"|\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s)?"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?\s\d{1,2},?\s\d{4}\b",
    re.IGNORECASE,
)
# "Posted on 13 July 2024 by Ada Lark", "13.07.2024 - Publicado por: Ada Lark".
BEHIND_A_DATE = re.compile(
    r"(?<=\S)\s(?:[Pp]osted|[Ss]ubmitted|[Pp]ublicado|[Pp]ublié|[Pp]ubblicato)?\s?"
    r"(?P<by>(?:by|By|von|por|par|door|av|af):?\s+(?=[A-ZÀ-ÞΑ-ΩА-Я]))"
)
# These begin surnames as well: "Von Miller", "Di Maio".
PARTICLES_BEFORE = _words("von de di da av af od")
# Behind a comma these begin a place, not another name: "do Rio", "from Berlin".
BEFORE_PLACES = _words("do da dos das em no na desde from via")
# Behind a job these begin where it is done: "Journalist i Paris", "Korrespondentin in Wien".
BEHIND_JOBS = _words("i in à en a at bei aus w v for für pour para per of de des der del")
# Who writes under one of these beside the name of a subject is a desk: "Sports Desk", "Team Politik".
DESKS = _words("desk team bureau newsroom redaktion rédaction redacción redação redazione redactie redacția")
SUBJECTS = _words(
    "politics political politik politique política business economy economics wirtschaft finance sports "
    "sport deportes esportes football health science technology tech education environment climate crime "
    "culture kultur entertainment arts features opinion investigations investigative data"
)
# Words that stand small within names.
PARTICLES = _words(
    "von van vom de der den des del della delle dello di da do dos das du la le les el al bin ibn ben bint "
    "y e i ter ten te zu zum zur af av och og und ap o van't 't"
)
# Who took the pictures wrote nothing; also behind the names of those who did.
OF_PICTURES = re.compile(
    r"(?:photos?|photograph(?:s|y|ed)|illustrated|graphics?|pictures?|foto(?:s|grafie|grafía)?|bild(?:er)?|videos?|illustrations?|camera|grafik|grafika|"
    r"zdjęcia|fotó|фото)\s?(?:by\b|von\b|de\b|:).*",
    re.IGNORECASE,
)
# Who saw to another's text wrote nothing, where others are named before: "Ada Lark, edited by Bo Tern".
_EDITED_BY = (
    r"(?:edited|editing|translated|translation|produced|(?:medically\s)?reviewed|fact[\s-]checked)\sby"
)
OF_EDITORS = re.compile(
    rf"{_EDITED_BY}|(?:editor|übersetzung|traduction|traducción|traduzione|redaktor|penyunting)s?\s?:",
    re.IGNORECASE,
)
EDITED_BY = re.compile(rf"{_EDITED_BY}\W*$", re.IGNORECASE)
# "Bo Tern (Fotos)" beside "Ada Lark (Text)".
PHOTOGRAPHER = re.compile(
    r"^[^()]+\s\((?:photos?|pictures?|fotos?|bild(?:er)?|videos?|illustrations?|grafik|фото)\)$",
    re.IGNORECASE,
)

# Between two names; a comma is seen to apart. Words count as they are written: "Maria A Lopez", "Dan".
# The short ones stand within names as well, where one word follows: "Jordi Puig i Cadafalch".
BETWEEN_NAMES = re.compile(
    r"\s*[;|•·；،/／\n]\s*|\s*&\s*|\s+[–—+-]\s+|"
    r"\s+(?:and|And|AND|und|UND|et|ET|ed|og|och|oraz|és|ve|și|si|và|и|й|та|і|και|و|sowie|with|mit|avec|con|för)"
    r"(?:\s+|$)|\s+(?:y|e|i|a|en|ja|dan)"
    # Agencies are one word as well: "Ada Lark y EFE".
    r"(?:$|\s+(?=[^\s,;]+\s[^\s|])|\s+(?=(?:[A-Z]{2,5}|Efe|Ansa|Lusa|[Aa]g[eê]n(?:cia|zie)s?|[Rr]edacción)\b))"
)

# What goes on behind a name: "Jane Roe Monday, November 18", "Jane Roe Jul. 19", "Jane Roe for the Post",
# "JANE ROE The Associated Press", "Jane Roe BBC Sport".
BEHIND_NAMES = re.compile(
    r"\s+(?:(?-i:in|aus|à|en|at|[Ff]or|on|is|was|para|pour|bei)|published|updated|posted|veröffentlicht|"
    r"aktualisiert|publié|publicado|actualizado|pubblicato|aggiornato|gepubliceerd|opublikowano|"
    r"follow|twitter|(?:senior|deputy|assistant|associate|contributing|managing|executive)(?=\s)|special\s(?:to|for)|of\sthe|(?-i:The|THE|Associated\sPress|ASSOCIATED\sPRESS|"
    r"Agence\sFrance-Presse|BBC|CNN|NBC|CBS|ABC|NPR|CNBC|"
    r"AFP|AP|EFE|dpa|DPA|Reuters|REUTERS|PTI|via)|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch)\b.*$"
    r"|\s+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?\s\d.*$"
    r"|\s*(?:\||[–—]|\s-\s|=).*$|\s+\d.*$",
    re.IGNORECASE,
)

# In German papers editors sign with initials below the text: "ssi, dan; Foto: …", "(abc)".
SIGNED = re.compile(
    r"(?:[(\[](?P<one>[a-zäöü]{2,4})[)\]]"
    r"|(?P<some>[a-zäöü]{2,4}(?:\s?[,/]\s?[a-zäöü]{3,4}){1,3})"
    r"|(?P<first>[a-zäöü]{2,4})(?=;))\s*(?:;.*)?"
)
SIGNING_LANGUAGES = ("de", "lb", "nl")

# Behind a comma these belong to the name before it.
SUFFIXES = _words("jr sr jr. sr. ii iii iv md phd ph.d. m.d. esq esq. mba rn dds do")

# Titles that go before a name and are no part of it in any archive's index.
HONORIFICS = re.compile(r"^(?:(?:mr|mrs|ms|mx|herr|frau|mme|mlle|sr|sra)\.?\s+)(?=\w)", re.IGNORECASE)

# Desks, crowds and forms left blank: who has one of these words in his name is nobody.
NOBODY = _words(
    "ressort posted submitted modified updated published our special the to of from this by admin "
    "administrator posts "
    "anonymous anonim author autor author_name  editor-in-chief editors editorial editoriale editorials "
    "editöryal n/a nan none null undefined  unknown webmaster website contributor contributors "
    "correspondents correspondent's reporters  journalists writers staff staffwriter stafreporter desk "
    "newsdesk webdesk newsroom team teams bureau  redaktion redaktionen redaktionsteam onlineredaktion "
    "sportredaktion redaktionsnetzwerk nachrichten  rédaction redaction rédactions redacción redaccion "
    "redacció redação redacao redazione redactie  redactia redacția redaksjonen redaksi redaksiya "
    "redakcja redakce redakcia redakcija redakció  szerkesztőség toimitus toimetus redakcijos uredništvo "
    "redaktsioon editorji reporteri editorilar  haber merkezi редакция редакція редакции редакциялық "
    "редакцияси корреспонденты журналисты новостей  equipo equipe équipe squadra ekip ekipa agencias "
    "agências agences agenzie agenturen agencies agency  agência agencia agence agenzia agentur ajansı "
    "ajans ajansi wire wires newswire pressedienst  pressestelle التحرير وكالات المحرر فريق تحرير محرر "
    "الموقع editörü"
)
# Who are called so write together, under no other name: an office that is stated says more than nothing.
OFFICES = DESKS | _words(
    "newsdesk webdesk rédactions redaccion redaction redacció redacția redaktionsteam onlineredaktion "
    "sportredaktion redaktionsnetzwerk redakcja redakce redakcia redakcija redakció redaksjonen redaksi "
    "szerkesztőség toimitus toimetus uredništvo редакция редакція التحرير agencies agencias agências agences "
    "agenzie agenturen"
)
# What is in the names of outlets, firms and offices and hardly ever in a person's.
ORGANISATION = _words(
    "news newspaper nachrichten noticias notícias nouvelles notizie nieuws nyheter uutiset wiadomości "
    "новости новини haber haberleri media medien medya network tv television televisión radio rádio fm "
    "magazine magazin press-association verlag gmbh llc ltd ltd. inc inc. corp corporation company co. "
    "s.a. plc limited university université universität universidad institute institut foundation "
    "stiftung association verein ministry ministerium council committee commission government department "
    "party club society group holdings communications productions studios studio digital online web "
    "webdesk app podcast podcasts channel kanal canal service services centre center zentrum observatory "
    "project projekt initiative alliance union sponsored advertorial anzeige werbung advertisement "
    "partner partners presse-agentur presseagentur prnewswire newswire businesswire globenewswire reuters "
    "bloomberg xinhua associated interfax times tribune gazette herald daily zeitung tageszeitung blatt "
    "journal-constitution coordenadoria secretaria prefeitura assessoria comunicação departamento "
    "división ufficio servizio pressestelle stadt landkreis polizei police polícia courier chronicle "
    "observer guardian telegraph post-gazette blog museum hospital embassy academy weekly monthly bulletin "
    "dispatch inquirer examiner newsletter members letters readers readers' press-release publishing "
    "publications bbc cnn nbc npr cnbc agence"
)
# Places of more than one word; those of one word are told by being one.
PLACES = frozenset(
    "abu dhabi|addis ababa|buenos aires|cape town|den haag|the hague|hong kong|kuala lumpur|las vegas|"
    "los angeles|mexico city|new delhi|new york|new york city|new zealand|north korea|panama city|"
    "phnom penh|porto alegre|quezon city|rio de janeiro|saint petersburg|san diego|san francisco|san josé|"
    "san juan|santo domingo|saudi arabia|south africa|south korea|sri lanka|st. petersburg|são paulo|"
    "tel aviv|united kingdom|united nations|united states|washington dc|washington d.c".split("|")
)
# Alone or beside words for nobody these name no outlet in particular.
GENERIC = _words(
    "text size font report reports news nachrichten online web digital media press presse agency agencies "
    "and y und et e  root guest guests test user default crew office author post posts"
)
# Chinese, Japanese, Korean: desks are told by their last characters.
EAST_ASIAN_DESK = re.compile(
    r"(?:編集部|编辑部|編輯部|編集局|取材班|報道部|社会部|政治部|経済部|新聞|新闻|新聞社|通信社|通讯社|通訊社|日报|日報|時報|时报|"
    r"网|網|中心|综合|綜合|報導|报道|편집부|편집국|취재팀|뉴스팀|온라인팀|뉴스|신문|일보|방송|연합|디지털|보도국|특별취재팀)$"
)
# East Asian bylines: labels before names, what their bearers are, where they report from, who took pictures.
EAST_ASIAN_LABEL = re.compile(
    r"(?:取材・文|文・写真|撰文|[創创]?作者|この記事の筆者|筆者|執筆者?|著者|投稿者|ライター|寄稿|責任編輯|责任编辑|責編|责编|"
    r"编辑|編輯|编译|編譯|文|글|글쓴이)\s?(?:[:：/／=＝●◎]|(?<=筆者|作者|著者|稿者|撰文|编辑|編輯)\s)\s*"
)
# Behind a name: who printed it first, who edited it, when it was entered.
EAST_ASIAN_BEHIND = re.compile(
    r"(?<=\S)(?:\s+|(?=編集|校正))(?:来源|來源|出典|編集|編輯|编辑|責任編輯|责任编辑|校正|校对|校對)\s?[:：●/／].*"
    r"|\s+(?:입력|수정|등록|승인)\s?[:：]?\s?\d.*"
)
# A link to the rest of what somebody wrote, and a label without a name.
EAST_ASIAN_NOBODY = re.compile(
    r"の(?:記事|作品|投稿)?一覧|^(?:投稿者|著者|筆者|執筆者?|ライター|作者|编辑|編輯|編集者?)$"
)
EAST_ASIAN_PICTURES = re.compile(r"(?:写真|撮影|摄影|攝影|图|圖|사진|영상)\s?(?:[:：/／=]|\s).*")
CHINESE_REPORTERS = re.compile(r"(?:[\u4e00-\u9fff]{0,6}?(?:记者|記者|通讯员|通訊員))\s?(?=[\u4e00-\u9fff])")
EAST_ASIAN_ROLE = re.compile(
    # "王小明台北13日電": nothing parts the name from the place.
    r"(?<=^[\u4e00-\u9fff]{3})[\u4e00-\u9fff]{2}(?:\d{1,2}日)?(?:報導|报道|電|电)$"
    r"|\s*(?:선임|수습|인턴|전문|객원|종합)?\s?"
    r"(?:기자|(?:[가-힣]+\s?)?특파원|논설위원|에디터|앵커|PD|편집위원|평론가)(?=$|[\s,/·=|(\]】])"
    r"|\s*외\s?\d+\s?명"
    r"|(?:本报|本報|特约|特約|實習|实习|見習|首席)?(?:记者|記者|通讯员|通訊員|特派員|特派员|論説委員|編集委員|编委|主笔)"
    r"|\s(?:編輯|编辑)$"
    r"|[\u4e00-\u9fff]{0,4}(?:報導|报道|报导|電|电)(?=$|[】）)\]])"
)
# "홍길동 기자", "记者 张三", "作者：张三": a line of its own beside the headline.
EAST_ASIAN_BYLINE = re.compile(
    r"(?:[(\[【][^\s=()\]]{1,12}=)?[가-힣]{2,4}\s?(?:선임|수습|인턴|전문|객원)?\s?(?:기자|특파원|논설위원)(?:$|[\s,/·=|(\]])"
    r"|(?:기자|글|글쓴이)\s?[:：]?\s(?:[가-힣]{2,4}|[A-Z])"
    r"|(?:取材・文|撰文|作者|筆者|執筆者?|文)\s?[:：/／]\s*\w"
    r"|(?:本报|本報|特约|实习|見習)?(?:记者|記者)\s?[:：]?\s?[\u4e00-\u9fff]{2,4}(?:$|[\s,，、/|(（])"
)
BETWEEN_EAST_ASIAN_NAMES = re.compile(r"\s*[,，、;；·/／|&]\s*|\s+[-–—]\s+|\s(?:및|和|与|與|と)\s")

# Jobs. A part of a byline that holds one of them says what somebody is; at the end of a name it is cut off.
ROLES = _words(
    "mitarbeiter mitarbeiterin reporter reporters correspondent editor journalist columnist writer "
    "contributor author producer presenter analyst critic blogger photographer photojournalist anchor "
    "host chief director professor lecturer fellow freelancer freelance intern trainee ceo founder expert "
    "researcher sub-editor subeditor copywriter redakteur redakteurin redaktor redaktorin chefredakteur "
    "chefredakteurin korrespondent korrespondentin journalistin ressortleiter ressortleiterin reporterin "
    "volontär volontärin autorin politikredakteur sportredakteur chefreporter chefreporterin kolumnist "
    "kolumnistin gastautor gastautorin journaliste correspondant correspondante rédacteur rédactrice "
    "chroniqueur envoyé envoyée grand-reporter periodista redactor redactora corresponsal colaborador "
    "colaboradora columnista jornalista repórter correspondente editora colunista giornalista "
    "corrispondente redattore redattrice inviato inviata collaboratore verslaggever redacteur columniste "
    "utrikeskorrespondent reporteren dziennikarz dziennikarka redaktorka novinář novinářka novinar "
    "novinarka muhabir muhabiri editör yazar gazeteci журналист корреспондент обозреватель редактор "
    "кореспондент журналістка wartawan jurnalis kontributor kontributör toimittaja újságíró szerkesztő "
    "profesor profesora autor autora docente korrespondenten redaktionsmitglied"
)
# The ends of compounds that are jobs: "Wirtschaftsredakteur", "Auslandschef".
ROLE_ENDS = (
    "redakteur", "redakteurin", "reporter", "reporterin", "korrespondent", "korrespondentin", "chef",
    "chefin", "leiter", "leiterin", "journalist", "journalistin", "kolumnist", "kolumnistin", "redacteur",
    "journalisten",
)  # fmt: skip
# Words that go with jobs: "Senior Political Correspondent", "Leiter des Ressorts".
OF_ROLES = _words(
    "senior junior deputy assistant associate executive managing contributing staff special foreign "
    "political politics business economics economy finance financial sports sport football health science "
    "technology tech education environment climate crime court legal culture entertainment arts features "
    "national international world us uk european africa asia diplomatic defence defense security "
    "investigations investigative data video digital online news breaking social media audience community "
    "local regional city opinion guest spécial spéciale speciale especial"
)

# Behind such a line stands what else somebody wrote.
REST_OF_WORK = re.compile(
    r"(?:(?:view\s)?all|more|other|latest|recent)\s(?:posts|articles|stories)\b"
    r"|(?:alle|weitere|mehr)\s(?:artikel|beiträge)|(?:tous\s)?(?:ses|les)\sarticles|(?:más|otros)\sartículos",
    re.IGNORECASE,
)
# Lines that are no byline though they stand where one does.
NOT_A_BYLINE = re.compile(
    r"https?:|www\.|[<>{}=]|\b(?:min(?:ute)?s?\s?read|lesezeit|updated|aktualisiert|published|veröffentlicht|"
    r"follow|subscribe|newsletter|share|teilen|comments?|kommentare|photo|foto|bild|image|getty|shutterstock|"
    r"copyright|©)\b",
    re.IGNORECASE,
)
