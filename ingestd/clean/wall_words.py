"""What walls and error pages say, by language: data for `verdict`.

Every pattern is matched against a title, a part of a title, or a line, in lower case with its white space
folded and a full stop at its end taken off. Those called `…_TITLE` must fill it, because titles of articles
go on after such words ("Access denied: how a library lost its books"); the others are looked for in short
lines alone, and are worded to the reader ("to continue, prove that you are …"), as articles about such
pages are not. The names of the languages stand in the order en de fr es it pt nl sv/no/da/fi pl cs hu ro ru
uk tr el ar fa he id vi th zh ja ko.
"""

import re


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


# ------------------------------------------------------------------------------- proof of being human

BOT_TITLE = _any(
    r"just a moment(?:\.\.\.|…)?",
    r"attention required!?(?: cloudflare)?",
    r"access (?:to this page has been )?denied",
    r"access to this page has been blocked",
    r"(?:403 )?forbidden|403 forbidden|error 1\d\d\d",
    r"you (?:have been|are) blocked|sorry, you have been blocked",
    r"are you (?:a )?(?:robot|human|bot)\??",
    r"(?:robot|bot|captcha|human|security|browser|ddos)[ -](?:or human|check|challenge|verification|"
    r"protection)"
    r"(?: required)?\??",
    r"making sure (?:that )?you(?:'re| are) not a (?:ro)?bot|"
    r"your access to this (?:site|page|service) has been limited.{0,30}",
    r"captcha",
    r"(?:client|javascript) challenge",
    r"challenge validation",
    r"pardon our interruption(?:\.\.\.|…)?",
    r"please (?:wait|verify (?:that )?you(?:'re| are) (?:a )?human)(?:\.\.\.|…)?.{0,30}",
    r"one (?:moment|more step)(?:, please|\.\.\.|…)?|one more step",
    r"verify(?:ing)? (?:that )?you(?:'re| are) (?:a )?(?:human|not a (?:ro)?bot)",
    r"verifying your browser(?:\.\.\.|…)?|checking your browser(?:\.\.\.|…|.{0,60})?",
    r"validate user|user verification|request (?:rejected|blocked)|web ?page blocked!?",
    r"ddos-guard|sucuri website firewall.*|incapsula|stackpath|radware bot manager captcha|"
    r".{0,40}incident id.{0,60}",
    r"einen moment(?: bitte)?(?:,|\.\.\.|…)*|nur einen moment(?:\.\.\.|…)?|sicherheitsüberprüfung|"
    r"zugriff verweigert",
    r"(?:juste )?un (?:instant|moment)(?: s'il vous plaît)?(?:\.\.\.|…)?|accès (?:refusé|interdit)|"
    r"vérification de sécurité|(?:êtes-vous|vous êtes) (?:humain|un robot) ?\??",
    r"un momento(?:, por favor)?(?:\.\.\.|…)?|acceso denegado|verificación de seguridad|¿eres (?:un robot|"
    r"humano)\?",
    r"un momento(?:\.\.\.|…)?|ci siamo quasi(?:\.\.\.|…)?|accesso negato|verifica di sicurezza",
    r"(?:só )?um momento(?:\.\.\.|…)?|acesso negado|verificação de segurança",
    r"een moment(?: geduld)?(?:\.\.\.|…)?|toegang geweigerd",
    r"(?:bara )?ett ögonblick(?:\.\.\.|…)?|et øjeblik(?:\.\.\.|…)?|et øyeblikk(?:\.\.\.|…)?|"
    r"hetkinen(?:\.\.\.|…)?",
    r"(?:jeszcze )?chwil(?:eczk)?[aę](?:\.\.\.|…)?|dostęp zabroniony|okamžik(?:\.\.\.|…)?|"
    r"egy pillanat(?:\.\.\.|…)?",
    r"один момент(?:\.\.\.|…)?|проверка (?:браузера|безопасности)|доступ (?:запрещ[её]н|ограничен)|"
    r"вы не робот\??",
    r"зачекайте(?:\.\.\.|…)?|перевірка (?:браузера|безпеки)|доступ (?:заборонено|обмежено)",
    r"bir dakika lütfen(?:\.\.\.|…)?|güvenlik (?:kontrolü|doğrulaması)|erişim engellendi",
    r"لحظة(?: من فضلك)?(?:\.\.\.|…)?|التحقق الأمني|تم رفض الوصول",
    r"请稍候(?:\.\.\.|…|⋯)*|請稍候(?:\.\.\.|…|⋯)*|安全验证|安全驗證|人机验证|访问被拒绝|百度安全验证",
    r"しばらくお待ちください(?:\.\.\.|…)?|アクセスが拒否されました|잠시만 기다리(?:십시오|세요)(?:\.\.\.|…)?|"
    r"접근이 거부되었습니다",
)
BOT_LINE = _any(
    r"(?:verify|verifying|confirm|prove|checking) (?:that )?(?:if )?(?:you(?:'re| are)|the site connection|"
    r"you) "
    r"(?:a )?(?:human|not a (?:ro)?bot|is secure)",
    r"checking (?:your browser|if the site connection is secure)",
    r"enable javascript and cookies to continue|please (?:enable|turn on) (?:js|javascript|cookies)"
    r"(?: and (?:disable any ad blocker|cookies|javascript|reload))",
    r"(?:please )?complete the (?:captcha|security check|challenge)",
    r"(?:detected|noticed) (?:some )?unusual (?:traffic|activity) (?:from|coming from|on) your",
    r"press (?:and|&) hold (?:the button )?to confirm you are",
    r"you (?:have been|are being|were) (?:blocked|rate limited)|your (?:request|access|ip) (?:has been|was|"
    r"is) "
    r"(?:blocked|denied|temporarily limited)",
    r"your access to this (?:site|service|page) has been limited|the requested url was rejected|"
    r"you are seeing this because the administrator .{1,200}|if you think you have been blocked in error|"
    r"you don't have permission to access .{1,200} on this server",
    r"(?:this website|this site) is using a security service to protect itself",
    r"(?:incapsula|cloudflare|akamai) (?:incident|ray) id|^(?:incident|ray|reference|event) ?(?:id|#)[:#. ]",
    r"request unsuccessful\. incapsula",
    r"as you were browsing\b.{0,60}something about your browser made us think you (?:were|might be) a bot|"
    r"access to (?:this|the requested) (?:resource|page|"
    r"site) (?:was|is|has been) denied|^your support id is.{0,60}",
    r"slide (?:right )?to (?:complete|verify|secure)|i'?m not a robot",
    r"(?:bestätigen|beweisen) sie,? dass sie (?:ein mensch|kein roboter) sind|"
    r"wir (?:prüfen|überprüfen) ihren browser|aktivieren sie javascript und cookies",
    r"(?:confirmez|prouvez|vérifi\w+) que vous (?:êtes (?:un )?humain|n'êtes pas un robot)|"
    r"veuillez activer javascript et les cookies",
    r"(?:confirma|confirme|verifica|verifique|demuestre) que (?:eres|es|usted es) (?:un )?humano|"
    r"que no (?:eres|es) un robot|habilita(?:r)? javascript y las cookies",
    r"(?:verifica|conferma|dimostra) (?:di essere|che sei) (?:un )?(?:essere )?uman[oa]|"
    r"di non essere un robot",
    r"(?:verifique|confirme|prove) (?:que|se) você (?:é (?:um )?(?:ser )?humano|não é um robô)",
    r"(?:bevestig|controleer) (?:dat|of) (?:je|u) (?:een mens|geen robot) bent",
    r"(?:bekräfta|verifiera) att du är (?:en )?människa|bekreft at du (?:er et menneske|ikke er en robot)",
    r"potwierdź,? że (?:jesteś człowiekiem|nie jesteś robotem)|ověřte,? že jste člověk",
    r"подтвердите,? что (?:вы не робот|вы человек|запросы отправляли вы)|мы проверяем ваш браузер|"
    r"підтвердіть,? що ви (?:не робот|людина)",
    r"(?:insan|robot) (?:olduğunuzu|olmadığınızı) doğrulayın|تحقق من أنك إنسان|أثبت أنك لست روبوت",
    r"(?:请|請)?(?:完成|进行|進行)(?:安全|人机)?(?:验证|"
    r"驗證)|确认您(?:是真人|不是机器人)|您的访问(?:出现异常|被拦截)",
    r"人間であることを(?:確認|証明)|ロボットではない|사람인지 확인|로봇이 아닙니다",
)
# Of pages that a vendor's guard wrote; some also stand on pages that it let through.
BOT_MARKUP = (
    "/_fs-ch-",
    "_cf_chl_opt",
    "_incapsula_resource?",
    "awswafintegration",
    "captcha-delivery.com",
    "cdn-cgi/challenge-platform/h/",
    "cf-browser-verification",
    "cf-error-details",
    "challenges.cloudflare.com",
    "ddos-guard",
    "errors.edgesuite.net",
    "hcaptcha.com/1/api.js",
    "human-challenge",
    "perfdrive.com",
    "px-captcha",
    "sec-if-cpt-container",
    "sucuri_cloudproxy",
    "window._pxappid",
)

