"""Which lines of a page are furniture: phrases as data, and the shapes that no phrase list knows.

A line is taken out only when it is short and says what only furniture says. Three rules keep articles
whole: a line that reads as a sentence of the story is never taken for a phrase it merely contains; a
heading such as "Read next" takes only what looks like teasers after it; and nothing looks at what a story
is about, or articles about cookies and newsletters would lose their text.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

# Longer lines are prose; the longest prompt met on 218 pages has 168 characters.
LONGEST_PHRASE = 180
# What a page says before it shows content from elsewhere is written by lawyers.
LONGEST_CONSENT = 900


@dataclass(frozen=True, slots=True)
class Rule:
    """Lines of one kind of furniture."""

    name: str
    because: str
    # Matched from the beginning of a line in lower case, without marks and arrows around it. A pattern
    # that must fill the whole line ends in "$".
    pattern: re.Pattern[str]


def _rule(name: str, because: str, *patterns: str) -> Rule:
    return Rule(name, because, re.compile("|".join(f"(?:{pattern})" for pattern in patterns)))


AGES = (
    r"(?:\d+|an?|one|just)\s?(?:s|m|h|d|w|secs?|mins?|hrs?|seconds?|minutes?|hours?|days?|weeks?|"
    r"months?|years?|now)"
    r"\s?ago\.?$",
    r"just now$",
    r"vor (?:\d+|einer|einem) (?:sekunden?|minuten?|std|stunden?|tag(?:en)?|wochen?|monat(?:en)?)\.?$",
    r"il y a (?:\d+|un|une) ?(?:s|min|h|j|secondes?|minutes?|heures?|jours?|semaines?|mois)\.?$",
    r"hace (?:\d+|un|una) ?(?:h|min|d|segundos?|minutos?|horas?|d[ií]as?|semanas?|meses)\.?$",
    r"há (?:\d+|um|uma) (?:minutos?|horas?|dias?|semanas?|meses)$",
    r"(?:\d+|un|una|un') ?(?:minut[oi]|or[ae]|giorn[oi]|settiman[ae]) fa$",
    r"\d+ (?:секунд\w*|минут\w*|час\w*|дн\w+|день|недел\w+|хвилин\w*|годин\w*|дні\w*|тиж\w+) (?:назад|"
    r"тому)$",
    r"(?:\d+|bir) (?:dakika|saat|gün|hafta) önce$",
    r"\d+ (?:minut\w*|godzin\w*|dni|dzień) temu$",
    r"před (?:\d+ )?(?:minut\w*|hodin\w*|dne[mt]|dny|týdn\w*)$",
    r"pred (?:\d+ )?(?:minút\w*|hodin\w*|dňami|dňom)$",
    r"(?:for )?(?:\d+|en|et) (?:min(?:utt?er)?|timer?|dager?|dage?|uker?|uger?) siden$",
    r"(?:för )?(?:\d+|en) (?:min(?:uter)?|tim(?:mar|me)?|dag(?:ar)?|veckor) sedan$",
    r"(?:\d+|een) (?:min(?:uten|uut)?|uur|uren|dag(?:en)?|weken|week) geleden$",
    r"acum (?:\d+|un|o) (?:de )?(?:minute?|or[eă]|zi(?:le)?)$",
    r"(?:prije|pre) \d+ (?:min\w*|h|sat[ia]?|dana?)$",
    r"\d+ (?:menit|jam|hari|minggu)(?: yang)? lalu$",
    r"\d+ (?:phút|giờ|ngày|tuần) trước$",
    r"πριν (?:από )?\d+ \w+$",
    r"(?:قبل|منذ) \S+(?: \S+)?$",
    r"\d+ ?(?:秒|分钟|分鐘|小时|小時|天|周|週|分|時間|日|초|분|시간|일) ?(?:前|전)$",
)  # fmt: skip

# Sorted by name. A new phrase goes into the rule of its kind, whatever its language.
RULES: tuple[Rule, ...] = (
    _rule(
        "advertisement",
        "labels around advertisements",
        r"(?:advertisement|advertising|ad|ads|anzeige|werbung|publicité|publicidad|publicidade|pubblicità|"
        r"advertentie|reklame|reklama|reklam|annonse|annons|annonce|mainos|реклама|إعلان|اعلان|廣告|广告|広告|광고)$",
        r"(?:advertisement|anzeige|advertising)\s*[-–—:]?\s*(?:scroll|continue|skip|story continues|after|"
        r"artikel geht)",
        r"(?:story|article) continue[sd] (?:below|after)|"
        r"(?:continue|keep) reading (?:below|after|the main story)\b"
        r".{0,30}$",
        r"(?:story|article) continues(?:…|\.\.\.)?$",
        r"\(?scroll down (?:for|to (?:see|watch)) (?:the |more )?(?:videos?|photos?|pictures?|gallery|more)\b"
        r".{0,20}$",
        r"(?:der )?artikel (?:geht|wird) (?:nach|unter) (?:der|dieser) (?:anzeige|werbung)",
        r"(?:la suite )?après (?:cette|la) publicité",
        r"skip (?:advertisement|ad|past newsletter)",
        r"(?:продолжение|читайте далее) (?:после|под) реклам",
        r"(?:スポンサード?\s?リンク|pr|\[pr\]|推廣|推广)$",
        r"\[pr\].{0,80}$",
    ),
    _rule(
        "age",
        "how long ago a teaser was published; it changes on every visit",
        *AGES,
    ),
    _rule(
        "author box",
        "what a page says about the author after the text",
        r"(?:about|more from|more by) the authors?:?$",
        r"(?:written by|about|more from|more by) [\w.'’-]+(?: [\w.'’-]+){1,3}$",
        r"(?:über (?:den autor|die autorin)|à propos de l'auteur|sobre (?:el|la|o|a) autora?|об авторе|"
        r"про автора|o autorze|sull'autore)\b.{0,40}$",
        r"(?:この記事(?:を書いた人|の(?:著者|執筆者|筆者|ライター))|(?:執筆者|著者|筆者)(?:プロフィール|紹介|について))$",
        r"(?:作者简介|作者簡介|关于作者|關於作者|기자의\s?다른\s?기사)$",
    ),
    _rule(
        "comments",
        "prompts around readers' comments",
        r"(?:leave|post|write|add) a (?:comment|reply)",
        r"(?:responses|replies|discussion|guest ?book|(?:customer |reader )?reviews)(?: ?\(\d+\))?$",
        r"\d+ (?:responses|replies|reviews|antworten|réponses|respuestas|risposte|ответ\w*|"
        r"відповід\w*)\b.{0,40}$",
        r"(?:\d+ )?(?:comments?|kommentare?|commentaires?|comentarios?|commenti|комментари\w+|коментар\w*|"
        r"تعليقات|评论|댓글)"
        r"(?: \(?\d+\)?)?$",
        r"(?:join|start) the (?:conversation|discussion)",
        r"share your (?:voice|thoughts|opinion)$",
        r"(?:be the first to comment|comments are closed|view comments|show comments|have your say)",
        r"(?:please )?(?:let (?:us|me) know|tell (?:us|me)|share your|sound off|weigh in|leave your)\b"
        r"[^.,?]{0,60} in (?:the |our )?comments?(?: section| box| area)?(?: below)?\W*$",
        r"(?:kommentar (?:schreiben|verfassen)|diskutieren sie mit|kommentare (?:lesen|anzeigen))",
        r"(?:laisser un commentaire|deja un comentario|lascia un commento)",
        r"コメント(?:を(?:書く|残す|投稿する|見る)|する|一覧|はまだありません。?|\s?[(（]?\d+[)）]?件?)$",
        r"(?:トラックバック|评论|評論|留言)\s?(?:[(（]?\d+[)）]?)?$|(?:发表|發表|添加)(?:评论|評論|回复|回覆)$|댓글\s?(?:쓰기|달기|작성)$",
        r"(?:your email address will not be|(?:deine|ihre) e-mail-adresse wird nicht|"
        r"votre adresse (?:e-mail|de messagerie) ne sera pas|tu dirección de correo electrónico no será|"
        r"il tuo indirizzo email non sarà|o (?:seu|teu) endereço de e-?mail não será|"
        r"je e-mailadres (?:wordt|zal) niet|ваш (?:адрес )?e-?mail не будет|twój adres e-?mail nie zostanie|"
        r"e-posta (?:adresiniz|hesabınız) yayı|您的(?:电子)?邮箱地址不会|您的電子郵件(?:地址)?不會|"
        r"メールアドレスが公開されることはありません|이메일 주소는 공개되지)",
        r"(?:this site uses|diese website verwendet|ce site utilise|este sitio usa|este site utiliza|"
        r"questo sito (?:usa|utilizza)|deze site gebruikt|这个站点使用|"
        r"このサイトはスパムを低減するために) ?akismet",
    ),
    _rule(
        "consent",
        "cookie notices and placeholders of content that waits for consent",
        r"(?:we|this (?:web)?site) (?:and our partners )?uses? cookies",
        r"(?:accept|reject|allow) (?:all )?(?:cookies|and continue)",
        r"(?:this content is (?:hosted|provided) by|to view this content)",
        r"(?:an dieser stelle (?:finden sie|befindet sich)|empfohlener (?:redaktioneller|externer) inhalt|"
        r"externen inhalt|ich bin damit einverstanden, dass mir|um (?:diesen|eingebettete|externe) inhalte? |"
        r"ein klick für den datenschutz)",
        r"(?:ce contenu (?:est|a été) bloqué|nous utilisons des cookies|utilizamos cookies|usamos cookies)",
        r"(?:wir verwenden cookies|diese website (?:benutzt|verwendet) cookies)",
    ),
    _rule(
        "controls",
        "buttons and messages of players and galleries",
        r"now playing\s*(?:[:：|»→].*|$)",
        r"(?:play|replay|watch|pause) (?:the |this )?video(?: again)?$",
        r"(?:the )?(?:video|media) (?:player )?(?:is loading|could not be loaded)",
        r"(?:this is a modal window|(?:beginning|end) of dialog window|loading the player)",
        r"(?:current|remaining) time\s*:?\s*-?\d{1,2}:\d\d\b",
        r"(?:please|you (?:need|have) to|you must) (?:enable|turn on) javascript\b",
        r"\D{0,20}\d{1,2}\D{0,12}(?:19|20)\d\d\W{1,4}\d{1,2}:\d\d.{0,10}\W\s?\d{1,2}:\d\d$",
        r"(?:view|launch|open|start) (?:the )?(?:photo |full )?(?:gallery|slide ?show|photos|images)$",
        r"(?:click|tap)(?: (?:on )?(?:the |this )?(?:image|photo|picture)| here)? "
        r"(?:to (?:enlarge|expand|zoom)|for (?:a )?(?:larger|full[- ]size))\b.{0,30}$",
        r"(?:enlarge(?: (?:this )?(?:image|photo|picture))?|"
        r"(?:hide|toggle|show) captions?(?: toggle captions?)?|"
        r"(?:play|pause) video|close modal dialog|video player is loading\.?|"
        r"terms (?:&|and) conditions apply\.?)$",
        r"(?:this is a modal window|(?:beginning|end) of dialog window|media playback is unsupported)\b",
        r"(?:back to video$|we apologi[sz]e, but this video\b|try refreshing your browser\b)",
    ),
    _rule(
        "copyright",
        "the notice under a page",
        r"(?:©|\(c\)|copyright|all rights reserved|alle rechte vorbehalten|tous droits réservés|"
        r"todos los derechos reservados|все права защищены|"
        r"усі права захищені|جميع الحقوق محفوظة|版权所有|無断転載)",
        r"(?:저작권자|ⓒ|禁无断转载|禁無断転載)",
    ),
    _rule(
        "correction",
        "how to report a mistake",
        r"to suggest a correction",
        r"you can also highlight the text and press",
        r"(?:report|spotted|found|see|notice) (?:an? )?(?:error|typo|mistake|correction|inaccuracy)",
        r"(?:fehler (?:gefunden|melden|entdeckt)|haben sie einen fehler)",
        r"(?:signaler une (?:erreur|faute)|une faute|reportar (?:un )?error|segnala (?:un )?errore)",
        r"(?:нашли|заметили|увидели|знайшли|помітили|якщо ви (?:знайшли|помітили)|если вы (?:нашли|"
        r"заметили)) \S*\s?"
        r"(?:ошибк|помилк|опечатк)",
        r".{0,40}\bctrl\s?\+\s?enter",
        r"(?:誤字|脱字|誤字脱字|間違い).{0,12}(?:方は|場合は|たら)",
    ),
    _rule(
        "counter",
        "which picture of how many, and how often a page was seen",
        r"(?:\d+|one) ?(?:of|/|von|de|sur|di|из|з|/) ?\d+$",
        r"(?:views?|reads?|hits|visits|aufrufe|vues|vistas|visualizações|letture|просмотр\w*|перегляд\w*)"
        r"\s?:?\s?[\d.,]+ ?[km]?$",
        r"[\d.,]+ ?[km]? (?:views?|reads|shares|likes|aufrufe|vues|vistas|просмотр\w*|перегляд\w*)$",
        r"(?:slide|image|photo|picture) \d+ ?(?:of|/) ?\d+$",
        r"\d+ (?:photos|images|pictures|slides)$",
        r"(?:(?:show|hide|view|expand) captions?|back to (?:slide|gallery)|"
        r"(?:next|previous) (?:slide|photo|image))$",
    ),
    _rule(
        "follow",
        "prompts to follow the outlet elsewhere",
        r"(?:join|follow|find|like|add|connect with) (?:us|our (?:channel|telegram|whatsapp|page|coverage))"
        r"(?:$|\b.{0,80}(?:\bon (?:x|google)\b|telegram|whatsapp|"
        r"facebook|twitter|instagram|youtube|linkedin|@))",
        r"(?:you can )?(?:follow|find|tweet(?: at)?|reach|contact|e-?mail) "
        r"(?:her|him|them|the (?:author|writer|reporter))\b"
        r".{0,40}(?:on (?:twitter|facebook|instagram|x\b)|\s@\w|\w@\w).{0,100}$",
        r"(?:on )?(?:twitter|instagram|facebook)\s?:\s?@\S+$",
        r"follow (?:@|me on|[\w ]{2,40} on (?:x|twitter|facebook|instagram|telegram|whatsapp|google|linkedin|"
        r"threads)\b)",
        r"subscribe to (?:us|our)\b.{0,60}(?:channel|telegram|whatsapp|youtube|podcast)",
        r"(?:you can (?:also )?)?(?:follow|find) (?:him|her|them|me) "
        r"(?:at @|on (?:twitter|facebook|instagram))",
        r"for (?:more|(?:all )?the latest|breaking)\b[^.?]{0,80}\b"
        r"(?:follow (?:us|him|her|them|me)|like us|download our|subscribe to our|sign up (?:for|to) our)\b",
        r"(?:download|get) our (?:[\w'-]+ ){0,4}app\b",
        r"download (?:our|the) (?:[\w.-]+ ){0,4}apps?(?: (?:for|here|now|today)\b[^.]{0,40})?$",
        r"(?:folgen sie|folge) (?:uns|\S+) (?:auf|bei|auch)",
        r"(?:suivez[- ](?:nous|toute l'actu)|retrouvez[- ]nous|rejoignez[- ]nous)",
        r"(?:síguenos|sigue a |únete a|siga-nos|seguici|segui \S+ su)",
        r"(?:подписывайтесь|подпишитесь|читайте нас|следите за|присоединяйтесь|підписуйтесь|підписуйтеся|"
        r"читайте нас|приєднуйтесь|стежте за)",
        r"(?:تابعونا|تابعنا|اشترك في|انضم إل)",
        r"(?:关注我们|關注我們|扫码关注)",
        r"(?:volg ons|følg oss|følg os|följ oss|śledź nas|obserwuj nas|sledujte nás|bizi takip)",
        r"(?:フォローする|구독하기|팔로우(?:하기)?)$",
        r"(?:twitter|facebook|line|x|instagram)で(?:フォロー|最新情報).{0,20}$",
    ),
    _rule(
        "newsletter",
        "prompts to leave an address",
        r"(?:sign up|subscribe|register)\b.{0,60}(?:newsletter|inbox|alerts?|updates?|briefing|email|daily|"
        r"for free)",
        r"(?:get|receive)\b.{0,60}(?:in|to|into) your (?:inbox|e-?mail)",
        r"(?:get|join) .{2,80}\bnewsletters?[.!]?$",
        r"(?:(?:want|like|love|enjoy(?:ed|ing)?|(?:don't|never) miss)\b.{0,80}[.?!]|"
        r"to (?:get|receive)\b.{0,80},) (?:sign up|subscribe)\b(?! (?:at|in|with)\b).{0,80}$",
        r"sign up (?:for|to|here)\b.{0,100}(?:newsletter|inbox|alerts\b)",
        r"e-?mails may (?:offer|contain|include) (?:personali[sz]ed|promotional|offers|ads)\b",
        r"(?:our|the|daily|weekly|free|morning|breaking) (?:\S+ )?(?:newsletter|briefing)s?$",
        r"(?:newsletter|infolettre|boletín|бюллетень|рассылка|розсилка)s?$",
        r"(?:enter|type) your e-?mail",
        r"(?:jetzt |hier )?(?:den |unseren |zum |kostenlosen )*newsletter (?:abonnieren|anmelden|bestellen)",
        r"(?:abonnez|inscrivez)[- ]vous|(?:suscríbete|inscreva-se|iscriviti)\b.{0,60}",
        r"thank you for (?:subscribing|signing up)",
        r"(?:want|like|love|enjoy(?:ing)?|can't get enough)\b[^.?]{0,80}\? (?:click here to )?"
        r"(?:sign up|subscribe|get|follow us|like us|join)\b[^.?]{0,80}"
        r"\b(?:newsletters?|inbox|e-?mails?|facebook|twitter|instagram)\b",
        r"(?:want|like|love)\b[^.?]{0,80}\byour (?:inbox|phone)\? ",
        r"(?:stay|keep) (?:up[- ]to[- ]date|informed|connected|in the (?:know|loop)|on top of)\b"
        r"[^?]{0,80}\b(?:newsletters?|inbox|subscribe|sign up|our app)\b",
        r"(?:click|tap) here (?:to (?:sign up|subscribe)|for our)\b",
        r"(?:no spam\b|unsubscribe (?:at )?any ?time|you can unsubscribe)",
        r"by (?:signing up|subscribing|submitting|clicking),? (?:you|i) (?:agree|accept|confirm|consent)",
    ),
    _rule(
        "notice",
        "where a text is filed, and that its links are paid for",
        r"this (?:entry|post) was (?:posted|written|published) (?:on|in|by)\b",
        r"this (?:article|column|post|report|story) was (?:originally |first )?published [^?]{0,14}"
        r"\d\d?(?:,| [a-z]{3,9}) (?:19|20)\d\d(?:,? (?:at )?\d\d?:\d\d.{0,8})?\.?$",
        r"(?:posted|published|(?:last )?(?:updated|modified|reviewed)|veröffentlicht|aktualisiert|publié|"
        r"mis à jour|publicado|actualizado|atualizado|pubblicato|aggiornato|opublikowano|опубликовано|"
        r"обновлено|опубліковано|оновлено)\b:?(?:\W{1,2}[^\W\d]+){0,2}\W{1,2}"
        r"(?:\d\d?[./-])?\d\d?(?:\W{1,3}|\W{0,3}(?:de )?[^\W\d]{2,10}\W{1,2}(?:de )?)(?:19|20)\d\d"
        r"(?:\W{1,3}(?:[^\W\d]{1,3} ){0,2}\d{1,2}[:.h]\d\d.{0,12})?"
        r"(?: (?:by|von|par|por|da) [\w.'’ -]{2,40})?\.?$",
        r"(?:first |originally |last )?(?:posted|published|updated|modified)\b:? \d{1,2}:\d\d[^.!?]{0,45}"
        r"\b(?:19|20)\d\d$",
        r"(?:this (?:post|article|page|site) (?:may )?contains? affiliate|we (?:may )?earn (?:a )?commission|"
        r"as an amazon associate|ftc: we use)",
        r"(?:if you (?:like|enjoy)(?:ed)? (?:this|the|our|what)\b.{0,60}"
        r"(?:rate|review|subscribe|share|support|consider))",
    ),
    _rule(
        "photo credit",
        "who took a picture; a caption is no part of the text",
        r"(?:photos?|photograph|pictures?|images?|foto|fotos|bild|bilder|immagine|imagen|фото|صورة|图片|圖片|写真|사진|"
        r"zdjęcie|"
        r"video|illustration|graphic|grafik|infographic|symbolbild|symbolfoto|archivbild|archivfoto|"
        r"file photo|"
        r"cover photo|featured image|title image|zdroj foto|photo credit|image credit|image source|photo by|"
        r"crédit(?:s)? photo|foto di|foto de|foto van|foto av|bildquelle|fotograf\w*)\s*[:：/©|]",
        r"(?:photo|image|picture|video|illustration)s? (?:by|courtesy)\b",
        r"(?:photo|image|picture|video|illustration)s? (?:via|from)\b[^.!?]*$",
        r"(?:reuters|afp|ap|epa|getty|getty images|dpa|imago|picture alliance|shutterstock|unsplash|"
        r"istock)\s?/\s?.{2,60}$",
        r"(?:ap photo|getty images|shutterstock|picture alliance|imago images|unsplash|istock|adobe stock|"
        r"afp via getty)\b"
        r".{0,60}$",
        r"\((?:photo|foto|image|bild|фото|ap photo)\b.{0,80}\)$",
        r"\[(?:featured? |header |cover )?(?:photo|image|picture|screenshot|illustration)s?\b.{0,100}\]$",
        r"(?:featured?|header|lead|main|cover|top) (?:image|photo|picture|illustration)s?(?: credit)? "
        r"(?:by|via|from|courtesy)\b[^.!?]*$",
        r"(?:image|photo|picture)s? (?:credits|sources)\s*[:：]",
        r"(?:(?:click|tap) (?:to|on (?:the )?(?:image|photo|picture)s? to) (?:enlarge|expand|zoom)\b.{0,30}|"
        r"enlarge(?: (?:this )?(?:image|photo|picture)|\s?/.*)?)$",
    ),
    _rule(
        "previous or next",
        "links to the neighbouring articles",
        r"(?:previous|prev|next|vorheriger|nächster|zurück|weiter|précédent|suivant|anterior|siguiente|"
        r"próximo|"
        r"precedente|successivo|предыдущ\w+|следующ\w+|попередн\w+|наступн\w+)"
        r"(?: (?:article|post|story|artikel|beitrag|article|artículo|статья|стаття))?\s*(?:[«»‹›<>→←:|]|$)",
        r"(?:[«‹<←]\s*)(?:previous|prev|zurück|précédent|anterior|назад)",
        r"(?:前|次)(?:の(?:記事|ページ|日記|エントリー?)へ?|へ)\s*(?:[«»‹›<>≪≫→←:：].*|$)",
        r"(?:(?:上|下)一(?:篇|页|頁|则|則)|(?:이전|다음)\s?(?:글|기사|페이지))\s*(?:[:：].*|$)",
    ),
    _rule(
        "read more",
        "a link to another article, set between paragraphs",
        r"(?:read|see|watch|listen|hear)(?: (?:also|more|next|on|this|the full (?:story|"
        r"article)))\s*(?:[:：|»>→-].*|$)",
        r"(?:read|learn|find out|see|discover|show|load) more(?: (?:at|about|here|on|from|stories|"
        r"news)\b.{0,80})?[.:…»>→]*$",
        r"(?:(?:most (?:read|viewed|shared|popular|commented)|latest|top|popular|trending|featured|related|"
        r"recommended|suggested|promoted) (?:stories|articles|news|headlines|posts|videos?|galleries)|"
        r"more from our \w+|you might (?:also )?like|(?:what to|read this) (?:read )?next|"
        r"continue reading|read (?:the )?full (?:story|article))\s*(?:[:：|»>→…].*|$)",
        r"in case you missed it:?$|before you go, (?:we thought|check out|read)\b.{0,60}$",
        r"click here (?:to (?:read|see|view|watch)|for (?:more|the))\b[^.]{0,80}$",
        r"(?:see|view|more|all) (?:all |the |more |our )*(?:photos?|pictures|images|photo galler(?:y|ies)|"
        r"galler(?:y|ies)|slide ?shows?|videos?)(?: from [^.]{2,40})?(?: ?\([^)]*\))?\s*[:»>→]?$",
        r"(?:more|gallery|photo gallery|slide ?show)\s*[:：|»→].{3,}(?<![.!?…])$|watch\s*[:：|»→].{3,100}$",
        r"(?:also read|related|related (?:story|stories|article|articles|news|posts|content|coverage|topics)|"
        r"read this next|(?:top|trending|popular) (?:posts|videos)|popular stories|latest headlines|"
        r"what others are reading|people also read|"
        r"more (?:stories|news|on this(?: (?:topic|story|subject))?|from|in|like this)|see also|"
        r"recommended(?: reading)?|don'?t miss|"
        r"must read|"
        r"you m(?:ay|ight) (?:also )?(?:like|enjoy)|editor'?s? (?:picks?|choice)|most (?:read|popular)|"
        r"trending(?: now| stories)?|up next|recommended (?:for you|stories|articles|videos)|"
        r"related (?:videos?|galler(?:y|ies)|slideshows?|links)|top stories|latest (?:news|stories|videos)|"
        r"explore further|what to (?:read|watch) next|(?:now|must) (?:read|watch)(?: this)?)"
        r"\s*(?:[:：|»>→].*|$)",
        r"(?:also:?|click here (?:to (?:read|see|get|subscribe|sign up|watch|view)|for)\b.{0,100})$",
        r"for more(?: (?:on|about|from) .{2,40})?, (?:read|watch|see)\b[^.]{0,60}:.{0,120}$",
        r"(?:lesen sie (?:auch|mehr|dazu|hier)|mehr (?:zum thema|dazu|lesen)|zum thema|auch interessant|"
        r"das könnte (?:sie|dich) (?:auch )?interessieren|weiterlesen|weitere (?:artikel|themen|meldungen))"
        r"\s*(?:[:：|»>→].*|$)",
        r"(?:à lire (?:aussi|également)|lire (?:aussi|également|la suite)|sur le même (?:sujet|thème)|"
        r"voir aussi)\s*(?:[:：|»>→].*|$)",
        r"(?:l[ée]e (?:también|más)|leer (?:también|más)|te puede interesar|le puede interesar|"
        r"más información|"
        r"noticias relacionadas|leia (?:também|mais)|veja também|leggi anche|"
        r"potrebbe interessarti)\s*(?:[:：|»>→].*|$)",
        r"(?:читайте? (?:также|ещё|еще|по теме)|по теме|материалы по теме|читати також|читайте також|"
        r"дивіться також|"
        r"смотрите также|популярное|главное)\s*(?:[:：|»>→].*|$)",
        r"(?:اقرأ أيضا[ًً]?|إقرأ أيضا[ًً]?|اقرأ المزيد|مواضيع ذات صلة|شاهد أيضا[ًً]?)\s*(?:[:：|»>→].*|$)",
        r"(?:相关阅读|延伸阅读|相關新聞|延伸閱讀|更多新闻|関連記事|あわせて読みたい|"
        r"관련기사|관련 기사)\s*(?:[:：|»>→].*|$)",
        r"(?:lees ook|lees meer|les også|læs også|läs (?:också|även|mer)|czytaj (?:także|też|więcej)|"
        r"zobacz (?:także|też)|"
        r"čtěte také|olvassa el|ilgili haber(?:ler)?|lue myös)\s*(?:[:：|»>→].*|$)",
        r"関連(?:する記事|記事|ニュース|リンク|サイト|エントリー?|キーワード)(?:一覧)?\s*(?:[:：|»>→].*|$)",
        r"(?:あわせて読む|続きを読む|続きはこちら|もっと(?:見る|読む)|(?:おすすめ|お勧め|オススメ|人気|注目|最新|新着|最近)の?記事(?:一覧|ランキング)?|(?:アクセス|人気)ランキング|こちらもおすすめ)\s*(?:[:：|»>→].*|$)",
        r"(?:この記事に関連する|(?:こちらの|この)記事も(?:おすすめ|読まれて)).{0,20}$",
        r"(?:推荐阅读|推薦閱讀|相关(?:文章|新闻|链接|报道)|相關(?:文章|連結|報導)|热门(?:文章|新闻|推荐)|熱門(?:文章|新聞)|猜你喜[欢歡]|更多(?:文章|新聞|报道|報導))\s*(?:[:：|»>→].*|$)",
        r"(?:관련\s?(?:뉴스|글)|인기\s?(?:기사|뉴스)|많이\s?본\s?(?:뉴스|기사)|추천\s?(?:기사|뉴스)|최신\s?(?:기사|뉴스)|더\s?보기)\s*(?:[:：|»>→].*|$)",
    ),
    _rule(
        "share",
        "buttons",
        r"(?:share|tweet|print|email|e-?mail|save|copy link|link copied|bookmark|listen|facebook|twitter|"
        r"whatsapp|telegram|"
        r"linkedin|reddit|pinterest|flipboard|pocket|messenger|teilen|drucken|merken|partager|imprimer|"
        r"compartir|"
        r"compartilhar|condividi|delen|del|dela|udostępnij|поделиться|поділитися|شارك|مشاركة|分享|공유|シェア)$",
        r"(?:share|teilen|partager|compartir|condividi|поделиться|поділитися)"
        r" (?:this|on|via|with|auf|sur|en|su|l'article|cet article|в|у)\b.{0,60}$",
        r"(?:please )?share (?:this|it) .{0,100}\bbuttons?\b.{0,20}$",
        r"(?:please |(?:be sure|don't forget|remember) to )(?:like and )?share this "
        r"(?:article|post|story|page|video|recipe)\b.{0,80}$",
        r"(?:please )?(?:like and )?share (?:this )?if you (?:agree|like|love|support)\b.{0,80}$",
        r"(?:copy|print) (?:the )?(?:link|url|article|page)",
        r"listen to (?:this|the) (?:article|story)\b.{0,20}$",
        r"(?:ツイート(?:する)?|(?:この記事を)?シェアする|この記事をシェア|いいね[!！]?|はてなブックマーク(?:に追加)?|lineで送る|(?:twitter|facebook|line|x)で(?:シェア|共有)(?:する)?|分享(?:到|至)[:：]?|공유하기|(?:url|링크)\s?복사|urlをコピー)$",
    ),
    _rule(
        "sponsored",
        "paid links",
        r"(?:sponsored|promoted|paid|partner|branded)(?: (?:content|post|links?|by|stories))?$",
        r"(?:sponsored by|paid for by|presented by|in partnership with)\b.{0,60}$",
        r"(?:gesponsert|promotion|anzeige von|contenu sponsorisé|contenido patrocinado|патнерский материал|"
        r"партнерский материал|на правах рекламы)$",
        r"(?:around the web|from our partners$|from the web|recommended by outbrain|taboola)",
    ),
    _rule(
        "subscribe",
        "prompts to pay",
        r"(?:subscribe|log in|sign in|register|become a member|subscribers?|already a (?:subscriber|"
        r"member))\b"
        r".{0,60}(?:to (?:read|continue|unlock|access|view|get)|now$|today$|here$|\?)",
        r"(?:support (?:us|our (?:work|journalism)|independent journalism)|donate(?: now)?$|"
        r"make a (?:donation|contribution))",
        r"(?:jetzt abonnieren|bereits (?:abonnent|registriert)|weiterlesen mit|mit .{2,20}\+ weiterlesen)",
        r"(?:article réservé aux abonnés|il vous reste \d+ ?% de cet article|"
        r"contenido exclusivo para suscriptores)",
        r"(?:この記事は(?:会員|有料)(?:限定|会員|登録)|(?:ログイン|会員登録)(?:して|すると)(?:続き|全文)|続きを読むには)",
    ),
    _rule(
        "top",
        "links within the page",
        r"(?:back to top|to top|top|nach oben|retour en haut|volver arriba|наверх|table of contents|"
        r"inhaltsverzeichnis|"
        r"jump to|skip to (?:main )?content|close|menu|search|home|loading(?:…|\.\.\.)?)$",
        r"(?:目次|ページの?(?:トップ|先頭)へ(?:戻る)?|(?:トップ|top)[へに]戻る|返回(?:顶部|首页)|回到?頂部|맨\s?위로|목차)$",
    ),
    _rule(
        "topics",
        "lists of tags and times of reading",
        r"(?:tags?|topics?|keywords?|categor(?:y|ies)|filed under|posted in|schlagwörter|schlagworte|"
        r"themen|mots[- ]clés|"
        r"etiquetas|temas|теги|ключевые слова|labels?)\s*[:：].{0,150}$",
        r"(?:tags?|topics?|keywords?|temas|теги)$",
        r"(?:\d+|one)[- ](?:min(?:ute)?s?)(?: of)?[- ]?read(?:ing)?(?: time)?$",
        r"(?:reading time|lesezeit|temps de lecture|tiempo de lectura|время чтения)\b.{0,30}$",
        r"(?:タグ|カテゴリー?|キーワード|标签|標籤|关键词|關鍵[字詞]|키워드|태그)\s*(?:[:：].{0,150}$|$)",
    ),
)  # fmt: skip

# After these a list of teasers follows, and at the end of a page nothing else.
_OPENS_TEASERS = frozenset({"author box", "read more", "sponsored", "previous or next", "comments"})

# A teaser set into one block ends in its age, where a sentence of a story would end in a stop.
_SHORTEST_AGED, _LONGEST_TEASER = 12, 400
_ENDS_IN_AGE = re.compile(rf".{{12,}}\s(?:{'|'.join(AGES)})", re.DOTALL)

_EDGES = " \t•·|–—-*►▶▸▷→←»«›‹>#📷📸✉■□◆◇●○▼▽▲△・【】"
# The sign of who wrote it may follow: "(phy)".
_SENTENCE_END = re.compile(r"[.!?…。！？।॥؟۔։።፧፨༎༏།។៕။၊᠃]['\"”’“‘»«›‹)\]」』）】》〉]*(?:\s?\(\w{2,6}\))?$")


def furniture(line: str) -> Rule | None:
    """The rule by which a line is furniture; None for text."""
    # Paragraphs are told by their length, and are too large to be remembered.
    return _furniture(line) if len(line) <= LONGEST_CONSENT else None


@lru_cache(maxsize=2048)
def _furniture(line: str) -> Rule | None:
    if _ends_in_age(line):
        return AGE
    lower = line.lower()
    if _TOLD.match(line):
        return None
    if "©" in line and _RESERVED.search(lower):
        return COPYRIGHT
    if len(line) > LONGEST_PHRASE:
        return CONSENT if CONSENT.pattern.match(lower) else None
    bare = lower.strip(_EDGES).replace("’", "'")
    if not any(map(str.isalnum, bare)):
        return RULES[-1]
    found = _ANY.match(bare)
    # An arrow before "Previous" is what tells it from a sentence that begins so.
    if found is None and bare != lower:
        found = _ANY.match(lower)
    return _BY_GROUP[found.lastgroup] if found and found.lastgroup else None


# What begins with words in quotation marks and goes on is told by the text, whatever is quoted.
_TOLD = re.compile(r"[«„“\"‚‘‹「『][^»”“\"’›」』]{3,}[»”“\"’›」』]\s*[,.]?\s*\w")
# One pattern of all rules, because a page has hundreds of lines and most of them are text.
_BY_GROUP = {f"rule{number}": rule for number, rule in enumerate(RULES)}
_ANY = re.compile("|".join(f"(?P<{group}>{rule.pattern.pattern})" for group, rule in _BY_GROUP.items()))
AGE = next(rule for rule in RULES if rule.name == "age")
CONSENT = next(rule for rule in RULES if rule.name == "consent")
COPYRIGHT = next(rule for rule in RULES if rule.name == "copyright")
# Imprints run long, and say this in any place.
_RESERVED = re.compile(
    r"all rights reserved|may not be (?:published|reproduced|copied)|alle rechte vorbehalten|"
    r"tous droits réservés|"
    r"(?:todos los|todos os) (?:derechos|direitos) reservados|tutti i diritti (?:sono )?riservati|"
    r"alle rechten voorbehouden|wszelkie prawa zastrzeżone|все права защищены|усі права захищені|"
    r"tüm hakları saklıdır|hak cipta dilindungi|無断転載|版权所有|無斷轉載|무단 ?전재"
)


def _ends_in_age(line: str) -> bool:
    if not _SHORTEST_AGED < len(line) <= _LONGEST_TEASER:
        return False
    lower = line.lower()
    return (
        _may_end_in_age(lower)
        and _SENTENCE_END.search(line) is None
        and _ENDS_IN_AGE.fullmatch(lower) is not None
    )


def names_its_target(line: str) -> bool:
    """Whether a line says itself what it leads to: "Related: Five boats". Then no list follows."""
    return _NAMED_TARGET.search(line) is not None


_NAMED_TARGET = re.compile(r"[:：|»>→]\s*\w")


def opens_teasers(rule: Rule) -> bool:
    """Whether what follows such a line is a list of links to other articles."""
    return rule.name in _OPENS_TEASERS


def reads_as_prose(line: str) -> bool:
    """Whether a line reads as a paragraph of a story: long, or of some words with a stop at its end."""
    return _is_weighty(line, text_weight(line))


def _is_weighty(line: str, weight: float) -> bool:
    return weight >= 160 or (weight >= 60 and ends_sentence(line))


def prose_weight(line: str, linked: int) -> float:
    """Weight of a line that reads as prose and of which less than a half is linked; 0 for others."""
    if linked * 2 >= len(line):
        return 0.0
    weight = text_weight(line)
    return weight if _is_weighty(line, weight) else 0.0


def ends_sentence(line: str) -> bool:
    """Whether a line ends as sentences do."""
    return _SENTENCE_END.search(line[-12:]) is not None


def is_author_line(line: str) -> bool:
    """Whether a line says by whom something is, and nothing else."""
    return _AUTHOR_LINE.match(line) is not None


_AUTHOR_LINE = re.compile(r"^(?:by|von|par|por|di|da|автор:?|автор|от|від|بقلم)\s+\S.{1,60}$", re.IGNORECASE)


def is_byline(line: str) -> bool:
    """Whether a short line says by whom or when something was written, or only where."""
    return len(line) <= _LONGEST_BYLINE and (
        is_author_line(line)
        or _DATED.search(line) is not None
        or (not ends_sentence(line) and len(line) < _LONGEST_LABEL)
    )


def states_facts(line: str) -> bool:
    """Whether a line states facts of an article by name: "Published by: … - Category: … - Tags: …"."""
    short = len(line) <= _LONGEST_STATEMENT and line.count(":") >= _LEAST_STATED
    return short and len(_STATED.findall(line)) >= _LEAST_STATED


_STATED = re.compile(
    r"\b(?:posted|published|written|publicad[oa]|publié|pubblicat[oa]|escrito|rédigé|veröffentlicht|"
    r"geschrieben|verfasst|geplaatst|geschreven|publicerad|publisert|udgivet|opublikowan[oey]|dodano|"
    r"опубликовано|опубліковано|размещено|yayınlan\w+|diterbitkan|đăng)"
    r"(?:\s(?:by|on|in|por|par|von|am|da|di|il|le|el|em|en|door|op|av|den|af|przez|автором))?\s?:|"
    r"\b(?:authors?|autor[ae]?s?|auteurs?|autorin|redattore|forfatter|författare|автор|yazar|penulis|tác giả|"
    r"categor(?:y|ies)|categor[ií]as?|cat[ée]gories?|kategorien?|kategorier?|categorie[ën]?|kategori[ae]?|"
    r"категори[яи]|рубрика|rubri[kc]a?|rubriken?|filed under|tags?|etiquetas?|schlagwörter|mots[- ]clés|"
    r"etichette|метки|теги|etiketler|date|datum|fecha|data|дата|tarih|source|quelle|fuente|fonte|источник)\s?:",
    re.IGNORECASE,
)
_LEAST_STATED = 2
_LONGEST_STATEMENT = 200


def says_age(line: str) -> bool:
    """Whether a short line says how long ago something was written."""
    lower = line.lower()
    return _may_end_in_age(lower) and _AGE_IN_LINE.search(lower) is not None


def _may_end_in_age(lower: str) -> bool:
    """Whether a line has what each of `AGES` has: cheap, as hardly any line has it."""
    return lower.endswith(_ENDS_OF_AGES) or any(map(lower.__contains__, _BEGINNINGS_OF_AGES))


_ENDS_OF_AGES = (
    "ago",
    "ago.",
    "just now",
    " fa",
    "назад",
    "тому",
    "önce",
    "temu",
    "前",
    "전",
    " siden",
    " sedan",
    " geleden",
    " lalu",
    " trước",
)
_BEGINNINGS_OF_AGES = (
    "vor ", "il y a ", "hace ", "há ", "قبل ", "منذ ", "před ", "pred ", "acum ", "prije ", "pre ", "πριν "
)  # fmt: skip
_AGE_IN_LINE = re.compile("|".join(AGES))
_LONGEST_BYLINE = 90
_LONGEST_LABEL = 20
_DATED = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[:.h]\d\d\b|\d{4}年")


def text_weight(text: str) -> float:
    """Characters of `text`, those of scripts without spaces counted 2.5 times as they say more each."""
    if text.isascii():
        return len(text)
    return _weight(text) if len(text) <= _MOST_REMEMBERED else _weight.__wrapped__(text)


# A line's weight is asked for several times, and that of a longer one less often.
_MOST_REMEMBERED = 1000


@lru_cache(maxsize=2048)
def _weight(text: str) -> float:
    return len(text) + 1.5 * len(_DENSE.findall(text))


_DENSE = re.compile(
    "[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]"
)


def squeeze(text: str) -> str:
    """The letters and digits of `text`, case folded: for comparing lines however they are set."""
    if text.isascii():
        return text.lower().encode().translate(None, _ASCII_MARKS).decode()
    return _NOT_LETTERS.sub("", text.casefold())


_NOT_LETTERS = re.compile(r"[\W_]+")
_ASCII_MARKS = bytes(code for code in range(128) if not chr(code).isalnum())