# ------------------------------------------------------------------------------- no such page

NOT_FOUND_TITLE = _any(
    r"(?:error )?404(?: error)?(?:[ :,.!–-]+(?:error|page|file|seite|página|page|oops).{0,40})?",
    r"(?:error[ :]*)?(?:404[ :–-]*)?(?:(?:the |this |requested )*(?:page|article|content|document|story|file|"
    r"post) )?"
    r"(?:was |could |can )?(?:not found|not be found|cannot be found|can'?t be found|doesn'?t exist|"
    r"does not exist|no longer (?:exists|available)|is no longer available|not available|unavailable)"
    r"(?:[ !]*\(?(?:error )?404\)?)?!?",
    r"(?:oops|sorry|uh oh|whoops)[!,.… ]+.{0,40}(?:not found|can'?t (?:find|be found)|doesn'?t exist|"
    r"404).{0,40}",
    r"nothing (?:was )?found(?: here)?|we can'?t find (?:that|the) page.{0,40}",
    r"(?:404[ :–-]*)?(?:(?:die |diese |angeforderte )*(?:seite|artikel|inhalt|dokument|beitrag) )?(?:wurde |"
    r"konnte )?"
    r"(?:leider )?(?:nicht gefunden|existiert nicht(?: mehr)?|"
    r"nicht (?:mehr )?verfügbar)(?: werden)?(?: \(?404\)?)?!?",
    r"(?:erreur )?(?:404[ :–-]*)?(?:(?:la |cette )?(?:page|article|document) )?(?:est )?(?:introuvable|"
    r"non trouvée?|(?:est )?inexistante?|n'existe (?:pas|plus))(?: \(?404\)?)?",
    r"(?:error )?(?:404[ :–-]*)?(?:(?:la |el |esta )?(?:página|artículo|"
    r"contenido) )?(?:no (?:se ha )?encontrad[ao]|"
    r"no (?:existe|disponible)|no se (?:ha )?(?:encuentra|encontrado))(?: \(?404\)?)?",
    r"(?:errore )?(?:404[ :–-]*)?(?:(?:la )?(?:pagina|articolo) )?non (?:è stata )?(?:trovat[ao]|esiste|"
    r"disponibile)",
    r"(?:erro )?(?:404[ :–-]*)?(?:(?:a )?(?:página|conteúdo) )?não (?:foi )?(?:encontrad[ao]|existe|"
    r"disponível)",
    r"(?:404[ :–-]*)?(?:(?:deze )?(?:pagina|artikel) )?(?:is )?niet (?:gevonden|beschikbaar)|"
    r"pagina bestaat niet(?: meer)?",
    r"(?:404[ :–-]*)?(?:sidan|artikeln) (?:kunde inte hittas|hittades inte|finns inte)(?: längre)?|"
    r"(?:404[ :–-]*)?(?:siden|artikkelen|artiklen) (?:ble|blev|finnes|findes)? ?(?:ikke)(?: funnet| fundet)?|"
    r"sivua ei löyt(?:ynyt|dy)",
    r"(?:404[ :–-]*)?(?:strona|artykuł) nie (?:została? )?(?:znalezion[ay]|istnieje)|"
    r"nie znaleziono(?: strony)?|"
    r"stránka (?:nebyla )?nenalezena|stránka nebyla nalezena|az oldal nem található|pagina nu a fost găsită",
    r"(?:ошибка )?(?:404[ :–-]*)?(?:страниц[аы]|материал|статья) (?:не (?:найден[ао]?|существует)|"
    r"удал[её]н[ао]?)|"
    r"(?:помилка )?(?:404[ :–-]*)?(?:сторінк[ау]|матеріал) (?:не (?:знайдено|існує)|видалено)",
    r"(?:404[ :–-]*)?sayfa (?:bulunamadı|yok)|η σελίδα δεν βρέθηκε|halaman tidak ditemukan|"
    r"không tìm thấy trang|ไม่พบหน้า.{0,20}",
    r"(?:404[ :–-]*)?(?:عذراً?،? ?)?(?:لم يتم العثور على الصفحة|الصفحة (?:غير موجودة|المطلوبة غير موجودة))|"
    r"صفحه (?:مورد نظر )?(?:پیدا|یافت) نشد|הדף לא נמצא|העמוד לא נמצא",
    r"(?:404[ :–-]*)?(?:您访问的|您要找的)?(?:页面|頁面|网页|"
    r"文章)(?:不存在|未找到|已删除|不见了|找不到了?)|找不到(?:该|此)?(?:页面|頁面)",
    r"(?:404[ :–-]*)?(?:お探しの|ご指定の)?(?:ページ|記事)(?:が|"
    r"は)(?:見つかりません.{0,10}|存在しません|削除されました)|"
    r"페이지를 찾을 수 없습니다",
)
NOT_FOUND_LINE = _any(
    r"(?:the|this) (?:page|article|content|document|story|link|post|url) (?:that )?(?:you(?:'re| are| were|"
    r"'ve| have|) "
    r"(?:looking for|look(?:ed)? for|requested|trying to (?:reach|access|view|find)|tried to (?:reach|access|"
    r"open)) )?"
    r"(?:was not found|could not be found|cannot be found|can'?t be found|doesn'?t exist|does not exist|"
    r"(?:may|might) have (?:been )?(?:moved|removed|deleted|expired|changed)|"
    r"(?:has|have) (?:been )?(?:moved|removed|deleted|expired)|is no longer available|no longer exists|"
    r"isn'?t available)",
    r"^it (?:may|might) have been (?:moved|removed|deleted|renamed|expired)(?:,? (?:or|"
    r"renamed|deleted).{0,40})?[.!]?$|^sorry,? (?:but )?(?:we can'?t find|"
    r"we couldn'?t find|(?:the|this) (?:page|story|article)|nothing was found)\b.{0,80}|"
    r"^it (?:looks|seems) like (?:nothing was found|this page|the page|we can'?t find)\b.{0,60}",
    r"^we (?:can'?t|couldn'?t|could not|cannot|can not|are unable to|were unable to) (?:seem to )?(?:find|"
    r"locate) "
    r"(?:the|that|this|a) page",
    r"(?:die|diese|der|dieser|dieses) (?:von ihnen )?(?:gesuchte|gewünschte|aufgerufene|angeforderte)?\s?"
    r"(?:seite|artikel|inhalt|link|beitrag) (?:gibt es (?:nicht|leider nicht)|"
    r"wurde (?:leider )?(?:nicht gefunden|gelöscht|"
    r"verschoben|entfernt)|existiert (?:leider )?nicht|konnte (?:leider )?nicht gefunden|"
    r"ist (?:leider )?nicht (?:mehr )?"
    r"(?:verfügbar|vorhanden))",
    r"la page (?:que vous (?:recherchez|cherchez|avez demandée|demandez) )?(?:est introuvable|"
    r"n'existe (?:pas|plus)|"
    r"n'a pas été trouvée|a été (?:supprimée|déplacée)|n'est (?:pas|plus) disponible)",
    r"la página (?:que (?:buscas?|está buscando|intentas|ha solicitado|"
    r"solicitaste)\b.{0,25} )?(?:no (?:existe|se encuentra|"
    r"ha sido encontrada|está disponible)|ha sido (?:eliminada|movida)|ya no (?:existe|está))",
    r"la pagina (?:che (?:stai|hai|cerchi)\b.{0,25} )?non (?:esiste|è (?:stata trovata|disponibile|"
    r"più disponibile))",
    r"a página (?:que (?:você )?(?:procura|está procurando|tentou acessar) )?(?:não (?:existe|foi encontrada|"
    r"está disponível)|"
    r"foi (?:removida|excluída))",
    r"de (?:opgevraagde )?pagina (?:die (?:je|u) zoekt )?(?:bestaat niet|is niet gevonden|"
    r"kan niet worden gevonden)",
    r"sidan (?:du (?:söker|letar efter) )?(?:kunde inte hittas|finns inte|har tagits bort)|"
    r"siden (?:du (?:leter etter|leder efter|søkte etter) )?(?:finnes ikke|findes ikke|ble ikke funnet|"
    r"eksisterer ikke)",
    r"strona,? której szukasz,? (?:nie istnieje|nie została)|(?:podana |szukana )?strona nie istnieje|"
    r"(?:požadovaná )?stránka (?:neexistuje|nebyla nalezena)",
    r"(?:запрашиваемая|запрошенная|такая|данная|такой|этой) (?:вами )?страниц[аы] (?:не (?:найдена|"
    r"существует)|"
    r"была удалена|удалена|нет)|такої сторінки (?:не існує|немає)|(?:запитувана )?сторінк[ау] (?:не існує|"
    r"не знайдено|видалено)",
    r"aradığınız (?:sayfa|içerik|haber) (?:bulunamadı|mevcut değil|kaldırılmış)|"
    r"(?:الصفحة|المقال) (?:التي|الذي) (?:تبحث عنها?|طلبتها?|تحاول) .{0,30}(?:غير موجود|لم يتم|تم حذف|"
    r"غير متاح)",
    r"(?:您|你)(?:访问|要找|请求|訪問|查找)的?(?:页面|頁面|网页|文章|内容)(?:不存在|已(?:被)?删除|找不到)|"
    r"お探しのページ|指定された(?:ページ|url)|요청하신 페이지",
)

# ------------------------------------------------------------------------------- the server fails

ERROR_TITLE = _any(
    r"(?:error |http )?(?:status )?5\d\d(?:[ :–-]+.{0,40})?|"
    r"(?:451[ :–-]+)?unavailable (?:due to|for) legal reasons|"
    r"(?:this (?:site|content|page) is )?not available in your (?:country|region)",
    r"(?:(?:error |http )?5\d\d[ :–-]*)?(?:temporarily unavailable|"
    r"(?:the )?service (?:is )?(?:temporarily )?unavailable|"
    r"bad gateway|gateway time-?out|internal server error|web server is (?:down|returning an unknown error)|"
    r"server error(?: in '/' application)?|origin is unreachable|connection timed out|"
    r"too many requests)(?: 5\d\d)?",
    r"(?:too many requests|429 too many requests|over (?:capacity|quota)|bandwidth limit exceeded|"
    r"resource limit is reached)",
    r"(?:error establishing a )?database (?:connection )?error|error establishing a database connection|"
    r"database error",
    r"(?:site |website |we(?:'re| are) )?(?:(?:is )?(?:currently )?(?:down for|under|in|"
    r"undergoing)) (?:scheduled )?"
    r"maintenance(?: mode)?|(?:scheduled )?maintenance(?: mode| in progress)?|"
    r"we'?ll be (?:right )?back(?: soon| shortly)?!?",
    r"(?:application error|an error (?:has )?occurred|something went wrong|unexpected error|runtime error|"
    r"fatal error|error)!?",
    r"account (?:has been )?suspended|this account has been suspended|(?:this )?(?:domain|site|website) "
    r"(?:is )?(?:expired|for sale|parked|not (?:configured|found|published)|unavailable|suspended|"
    r"deactivated)|"
    r".{1,60} is for sale|welcome to nginx!|apache2? .{0,20}default page.{0,20}|index of /.{0,80}|"
    r"iis windows(?: server)?|"
    r"test page for .{1,60}|default web site page|future home of something quite cool.{0,20}",
    r"wartungs(?:arbeiten|modus)|(?:wir sind )?(?:gleich|bald) (?:wieder )?(?:da|zurück)|"
    r"(?:interner )?serverfehler|dienst nicht verfügbar|(?:seite|"
    r"website) (?:ist )?(?:vorübergehend )?nicht (?:erreichbar|verfügbar)",
    r"(?:site )?en (?:cours de )?maintenance|service (?:temporairement )?indisponible|"
    r"erreur (?:interne )?(?:du )?serveur",
    r"(?:sitio |página )?en mantenimiento|servicio no disponible|error (?:interno )?del servidor",
    r"(?:sito )?in manutenzione|servizio (?:temporaneamente )?non disponibile|(?:site )?em manutenção|"
    r"serviço indisponível",
    r"(?:website )?in onderhoud|underhåll|vedlikehold|przerwa techniczna|(?:prace|przerwa) konserwacyjn[ea]|"
    r"údržba",
    r"(?:технические|профилактические|ремонтные) работы|сайт (?:временно )?недоступен|"
    r"внутренняя ошибка сервера|"
    r"(?:технічні|профілактичні) роботи|сайт (?:тимчасово )?недоступний",
    r"bakım (?:çalışması|modu)|الموقع (?:تحت الصيانة|قيد الصيانة)|الخدمة غير متوفرة",
    r"(?:系统|网站|网站正在)?(?:维护中|維護中|维护)|服务(?:器)?(?:不可用|"
    r"内部错误|暂时不可用)|メンテナンス(?:中)?(?:のお知らせ)?|"
    r"점검 ?중(?:입니다)?|서비스 점검",
)
ERROR_LINE = _any(
    r"the server is temporarily unable to service your request",
    r"the server (?:encountered|met) an? (?:internal |unexpected |temporary )*(?:error|condition)",
    r"we recognize you are attempting to access this website from a country.*|"
    r"(?:is|are) not available in your (?:country|region)|"
    r"^no server is available to handle this request|^upstream (?:connect|request) |^error 5\d\d\b|"
    r"guru meditation|backend fetch failed",
    r"^(?:nginx|apache|openresty|varnish cache server|cloudflare|litespeed|"
    r"microsoft-iis)(?:/[\d.]+)?(?: server at .{1,60})?$",
    r"(?:web server|host|origin) (?:is down|is not reachable|error|reported a bad gateway)",
    r"^(?:we'?re|we are|the site is|our (?:site|website) is|this (?:site|website|page) is) (?:currently |"
    r"temporarily )*"
    r"(?:down|unavailable|offline|performing|undergoing|experiencing|under|having|closed)\b",
    r"^(?:please )?(?:try|check) (?:again|back) (?:later|soon|shortly|in a (?:few|couple))|"
    r"^sorry for (?:the|any) inconvenience|something went wrong on our (?:end|side)",
    r"(?:buy|get|purchase|acquire) this domain|this domain (?:name )?(?:is|may be|has|was) (?:for sale|"
    r"expired|registered|parked)|"
    r"the owner of this (?:domain|website)|contact your hosting provider|related searches|"
    r"inquire about this domain",
    r"^a fatal error occurred|^an error occurred in the application.{0,80}|"
    r"^there has been a critical error on this website|^the application (?:could not|"
    r"failed to)|"
    r"^warning: .* on line \d+|^(?:fatal|parse) error: .*|stack trace|traceback \(most recent call last\)",
    r"(?:die|unsere|diese) (?:seite|website|webseite) (?:ist|wird) (?:derzeit|momentan|zurzeit|vorübergehend|"
    r"gerade)|"
    r"bitte versuchen sie es (?:später|in (?:kürze|einigen|wenigen))",
    r"(?:le|notre|ce) (?:site|service) est (?:actuellement|temporairement|momentanément)|"
    r"(?:veuillez|merci de) (?:réessayer|revenir) (?:plus tard|ultérieurement|dans)",
    r"(?:el|nuestro|este) (?:sitio|servicio)(?: web)? (?:está|no está) (?:temporalmente|actualmente|"
    r"disponible|en)|"
    r"(?:por favor,? )?(?:inténtelo|inténtalo|vuelva a intentarlo) (?:más tarde|de nuevo)|"
    r"riprova(?:re)? più tardi|tente novamente mais tarde",
    r"сайт (?:временно|находится)|попробуйте (?:зайти |повторить )?(?:позже|через)|ведутся (?:технические|"
    r"профилактические)|"
    r"спробуйте (?:пізніше|ще раз)|lütfen daha sonra|spróbuj ponownie później|probeer het later",
    r"(?:请|請)稍后(?:再试|重试)|يرجى المحاولة (?:لاحقا|مرة)|しばらく(?:して|経って)から|잠시 후 다시",
)

# ------------------------------------------------------------------------------- a name and a password

LOGIN_TITLE = _any(
    r"(?:log|sign)[ -]?in(?:(?: to| or| and| with|/| \|) .{1,50}| required| page)?|login(?: (?:page|required|"
    r"form|area))?|"
    r"(?:user |member |customer |subscriber )?(?:log ?in|sign ?in)|"
    r"(?:my )?account(?: login)?|members? only|authentication required|please (?:log|sign) in.{0,40}|"
    r"(?:create an account|register|sign ?up)|user control panel(?: login)?|information",
    r"anmelden|anmeldung|einloggen|login|(?:jetzt )?(?:anmelden|registrieren)(?: oder .{1,30})?|mein konto",
    r"(?:se )?connexion|connectez-vous|se connecter|identification|identifiez-vous|mon compte|s'identifier",
    r"(?:iniciar|inicio de) sesión|acceder|acceso|identifícate|entrar|inicia sesión",
    r"accedi|accesso|login|entra|entrar|(?:fazer|faça) login|acessar|iniciar sessão",
    r"inloggen|aanmelden|logga in|logg inn|log ind|kirjaudu(?: sisään)?",
    r"logowanie|zaloguj(?: się)?|přihlášení|přihlásit(?: se)?|bejelentkezés|autentificare|conectare",
    r"вход(?: на сайт| в систему)?|авторизация|войти|увійти|вхід|авторизація|giriş(?: yap)?|üye girişi|"
    r"σύνδεση",
    r"تسجيل الدخول|ورود|התחברות|כניסה|masuk|đăng nhập|"
    r"เข้าสู่ระบบ|登录|登錄|登入|用户登录|会员登录|ログイン|로그인",
)
LOGIN_LINE = _any(
    r"^(?:please )?(?:log|sign) ?in (?:or (?:register|sign up|create an account|subscribe) )?to (?:continue|"
    r"view|access|read|see|your|proceed)",
    r"^you (?:must|need to|have to) (?:be )?(?:log|sign|register)(?:ged|ed)?[ -]?(?:in)?(?: (?:and|"
    r"or) (?:log|sign)(?:ged|ed)? in)? "
    r"(?:to|in to|before|in order)",
    r"the board requires you to be registered and logged in|"
    r"^you are not (?:logged in|authori[sz]ed)(?: or you do not have permission.*)?|"
    r"^this content is (?:password )?protected|"
    r"^(?:forgot|lost|reset) (?:your |my )?password\??|^remember me|^don'?t have an account\??|^this (?:page|"
    r"area|content|site) is (?:for|restricted to) "
    r"(?:registered )?members|^new (?:user|here|customer)\?|^no account( yet)?\?",
    r"^(?:sie müssen|du musst) (?:sich|dich|angemeldet|registriert|eingeloggt)|^bitte (?:melden sie sich|"
    r"loggen sie sich|melde dich)|"
    r"^passwort vergessen\??|^noch (?:kein|nicht) (?:konto|registriert)\??|^angemeldet bleiben|"
    r"das board erfordert",
    r"^(?:vous devez|veuillez) (?:être|vous) (?:connecté|inscrit|connecter|identifier)|"
    r"^mot de passe oublié ?\??|^(?:pas encore|vous n'avez pas) .{0,20}compte ?\??",
    r"^(?:debes?|debe|tienes que) (?:iniciar sesión|estar registrad|identificarte)|^¿?(?:olvidaste|"
    r"has olvidado|olvidó|ha olvidado) (?:tu|su|la) contraseña\??|"
    r"^¿no tienes (?:una )?cuenta\?",
    r"^(?:devi|è necessario) (?:effettuare|accedere|essere|registrarti)|^password dimenticata\??|"
    r"^(?:você precisa|é necessário) (?:estar|fazer)|^esqueceu (?:a|sua) senha\??",
    r"^wachtwoord vergeten\??|^(?:glömt|glemt) (?:lösenord|passord|adgangskode)(?:et)?\??|^(?:nie pamiętasz|"
    r"zapomniałeś) hasła\??|^(?:musisz się|zaloguj się,? aby)|^zapomenuté heslo\??",
    r"^забыли (?:свой )?пароль\??|^(?:вы должны|необходимо|пожалуйста,?) (?:войти|авторизоваться|войдите|"
    r"авторизуйтесь)|^забули пароль\??|^(?:увійдіть|необхідно увійти)",
    r"^şifremi unuttum|^(?:giriş yapmalısınız|"
    r"devam etmek için giriş)|^نسيت كلمة (?:المرور|السر)|^忘记密码|^(?:请|"
    r"請)(?:先)?(?:登录|登錄|登入)|^パスワードを(?:お忘れ|忘れ)|^비밀번호 찾기",
)

# ------------------------------------------------------------------------------- consent

# A consent page's whole title; an article's goes on after such words.
CONSENT_TITLE = _any(
    r"before you continue(?: to .{1,30})?",
    r"(?:we (?:value|care about|respect) )?your privacy(?: (?:settings|choices|matters|is important to us))?|"
    r"privacy (?:choices|center|centre)",
    r"(?:privacy|cookie|data|gdpr)s?[ -](?:consent|settings|notice|wall|preferences|gate)|"
    r"(?:cookie )?consent(?: required)?|manage (?:your )?(?:cookies|privacy)",
    r"datenschutz(?:einstellungen|hinweis)?|zustimmung(?: erforderlich)?|einwilligung(?:sverwaltung)?|"
    r"privatsphäre(?:-?einstellungen)?",
    r"(?:gestion des|paramètres des?|vos) cookies|votre (?:vie privée|consentement)|consentement|"
    r"respect de votre vie privée",
    r"(?:tu|su) privacidad(?: .{1,30})?|(?:configuración|gestión) de (?:cookies|privacidad)|"
    r"la tua privacy(?: .{1,30})?|(?:a )?sua privacidade(?: .{1,30})?",
    r"(?:jouw |uw )?privacy(?:-?instellingen| gate)?|cookie-?(?:instellingen|toestemming|muur)|"
    r"dpg media privacy gate|(?:cookie-?)?inställningar|samtycke|samtykke",
    r"(?:twoja )?prywatność|zgod[ay](?: na .{1,30})?|ustawienia (?:prywatności|cookies)|nastavení (?:cookies|"
    r"soukromí)|согласие.{0,40}|налаштування (?:cookie|приватності).{0,20}",
)
# What every request for consent names, in the languages where walls were met.
ABOUT_DATA = re.compile(
    r"cookie|consent|partner|privacy|\bdata\b|daten|einwillig|zustimm|donn[ée]es|confidential|traceurs?|"
    r"datos|"
    r"privacidad|dados|dati\b|gegevens|toestemming|samtycke|samtykke|zgod|dan(?:e|ych)\b|согласи|данны|"
    r"згод|дани|ملفات تعريف|بيانات|隐私|個人|クッキー|쿠키|çerez|süti|evästee?|údaj",
    re.IGNORECASE,
)
# Such a notice speaks to the reader in the publisher's name; articles about cookies do not.
CONSENT = re.compile(
    r"^(?:before you continue|we (?:value|care about|respect) your privacy)\b|"
    r"\b(?:we|our site) (?:and (?:our|up to|\d+)|use|store|need your|ask for)\b.{0,80}(?:cookies|partners|"
    r"data|consent)|"
    r"\bwir (?:und (?:unsere|bis zu|\d+)|verwenden|nutzen|benötigen ihre)\b|\bmit (?:werbung|"
    r"ihrer zustimmung)\b|"
    r"\b(?:lesen|nutzen|weiterlesen) .{0,40}mit werbung\b|"
    r"\bnous (?:et (?:nos|\d+)|utilisons|respectons)\b|\bavec nos \d* ?partenaires\b|"
    r"\b(?:nosotros y (?:nuestros|\d+)|utilizamos|usamos) \b|"
    r"\bnoi e \S+ (?:nostri|partner)|\bnós e (?:os )?nossos\b|\bwij en (?:onze|\d+)\b|"
    r"\b(?:onze partners|dpg media).{0,60}cookies\b|\bvi (?:och våra|og våre|og vores|använder|bruker|"
    r"bruger)\b|"
    r"\bmy i nas[iz]\b|\bmy oraz nasi\b|\bмы (?:и наши|используем)\b|\bми (?:та наші|використовуємо)\b|"
    r"\bbiz ve .{0,20}(?:iş )?ortaklarımız\b|نحن وشركا|当社(?:および|と)|我们(?:和|与|及)(?:我们的)?合作伙伴",
    re.IGNORECASE,
)
ACCEPT = re.compile(
    r"^(?:(?:i )?(?:accept|agree)(?: all)?(?: (?:&|and) (?:continue|close))?|(?:yes, )?i (?:accept|agree|"
    r"consent).{0,20}|"
    r"accept (?:all|cookies|and continue)\b.{0,20}|(?:allow|accept) (?:all|cookies)|got it|consent|"
    r"agree (?:and|&) .{1,20}|"
    r"alle(?:s)? (?:cookies )?(?:akzeptieren|zulassen)|akzeptieren(?: und .{0,20})?|"
    r"(?:allen? )?zustimmen(?: und .{0,20})?|einverstanden|"
    r"tout accepter|accepter(?: .{0,20})?|j'accepte|continuer sans accepter.{0,3}|"
    r"aceptar(?: .{0,20})?|aceitar(?: .{0,20})?|accetta(?: .{0,20})?|"
    r"accepteren|alles? accepteren|akkoord|ja,? ik accepteer|godkänn(?: .{0,20})?|acceptera(?: .{0,20})?|"
    r"godta(?: .{0,20})?|accepter alle|hyväksy(?: .{0,20})?|"
    r"akceptuję(?: .{0,40})?|zaakceptuj(?: .{0,20})?|přijmout(?: .{0,20})?|souhlasím(?: .{0,20})?|"
    r"elfogad\w*(?: .{0,20})?|"
    r"принять(?: .{0,20})?|согласен|прийняти(?: .{0,20})?|погоджуюсь|(?:tümünü )?kabul et(?: .{0,20})?|"
    r"قبول(?: .{0,20})?|أوافق|"
    r"(?:全部)?(?:接受|同意)(?:全部|并继续)?|(?:すべて)?同意する|모두 동의|동의|"
    r"manage (?:options|preferences|settings)|reject all)$"
)

# ------------------------------------------------------------------------------- pay

# That this very text goes on for those who pay. Offers that stand on every page of such an outlet do not
# count.
PAYWALL_LINE = _any(
    r"(?:subscribe|sign ?up|register|log ?in|sign ?in|become a (?:member|subscriber)|join|upgrade|"
    r"start your (?:free )?trial|create (?:a|your) (?:free )?account)\b(?!.{0,40}newsletter).{0,50}"
    r"\bto (?:continue|keep|finish|unlock|access|get full access|read (?:the (?:rest|full|whole)|this|more|"
    r"on|full|all))\b",
    r"(?:to|want to) (?:continue|keep|finish|read|unlock) (?:reading|(?:the|this) (?:full |rest of (?:the|"
    r"this) |whole )?(?:article|story|content|post)|the rest).{0,40}"
    r"(?:subscribe|log ?in|sign ?(?:in|up)|register|\?)",
    r"(?:this|the) (?:\w+ )?(?:article|content|story|post|page|text) is (?:only |exclusively |reserved |"
    r"available |exclusive )*(?:for|to) (?:our )?"
    r"(?:paying |paid |registered |premium |digital )*(?:subscribers|"
    r"members|readers|customers)(?: only)?(?=[.!]|$)",
    r"(?:this|the) (?:\w+ )?(?:post|article|story|content) is (?:for )?(?:paid |paying )?(?:subscribers?|"
    r"members?)[- ]only|"
    r"(?:subscriber|member)s?[- ](?:only|exclusive) (?:content|article|story|post)|(?:premium|"
    r"locked) (?:content|article)$|keep reading with a (?:7|14|30|free)",
    r"you(?:'ve| have) (?:reached|used|read|hit) (?:your|"
    r"all(?: of)?|the) .{0,40}(?:free )?(?:articles?|stories|"
    r"limit)|"
    r"^(?:continue|keep) reading (?:with|for|by|your)\b|^unlock (?:this|the full) (?:article|story)|"
    r"^the rest of this (?:article|story|post)",
    r"^jetzt (?:weiterlesen|freischalten)|(?:dieser|dieses|der|das) (?:\w+ )?(?:artikel|inhalt|beitrag|"
    r"text) ist (?:nur |exklusiv |ausschließlich )*"
    r"(?:für|unseren|mit)\b.{0,40}(?:abonnent|abo\b|mitglieder|plus|registriert|vorbehalten)|"
    r"(?:ist|sind) (?:unseren )?abonnent\w* vorbehalten|weiterlesen (?:mit|als)\b.{0,40}|(?:diesen|"
    r"den (?:ganzen|vollständigen)) artikel (?:weiter)?lesen (?:sie )?mit|"
    r"^(?:mit|nur mit|für) .{0,30}(?:abo|plus|\+) (?:weiterlesen|lesen)|lesen sie (?:diesen artikel|"
    r"weiter) (?:mit|im|als)|um (?:diesen artikel|weiter)\s?(?:zu )?(?:weiterzu)?lesen",
    r"article (?:est )?réservé (?:aux|à nos) abonnés|réservé aux abonnés|il vous reste \d+ ?% |"
    r"la suite (?:de cet article )?est réservée|"
    r"(?:abonnez|connectez|inscrivez)-vous pour (?:lire|continuer|accéder|poursuivre)|pour lire la suite|"
    r"(?:contenu|article) (?:exclusif|premium|payant)|"
    r"cet article est (?:réservé|payant|exclusi)",
    r"(?:contenido|artículo|noticia) (?:exclusiv[oa]|solo|reservad[oa]) (?:para|"
    r"a) (?:nuestros )?(?:suscriptores|abonados|socios)|"
    r"(?:suscríbete|suscríbase|regístrate|inicia sesión) para (?:seguir|continuar|leer|acceder)|"
    r"para (?:seguir|continuar) leyendo|hazte (?:socio|premium) para",
    r"(?:contenuto|articolo) (?:riservato|esclusivo|premium)(?: (?:agli|per gli|ai|per i) .{0,20})?$|"
    r"riservato agli abbonati|"
    r"abbonati (?:per|e) (?:leggere|continu|legg)|per continuare (?:a leggere|la lettura)|questo (?:articolo|"
    r"contenuto) è (?:riservato|solo per)",
    r"assine para (?:ler|continuar)|(?:conteúdo|matéria) (?:exclusiv[oa]|restrit[oa]|só) (?:para|"
    r"a) assinantes|para continuar (?:a ler|lendo)|exclusivo para (?:assinantes|subscritores)|"
    r"este artigo é exclusivo",
    r"(?:lees|lezen) (?:dit artikel )?verder|(?:dit|het) artikel is (?:alleen|exclusief|enkel) voor|"
    r"alleen voor abonnees|(?:word|neem) .{0,25}(?:abonnee|abonnement) (?:en|om) .{0,15}lees|"
    r"om verder te lezen|verder lezen\?",
    r"(?:endast|bara|exklusivt) för (?:prenumeranter|våra|plus)|(?:logga in|prenumerera|köp) för att (?:läsa|"
    r"fortsätta)|den här artikeln är för|"
    r"(?:kun|bare) for (?:abonnenter|medlemmer)|for å lese (?:videre|saken|hele|denne)|denne (?:saken|"
    r"artikkelen|artikel) er (?:kun )?for|(?:log ind|bliv abonnent|køb) (?:for at|og) (?:læs|få)|"
    r"tämä (?:artikkeli|juttu) on (?:vain )?tilaajille|vain tilaajille|lue koko (?:juttu|artikkeli)",
    r"(?:tylko )?dla (?:subskrybentów|prenumeratorów|zalogowanych)|(?:wykup|kup|zaloguj się).{0,40}(?:aby|"
    r"żeby|by) (?:czytać|przeczytać|kontynuować)|dostęp do (?:całego|pełnej treści|tego) artykułu|"
    r"(?:článek|obsah) (?:je )?(?:pouze |jen )?pro (?:předplatitele|předplatné)|"
    r"pokračování článku (?:je )?(?:jen |pouze )?pro|a cikk (?:folytatása )?(?:csak )?előfizető",
    r"(?:только|доступ\w*(?: только)?) (?:для |по )(?:подписчик|подписк|зарегистрированн)|(?:подпишитесь|"
    r"оформите подписку|войдите|зарегистрируйтесь),? чтобы (?:читать|продолжить|прочитать|дочитать)|"
    r"(?:материал|статья|текст) доступ\w+ (?:только )?(?:по подписке|подписчикам)|(?:тільки |"
    r"лише )?для передплатників|передплатіть,? щоб|(?:доступн\w+ )(?:лише |тільки )?(?:передплатник|"
    r"за передплат)",
    r"(?:bu (?:içerik|haber|yazı) )?(?:sadece|yalnızca) (?:aboneler|üyeler)|okumaya devam etmek için|"
    r"abone ol(?:un)?,? .{0,20}(?:okumaya devam|tamamını)|μόνο για συνδρομητές",
    r"(?:هذا )?(?:المقال|المحتوى) (?:متاح |مخصص |حصري )?(?:للمشتركين|للأعضاء)|(?:اشترك|سجل) (?:لمتابعة|"
    r"لإكمال|لقراءة)|לקריאת הכתבה המלאה|למנויים בלבד",
    r"(?:仅供|仅限)(?:订阅|付费|会员|注册)\S{0,4}(?:用户)?阅读|(?:会员|付费|"
    r"訂戶|訂閱|订阅)(?:专享|專享|者專屬|用户专享)|(?:订阅|订购|登录|登錄|訂閱|"
    r"购买)(?:后|以|即可)(?:继续)?(?:阅读|閱讀|查看)|"
    r"(?:本文|全文|此文)(?:为|是|僅|仅)?\S{0,6}(?:付费|会员|订阅|訂戶|会員)|"
    r"有料会員|会員(?:限定|登録|専用)|この記事は(?:有料|会員)|続きを(?:読む|"
    r"お読みいただく)(?:には|ため)|(?:残り|のこり)\d+文字|구독(?:자|하고|"
    r"하시면).{0,12}(?:전용|계속|볼 수|읽)|(?:유료|회원) 전용",
)
# Offers around such texts, which are no part of what can be read freely.
OFFER_LINE = _any(
    r"^(?:already|bist du bereits|bereits|sind sie (?:schon|bereits)) .{0,20}(?:a )?(?:subscriber|member|"
    r"subscribed|abonnent\w*|abo\b|registriert|kunde)\b.{0,40}",
    r"^(?:déjà|vous êtes déjà) (?:abonné|inscrit).{0,40}|^¿?ya (?:eres|soy|es) (?:suscriptor|socio|"
    r"usuario).{0,40}|^sei già (?:abbonat|registrat|un).{0,40}|^já (?:é|sou) assinante.{0,40}",
    r"^(?:ben je|bent u|al) .{0,12}abonnee.{0,40}|^(?:redan|allerede) .{0,20}(?:prenumerant|abonnent|kund|"
    r"medlem).{0,40}|^masz już.{0,40}|^уже .{0,20}(?:подписчик|подписк|зарегистр).{0,40}|^(?:уже|"
    r"вже) (?:передпла).{0,40}|^已(?:订阅|有账号|是会员).{0,10}",
    r"^(?:subscribe|subscribe now|log ?in|sign ?in|register|join(?: now)?|start (?:your )?(?:free )?trial|"
    r"view (?:all )?(?:offers|options|plans)|see (?:all )?(?:offers|plans)|choose (?:your|a) plan|"
    r"cancel any ?time)\b.{0,30}$",
    r"(?:[$€£¥]\s?\d|\d\s?(?:€|£|eur\b|euro\b|usd\b|chf\b|kr\b|zł|₽|грн)).{0,60}(?:per|/|pro|im|par|al|a|por|"
    r"/ ?)\s?(?:month|week|year|monat|woche|jahr|mois|semaine|an\b|mes|mese|mês|maand|week|månad|måned|"
    r"miesiąc|мес)",
    r"^(?:get|enjoy) (?:unlimited|full|complete|digital) access.{0,80}|^(?:unlimited|"
    r"full) (?:digital )?access.{0,80}|^(?:monatlich|jederzeit) kündbar.{0,40}|^(?:jetzt )?(?:abo|abonnement|"
    r"angebot)\w* .{0,30}(?:abschließen|wählen|sichern|testen|ansehen)$|"
    r"^je m'abonne.{0,20}|^s'abonner.{0,20}|^suscríbete.{0,20}|^abbonati.{0,20}|^assine.{0,20}|"
    r"^sans engagement.{0,40}|^立即订阅|^订阅",
)
