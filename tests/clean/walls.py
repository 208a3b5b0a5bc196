"""Pages that are no article, as vendors and sites show them in many languages, each with its twin: an article
about that very thing, with the wall's words in it.

All names, sites and texts are invented; the shapes are those of the products that are named.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

URL = "https://www.harbourpost.example/strait/2024/07/13/ministers-speak-by-phone-35811"


@dataclass(frozen=True)
class Wall:
    name: str
    reason: str
    html: str
    # Headline and paragraphs of the article about it.
    headline: str
    paragraphs: tuple[str, ...]
    url: str = URL
    asked: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def page(title: str, body: str, head: str = "", lang: str = "en") -> str:
    return (
        f'<!doctype html><html lang="{lang}"><head><meta '
        f'charset="utf-8"><title>{title}</title>{head}</head>'
        f"<body>{body}</body></html>"
    )


def twin(wall: Wall) -> str:
    """The article about a wall: plain markup, no metadata that call it an article."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in wall.paragraphs)
    nav = "<nav><a href='/'>Home</a> <a href='/login'>Log in</a> <a href='/abo'>Subscribe</a></nav>"
    banner = "<div id='cookie-bar'><p>We use cookies.</p><button>Accept all</button></div>"
    return page(
        f"{wall.headline} - Harbour Post",
        f"{nav}<main><h1>{wall.headline}</h1>{text}</main>{banner}<footer>© Harbour Post</footer>",
    )


NOINDEX = '<meta name="robots" content="noindex,nofollow">'
_PAID_LD = '{"@type":"NewsArticle","headline":"Boats","isAccessibleForFree":false}'
PAID = f'<script type="application/ld+json">{_PAID_LD}</script>'


# ---------------------------------------------------------------------------------- bots

BOTS = (
    Wall(
        "cloudflare managed challenge",
        "bot-wall",
        page(
            "Just a moment...",
            "<div class='main-wrapper'><div class='main-content'><noscript><div class='h2'><span>Enable "
            "JavaScript and cookies to "
            "continue</span></div></noscript></div></div><script>window._cf_chl_opt={cvId:'3'};</script>",
            NOINDEX,
        ),
        "Just a moment: how much of our day goes by while a browser is checked",
        (
            "Anyone who reads the news on a ferry knows the words “Just a moment…”, and most do not wait "
            "for more.",
            "The page asks to enable JavaScript and cookies to continue, which the ship’s satellite link "
            "seldom manages before the passengers have gone to have a coffee.",
            "Researchers in Orrin counted 61 such pages in one week, and 14 of them never ended at all.",
        ),
    ),
    Wall(
        "cloudflare block 1020",
        "bot-wall",
        page(
            "Attention Required! | Cloudflare",
            "<div id='cf-error-details'><h1>Sorry, you have been blocked</h1><h2>You are unable to access "
            "harbourpost.example</h2><h2>Why have I been blocked?</h2><p>This website is using a security "
            "service to protect itself from online attacks. The action you just performed triggered the "
            "security solution.</p><h2>What can I do to resolve this?</h2><p>You can email the site owner "
            "to let them know you were blocked. Please include the Ray ID found at the bottom of this "
            "page.</p><span>Cloudflare Ray ID: 8a1b2c3d4e5f</span></div>",
        ),
        "“Sorry, you have been blocked”: a library is taken for a robot",
        (
            "The public library of Valmora has been locked out of eleven newspapers since its readers all "
            "share one address, its director said on Monday.",
            "“You have been blocked, it says, and that you can email the site owner,” Ada Lark told this "
            "paper. “I did. The answer was blocked as well.”",
            "The security service in question said that it protects itself and others from online attacks "
            "and that it would look into the matter.",
        ),
    ),
    Wall(
        "cloudflare by header alone",
        "bot-wall",
        page("harbourpost.example", "<div><p>Performing security verification</p></div>"),
        "Performing security: the theatre at the gate of the ferry",
        (
            "For the first time since the war, passengers to the islands must open their bags, and many "
            "call it theatre.",
            "The line reached the fish market on Saturday, while verification of one passenger took four "
            "minutes on average.",
        ),
        headers={"cf-mitigated": "challenge", "server": "cloudflare"},
    ),
    Wall(
        "datadome",
        "bot-wall",
        page(
            "harbourpost.example",
            "<p id='cmsg'>Please enable JS and disable any ad blocker</p><script>var "
            "dd={'rt':'c','host':'geo.captcha-delivery.com'}</script><script "
            "src='https://ct.captcha-delivery.com/c.js'></script>",
        ),
        "Readers are asked to disable any ad blocker, and leave",
        (
            "More than half of those who are asked to enable JS and disable any ad blocker close the page, "
            "a study of forty outlets has found.",
            "Its authors, two economists in Kestria, say that the request costs more than it earns "
            "wherever there is a second newspaper.",
            "The outlets’ association called the sample small and the conclusion hasty.",
        ),
        headers={"x-datadome": "protected"},
    ),
    Wall(
        "perimeterx press and hold",
        "bot-wall",
        page(
            "Access to this page has been denied",
            "<div class='px-captcha-container'><div class='px-captcha-header'>Before we "
            "continue...</div><div class='px-captcha-message'>Press &amp; Hold to confirm you are a human "
            "(and not a bot).</div><div id='px-captcha'></div><div class='px-captcha-refid'>Reference ID "
            "4f2e-11ee</div></div><script>window._pxAppId='PXabc';</script>",
        ),
        "Access to this page has been denied: why blind readers fail the test",
        (
            "To press and hold a button until a bar is full is easy for most readers and impossible for "
            "some.",
            "The association of the blind in Orrin says that the words “confirm you are a human” are an "
            "insult when the test cannot be passed without seeing it.",
            "It has asked the coastal council to forbid such tests on the pages of public offices.",
        ),
    ),
    Wall(
        "akamai access denied",
        "bot-wall",
        "<HTML><HEAD><TITLE>Access Denied</TITLE></HEAD><BODY><H1>Access Denied</H1>You don't have "
        "permission to "
        'access "http&#58;&#47;&#47;www&#46;harbourpost&#46;example&#47;strait" on this '
        "server.<P>Reference&#32;&#35;18&#46;5d1c1202&#46;1700000000&#46;1a2b3c<P>https"
        "&#58;&#47;&#47;errors&#46;edgesuite&#46;net&#47;18&#46;5d1c1202</BODY></HTML>",
        "Access denied: the archive of the harbour office stays shut",
        (
            "Historians who want to read the papers of the harbour office from 1974 are told that they "
            "have no permission to access them, although the law has opened them this year.",
            "“Access denied is what the clerk said, and nothing "
            "else,” said the historian Tomas Rehn on Friday.",
            "The office explained that the shelves had to be dried first after the flood in the cellar.",
        ),
    ),
    Wall(
        "akamai behavioural challenge",
        "bot-wall",
        page(
            "Challenge Validation",
            "<div id='sec-if-cpt-container' style='display: none;'><iframe class='behavioral-content' "
            "id='sec-cpt-if'></iframe></div><script src='/akam/13/abc'></script>",
        ),
        "Challenge validation for the old lighthouse as engineers climb it",
        (
            "Three engineers have begun to validate whether the lighthouse of Orrin can carry the new "
            "lamp, a challenge because no drawing of the tower has survived.",
            "They expect to be done in spring, the coastal council said.",
        ),
    ),
    Wall(
        "incapsula",
        "bot-wall",
        "<html><head><META NAME='ROBOTS' CONTENT='NOINDEX, NOFOLLOW'></head><body><iframe id='main-iframe' "
        "src='/_Incapsula_Resource?CWUDNSAI=23&xinfo=1' width='100%'>Request unsuccessful. Incapsula "
        "incident ID: 1234000210123456789-123456</iframe></body></html>",
        "Request unsuccessful: islanders wait for an answer from the capital",
        (
            "For the third time the request of the islanders for a second ferry has been unsuccessful.",
            "The ministry gave the incident the number 1234, which is also that of last year’s request, "
            "and of the year before.",
        ),
    ),
    Wall(
        "imperva error page in a frame",
        "bot-wall",
        page(
            "Pardon Our Interruption",
            "<div class='container'><h1>Pardon Our Interruption...</h1><p>As you were browsing, something "
            "about your browser made us think you might be a bot. There are a few reasons this might "
            "happen:</p><ul><li>You've disabled JavaScript in your web browser.</li><li>You're a power "
            "user moving through this website with super-human speed.</li><li>You've disabled cookies in "
            "your web browser.</li></ul><p>To regain access, please make sure that cookies and JavaScript "
            "are enabled before reloading.</p></div>",
            NOINDEX,
        ),
        "Pardon our interruption: the orchestra that lets its public speak",
        (
            "In the middle of the second movement the conductor of the harbour orchestra turns round and "
            "says “pardon our interruption”. Then the public may ask questions.",
            "One evening somebody asked whether the second violin might be a bot, as she played with "
            "super-human speed. She put down her bow and asked him to look for himself.",
            "The next of these concerts is on Friday, and it is sold out.",
        ),
    ),
    Wall(
        "aws waf",
        "bot-wall",
        page(
            "Human Verification",
            "<div id='captcha-container'></div><noscript><h1>JavaScript is disabled</h1>In order to "
            "continue, we need to verify that you're not a robot. This requires "
            "JavaScript.</noscript><script>AwsWafIntegration.saveReferrer();</script>",
        ),
        "Human verification becomes a job in the harbour of Valmora",
        (
            "Where cranes load by themselves, a human must verify that every box is on the right ship, the "
            "new rules of the coastal council say.",
            "Forty have been hired for it. “We prove that we "
            "are not robots by getting cold,” said one of them.",
        ),
        headers={"x-amzn-waf-action": "captcha"},
    ),
    Wall(
        "kasada",
        "bot-wall",
        "<!DOCTYPE html><html><head></head><body><script>window.KPSDK={};KPSDK.now=typeof "
        "performance</script><script "
        "src='/149e9513-01fa/_fs-ch-1T1wmsGaOgGaSxcX/ips.js'></script></body></html>",
        "A chess engine from the islands wins again",
        (
            "The engine that two pupils in Orrin wrote has won the coastal cup of chess programs once more.",
            "Its moves take a tenth of a second each, and nobody knows why it likes to give up its queen.",
        ),
    ),
    Wall(
        "google sorry page",
        "bot-wall",
        page(
            "https://www.harbourpost.example/strait",
            "<hr><form id='captcha-form'><p>Our systems have detected unusual traffic from your computer "
            "network. This page checks to see if it's really you sending the requests, and not a "
            "robot.</p></form>",
            NOINDEX,
        ),
        "Unusual traffic on the coast road after a whale comes ashore",
        (
            "Our systems have detected unusual traffic, the road office of Valmora wrote on Sunday, and it "
            "meant the nine kilometres of cars that stood on the coast road.",
            "They had come to see a whale that had come ashore "
            "at the lighthouse. It left with the tide on Monday.",
        ),
        url="https://www.google.example/sorry/index?continue=https://www.harbourpost.example/strait",
        asked=URL,
    ),
    Wall(
        "german wordpress guard",
        "bot-wall",
        page(
            "Einen Moment bitte...",
            "<h1>Sicherheitsüberprüfung</h1><p>Bitte bestätigen Sie, dass Sie ein Mensch sind. Wir prüfen "
            "Ihren Browser, bevor Sie fortfahren.</p>",
            NOINDEX,
            "de",
        ),
        "Einen Moment bitte: Warum die Sicherheitsüberprüfung im Hafen so lange dauert",
        (
            "Wer zur Fähre will, hört seit dem Sommer vor allem einen Satz: „Einen Moment bitte.“ Die "
            "Sicherheitsüberprüfung dauert im Schnitt elf Minuten.",
            "„Sie sollen bestätigen, dass Sie ein Mensch sind, und das vor dem ersten Kaffee“, sagte der "
            "Pendler Veit Almgruber am Montag.",
        ),
    ),
    Wall(
        "french captcha",
        "bot-wall",
        page(
            "Vérification de sécurité",
            "<p>Veuillez activer JavaScript et les cookies pour continuer.</p><p>Prouvez que vous n'êtes "
            "pas un robot.</p><div class='h-captcha'></div><script "
            "src='https://hcaptcha.com/1/api.js'></script>",
            lang="fr",
        ),
        "« Prouvez que vous n’êtes pas un robot » : le facteur qui parle aux machines",
        (
            "À Orrin, le facteur doit désormais prouver à la porte de l’immeuble qu’il n’est pas un robot.",
            "La vérification de sécurité a été installée après un vol, explique le syndic, et le facteur a "
            "appris à attendre.",
        ),
    ),
    Wall(
        "spanish challenge",
        "bot-wall",
        page(
            "Un momento…",
            "<h1>www.harbourpost.example</h1><p>Confirma que eres un humano completando la acción a "
            "continuación.</p><script src='https://challenges.cloudflare.com/turnstile/v0/api.js'></script>",
            lang="es",
        ),
        "Un momento de silencio en el puerto por los marineros perdidos",
        (
            "El puerto guardó este viernes un momento de silencio por los cuatro marineros que no volvieron.",
            "«Confirma que eres humano llorar así», dijo la alcaldesa ante las familias.",
        ),
    ),
    Wall(
        "russian ddos-guard",
        "bot-wall",
        page(
            "DDoS-Guard",
            "<h1 id='ddg-l10n-title'>Проверка браузера</h1><p>Мы проверяем ваш браузер перед переходом на "
            "сайт. Это не займёт много времени.</p><script>ddos-guard</script>",
            lang="ru",
        ),
        "Проверка браузера стала поводом для суда в Оррине",
        (
            "Житель Оррина подал в суд на газету, сайт которой "
            "каждое утро сообщал ему, что проверяет его браузер.",
            "«Доступ запрещён, пишут мне, а подписка оплачена», – сказал он в пятницу.",
        ),
    ),
    Wall(
        "chinese safety check",
        "bot-wall",
        page(
            "百度安全验证",
            "<div class='timeout'><p>网络不给力，请稍后重试</p><but"
            "ton>返回首页</button></div><div>请完成安全验证</div>",
            lang="zh",
        ),
        "港口安全验证新规下月实施，渡轮乘客须提前半小时到达",
        (
            "市政府周五宣布，所有渡轮乘客从下月起须完成安全验证，"
            "工作人员会要求乘客出示证件，过程大约需要三分钟。",
            "渔民协会批评新规，认为凌晨出海的渔民没有时间等候，希望政府为本地居民开设专门通道。",
        ),
    ),
    Wall(
        "japanese access denied",
        "bot-wall",
        page(
            "アクセスが拒否されました",
            "<h1>アクセスが拒否されました</h1><p>人間であることを確認してください。</p>",
            lang="ja",
        ),
        "灯台への立ち入り拒否、島の住民が市に抗議",
        (
            "オリンの灯台への立ち入りが先週から拒否されており、島の住民は金曜日、市役所前で抗議した。",
            "市は安全が確認されるまで灯台を閉鎖すると説明し、春までに結論を出す方針を示した。",
        ),
    ),
)

# ---------------------------------------------------------------------------------- consent

_NOTICE = (
    "We and our 842 partners store and access information on your device, such as cookies and unique "
    "identifiers, to process personal data for personalised advertisements and content, measurement and "
    "audience research."
)

CONSENT = (
    Wall(
        "onetrust full page",
        "consent-wall",
        page(
            "Harbour Post",
            f"<div id='onetrust-consent-sdk'><div id='onetrust-banner-sdk'><h2>We value your "
            f"privacy</h2><div id='onetrust-policy-text'><p>{_NOTICE}</p></div><button "
            f"id='onetrust-accept-btn-handler'>Accept "
            "All</button><button>Reject All</button></div></div>",
        ),
        "We value your privacy, they say: 842 partners and what they learn",
        (
            "When a newspaper says “we value your privacy”, it means about two cents, a study of cookie "
            "notices has found.",
            "Its authors followed what the 842 partners of one outlet learn from cookies and other "
            "identifiers within a minute: where a reader lives, and what she had read about her illness.",
            "The outlet said that every reader had been asked and had pressed “accept all”.",
        ),
    ),
    Wall(
        "sourcepoint message frame",
        "consent-wall",
        page(
            "Privacy Settings",
            f"<div class='message-container' id='sp_message_container_1'><div class='message "
            f"type-modal'><p>{_NOTICE}"
            "</p><p>You may click to consent to our and our 842 partners' processing.</p><button>Accept "
            "and continue</button><button>Manage settings</button></div></div>",
        ),
        "Privacy settings nobody reads, and the woman who writes them",
        (
            "Clara Voss has written the privacy settings of thirty newspapers, and she does not blame "
            "anyone who accepts and continues.",
            "“The sentence about our partners has 61 words, and my rule was that nobody may understand "
            "it,” she says of her first notice. The rule came from a lawyer.",
        ),
    ),
    Wall(
        "didomi",
        "consent-wall",
        page(
            "Le Courrier du Port",
            "<div id='didomi-host'><div id='didomi-notice'><p>Avec nos 120 partenaires, nous utilisons des "
            "cookies pour stocker et accéder à des données personnelles comme votre visite sur ce "
            "site.</p><button id='didomi-notice-agree-button'>Accepter &amp; Fermer</button></div></div>",
            lang="fr",
        ),
        "Cookies : la CNIL du littoral condamne le Courrier du Port",
        (
            "L’autorité reproche au journal d’avoir transmis des données personnelles à 120 partenaires "
            "avant que les lecteurs n’aient pu accepter.",
            "Le directeur a répondu : « Nous utilisons des cookies comme tout le monde. » Il fera appel.",
            "L’amende est de deux millions de couronnes.",
        ),
    ),
    Wall(
        "usercentrics pur",
        "consent-wall",
        page(
            "Hochtaler Bote",
            "<div id='usercentrics-root'><div class='uc-wall'><h1>Mit Werbung weiterlesen</h1><p>Besuchen "
            "Sie hochtaler.example wie gewohnt mit Werbung und üblichem Tracking: Wir und unsere bis zu "
            "180 Partner verwenden Cookies und verarbeiten personenbezogene Daten. Ihre Zustimmung ist "
            "jederzeit widerrufbar.</p><button>Akzeptieren und weiter</button><button>Pur-Abo "
            "abschließen</button></div></div>",
            lang="de",
        ),
        "Akzeptieren oder zahlen: Gericht prüft das Pur-Modell",
        (
            "Wer nicht zustimmt, dass Cookies gesetzt werden, soll zahlen: Dieses Modell vieler Verlage "
            "prüft nun das Verwaltungsgericht in Brugg.",
            "„Mit Werbung weiterlesen ist keine Einwilligung, wenn die Alternative fünf Kronen kostet“, "
            "sagte die Klägerin Senta Kolb am Dienstag.",
        ),
    ),
    Wall(
        "italian notice",
        "consent-wall",
        page(
            "La tua privacy è importante",
            "<div class='qc-cmp2-container'><p>Noi e i nostri 700 partner archiviamo informazioni su un "
            "dispositivo, come i cookie, e trattiamo i dati personali.</p><button>ACCETTA</button></div>",
            lang="it",
        ),
        "La tua privacy è importante, scriveva il garante. Poi perse la chiavetta",
        (
            "I dati personali di quattromila pescatori stavano su una chiavetta che il garante ha "
            "dimenticato sul traghetto.",
            "«Noi e i nostri partner la stiamo cercando», ha detto il portavoce, che non ha parlato di "
            "cookie.",
        ),
    ),
    Wall(
        "dpg privacy gate",
        "consent-wall",
        page(
            "DPG Media Privacy Gate",
            "<div><h1>Jouw privacy</h1><p>Wij en onze partners gebruiken cookies en vergelijkbare "
            "technieken om gegevens te verzamelen. Geef je toestemming?</p><button>Akkoord</button></div>",
            lang="nl",
        ),
        "Privacy achter de dijk: een dorp weigert cookies",
        (
            "In het dorp Orrin heeft niemand nog een koekje gegeten, maar cookies zijn er verboden: de "
            "raad wil dat gegevens van de haven binnen de dijk blijven.",
            "‘Wij en onze partners, dat zijn hier de garnalen’, zei de burgemeester vrijdag.",
        ),
        url="https://myprivacy.havenpost.example/consent?callbackUrl=x",
        asked=URL,
    ),
    Wall(
        "consent host",
        "consent-wall",
        page(
            "Harbour News is part of the Tide family of brands",
            "<form action='/v2/collectConsent' method='post'><h1>Tide is part of the Foam "
            "family</h1><p>When you use our sites and apps, we use cookies.</p><button name='agree'>Accept "
            "all</button></form>",
        ),
        "Tide is now part of the Foam family of brands",
        (
            "The ferry company Tide has been bought by Foam, its rival of forty years, both said on Friday.",
            "When you use our ships you will notice nothing but the colour, the new owner promised.",
        ),
        url="https://consent.tide.example/v2/collectConsent?sessionId=3",
        asked=URL,
    ),
    Wall(
        "polish notice",
        "consent-wall",
        page(
            "Zgoda na przetwarzanie danych",
            "<div class='rodo-popup'><p>My oraz nasi zaufani partnerzy używamy plików cookies i "
            "przetwarzamy dane osobowe, aby wyświetlać reklamy.</p><button>Akceptuję i przechodzę do "
            "serwisu</button></div>",
            lang="pl",
        ),
        "Zgoda na port: mieszkańcy wyspy głosowali przez cały dzień",
        (
            "Mieszkańcy wyspy wyrazili zgodę na budowę nowego portu, podała w piątek rada.",
            "Dane z jednej komisji zaginęły na promie i znaleziono je dopiero w sobotę w puszce po "
            "ciastkach.",
        ),
    ),
    Wall(
        "swedish notice",
        "consent-wall",
        page(
            "Hamnposten",
            "<section class='consent-layer'><p>Vi och våra partner använder cookies för att lagra och få "
            "tillgång till data på din enhet.</p><button>Godkänn alla</button></section>",
            lang="sv",
        ),
        "Vi och våra grannar: så lever hamnen med främlingar",
        (
            "Vi och våra partner i hamnen använder samma kaj, säger fiskaren Tomas Rehn, och det går bra.",
            "Kommunen har samlat data om buller i ett år och lägger fram dem på fredag.",
        ),
    ),
)

# ---------------------------------------------------------------------------------- no such page

MISSING = (
    Wall(
        "plain soft 404",
        "soft-404",
        page(
            "Page not found - Harbour Post",
            "<main><h1>Page not found</h1><p>The page you are looking for may have been moved or "
            "deleted.</p><a href='/'>Back to the front page</a></main>",
            NOINDEX,
        ),
        "Page not found: the hole in the harbour’s chronicle",
        (
            "The page of the chronicle on which the treaty of 1974 should stand has been torn out, "
            "archivists said on Monday, and they do not know by whom.",
            "“Page not found is what my catalogue says since I was an apprentice,” said Ada Lark of the "
            "archive.",
        ),
    ),
    Wall(
        "oops with the latest stories",
        "soft-404",
        page(
            "Oops! That page can’t be found.",
            "<h1>Oops! That page can’t be found.</h1><p>It looks like nothing was found at this location. "
            "Maybe try a search?</p><form><input type='search'></form><h2>Latest</h2><ul><li><a "
            "href='/1'>Boats come back from the strait at last</a></li><li><a href='/2'>Lamp is lit in the "
            "old lighthouse again</a></li></ul>",
        ),
        "Oops: minister reads out the wrong speech, twice",
        (
            "It looks like nothing was found in the folder but last year’s speech, so the minister read "
            "that.",
            "The page with the new one can’t be found to this day. “Oops,” she said when it was over.",
        ),
    ),
    Wall(
        "removed article",
        "soft-404",
        page(
            "Harbour Post",
            "<h1>This article is no longer available</h1><p>Sorry, this page has been removed. It may have "
            "expired.</p>",
        ),
        "Why this newspaper takes articles down, and when it does not",
        (
            "Some readers ask that an article is no longer available after a while. We say no, mostly.",
            "A page has been removed four times in ten years, and each time we have said so in its place.",
            "What a court forbids, what endangers a person, and what was never true: those are the reasons.",
        ),
    ),
    Wall(
        "led to /404",
        "soft-404",
        page("Harbour Post", "<h1>We’re lost at sea</h1><p>Try the menu above.</p>"),
        "Lost at sea for nine days, two brothers tell of rain and raw fish",
        (
            "We’re lost at sea, Jonas Arden wrote on the inside of his boot on the second day.",
            "On the ninth a tanker saw the two brothers, who had drifted past two islands in the fog.",
        ),
        url="https://www.harbourpost.example/404",
        asked=URL,
    ),
    Wall(
        "german",
        "soft-404",
        page(
            "Seite nicht gefunden | Hochtaler Bote",
            "<h1>Fehler 404</h1><p>Die gesuchte Seite gibt es leider nicht mehr.</p>",
            lang="de",
        ),
        "Seite nicht gefunden: Im Stadtarchiv fehlen vier Blätter",
        (
            "Vier Blätter der Chronik fehlen, und die gesuchte Seite über den Vertrag von 1974 gibt es "
            "wohl nicht mehr, teilte das Archiv am Freitag mit.",
            "Eine Restauratorin fand Spuren eines Messers.",
        ),
    ),
    Wall(
        "french",
        "soft-404",
        page(
            "Page introuvable",
            "<h1>Erreur 404</h1><p>La page que vous recherchez n'existe plus.</p>",
            lang="fr",
        ),
        "Introuvable : le phare d’Orrin n’est sur aucune carte",
        (
            "La page de l’atlas où devrait se trouver le phare n’existe plus depuis 1974, raconte le "
            "cartographe.",
            "Introuvable sur les écrans, le phare a pourtant été visité par deux mille personnes cet été.",
        ),
    ),
    Wall(
        "spanish",
        "soft-404",
        page(
            "Página no encontrada",
            "<h1>404</h1><p>La página que buscas no existe o ha sido eliminada.</p>",
            lang="es",
        ),
        "La página que faltaba: aparece en un barco el tratado de 1974",
        (
            "La página no encontrada del tratado ha aparecido en la bodega de un pesquero, dijo el archivo.",
            "Nadie sabe cómo llegó hasta allí, ni por qué olía a limón.",
        ),
    ),
    Wall(
        "portuguese",
        "soft-404",
        page(
            "Página não encontrada",
            "<h1>Ops!</h1><p>A página que você procura não existe ou foi removida.</p>",
            lang="pt",
        ),
        "Uma página não encontrada e um editor arrependido",
        (
            "O editor do jornal do porto admitiu na sexta-feira que mandou retirar uma página inteira.",
            "Quem procura a página de 13 de julho não a encontra em nenhuma biblioteca da costa.",
        ),
    ),
    Wall(
        "russian",
        "soft-404",
        page(
            "Страница не найдена",
            "<h1>Ошибка 404</h1><p>Запрашиваемая страница не существует или была удалена.</p>",
            lang="ru",
        ),
        "Страница не найдена: из летописи порта вырвали договор",
        (
            "Из летописи порта пропала страница с договором 1974 года, сообщил архив в пятницу.",
            "Такая страница не найдена и в копии, которую хранит соседний город.",
        ),
    ),
    Wall(
        "ukrainian",
        "soft-404",
        page("Сторінку не знайдено", "<h1>404</h1><p>На жаль, такої сторінки не існує.</p>", lang="uk"),
        "Сторінку літопису знайшли через пів століття",
        (
            "Сторінку, якої, як вважали, не існує, знайшли в підвалі маяка, повідомив архів у п’ятницу.",
            "Її реставрують до весни, а потім покажуть у музеї порту.",
        ),
    ),
    Wall(
        "arabic",
        "soft-404",
        page("الصفحة غير موجودة", "<h1>404</h1><p>الصفحة التي تبحث عنها غير موجودة.</p>", lang="ar"),
        "الصفحة المفقودة من سجل الميناء تعود بعد خمسين عاما",
        (
            "عثر عمال في قبو المنارة على الصفحة التي كانت مفقودة من سجل الميناء منذ عام 1974، بحسب الأرشيف.",
            "وقال مدير الأرشيف يوم الجمعة إن الصفحة غير موجودة في أي نسخة أخرى، وإنها ستعرض في الربيع.",
        ),
    ),
    Wall(
        "chinese",
        "soft-404",
        page("页面不存在", "<h1>404</h1><p>您访问的页面不存在或已删除</p>", lang="zh"),
        "港口史册缺失的一页找到了",
        (
            "档案馆周五宣布，港口史册中缺失的一页在灯塔的地下室里被找到，上面记载了一九七四年的渔业条约。",
            "馆长说，过去人们一直以为这一页不存在，研究人员会在春天之前完成修复工作，然后向公众展出。",
        ),
    ),
    Wall(
        "korean",
        "soft-404",
        page("페이지를 찾을 수 없습니다", "<h1>404</h1><p>요청하신 페이지가 삭제되었습니다.</p>", lang="ko"),
        "항구 연대기에서 사라진 페이지, 등대에서 발견",
        (
            "기록원은 금요일 항구 연대기에서 사라졌던 페이지가 등대 지하실에서 발견되었다고 밝혔다.",
            "연구진은 그동안 그 페이지를 찾을 수 없다고 생각했으며 봄까지 복원을 마칠 계획이다.",
        ),
    ),
)

# ---------------------------------------------------------------------------------- errors

ERRORS = (
    Wall(
        "service unavailable",
        "error-page",
        "<html><head><title>503 Service Temporarily Unavailable</title></head><body><center><h1>503 "
        "Service Temporarily Unavailable</h1></center><hr><center>nginx/1.18.0</center></body></html>",
        "Ferry service temporarily unavailable as crews fall ill",
        (
            "The service between Orrin and the islands is temporarily unavailable, the ferry company said "
            "on Monday.",
            "Nine of eleven helmsmen have the flu. The server in the canteen has it, too.",
        ),
    ),
    Wall(
        "apache overload",
        "error-page",
        page(
            "Service Unavailable",
            "<h1>Service Unavailable</h1><p>The server is temporarily unable to service your request due "
            "to maintenance downtime or capacity problems. Please try again later.</p>",
        ),
        "Capacity problems: the island’s only waiter on a hard summer",
        (
            "“Please try again later,” Bram Ottley says forty times a day, and he is sorry each time.",
            "The server, as guests from overseas call him, is temporarily unable to take orders after two "
            "o’clock.",
        ),
    ),
    Wall(
        "cloudflare 522",
        "error-page",
        page(
            "harbourpost.example | 522: Connection timed out",
            "<h1>Connection timed out <span>Error code 522</span></h1><p>The initial connection between "
            "Cloudflare's network and the origin web server timed out.</p><h2>What can I do?</h2><p>Please "
            "try again in a few minutes.</p>",
        ),
        "Connection timed out: the last telephone exchange closes",
        (
            "At noon on Friday the connection between the islands and the mainland timed out for good.",
            "The exchange had served 522 subscribers. “Try again in a few minutes,” its recorded voice "
            "still says.",
        ),
    ),
    Wall(
        "wordpress database",
        "error-page",
        "<!DOCTYPE html><html><head><title>Database Error</title></head><body><h1>Error establishing a "
        "database connection</h1></body></html>",
        "Error in the fish database wiped out a species on paper",
        (
            "An error in a database connection let the herring die out for two days, on paper.",
            "Quotas were set to zero, and forty boats stayed in the harbour until the council noticed.",
        ),
    ),
    Wall(
        "maintenance",
        "error-page",
        page(
            "We’ll be back soon!",
            "<article><h1>We’ll be back soon!</h1><p>Sorry for the inconvenience but we’re performing some "
            "maintenance at the moment. — The Team</p></article>",
        ),
        "We’ll be back soon, the storks of Saltmark seem to say",
        (
            "The storks have left a week early this year, and a sign on the chimney says they’ll be back "
            "soon.",
            "Maintenance of the nest is performed by the fire brigade, which is sorry for the inconvenience.",
        ),
    ),
    Wall(
        "german maintenance",
        "error-page",
        page(
            "Wartungsarbeiten",
            "<h1>Wartungsarbeiten</h1><p>Unsere Seite ist derzeit nicht erreichbar. Bitte versuchen Sie es "
            "später noch einmal.</p>",
            lang="de",
        ),
        "Wartungsarbeiten an der Turmuhr dauern bis März",
        (
            "Wegen Wartungsarbeiten steht die Turmuhr von Brugg bis März, teilte die Gemeinde am Dienstag "
            "mit.",
            "Der Pfarrer ist derzeit nicht erreichbar; er habe die Zeit vergessen, sagt seine Haushälterin.",
        ),
    ),
    Wall(
        "russian maintenance",
        "error-page",
        page(
            "Технические работы",
            "<h1>Сайт временно недоступен</h1><p>Ведутся технические работы. Попробуйте зайти позже.</p>",
            lang="ru",
        ),
        "Технические работы на маяке продлятся до весны",
        (
            "Технические работы на маяке Оррина продлятся до весны, сообщила администрация порта.",
            "Маяк временно не светит, и судам советуют заходить в порт только днём.",
        ),
    ),
    Wall(
        "parked domain",
        "error-page",
        page(
            "harbourpost.example is for sale",
            "<h1>harbourpost.example</h1><p>This domain is for sale!</p><p>Buy this domain</p><a "
            "href='/a'>Boats</a><a href='/b'>Harbour hotels</a>",
        ),
        "The harbour is for sale, and a whole town makes an offer",
        (
            "For two million crowns anybody may buy the harbour of Saltmark, which is for sale since Friday.",
            "The town’s people have put together half of that. “Nobody owns the tide,” said the mayor.",
        ),
    ),
    Wall(
        "php fatal",
        "error-page",
        page(
            "",
            "<b>Fatal error</b>:  Uncaught Error: Call to undefined function get_header() in "
            "/var/www/index.php:17<br>Stack trace: #0 {main}",
        ),
        "A fatal error on the bridge, and what the harbour learnt from it",
        (
            "It was a fatal error to trust the echo alone, the inquiry into the stranding of the Saltmark "
            "found.",
            "The trace of the ship shows three turns that nobody on the bridge remembers.",
        ),
    ),
)

# ---------------------------------------------------------------------------------- login

LOGINS = (
    Wall(
        "wordpress login",
        "login",
        page(
            "Log In ‹ Harbour Post — WordPress",
            "<div id='login'><form id='loginform'><label>Username or Email Address</label><input "
            "type='text'><label>Password</label><input type='password'><p class='forgetmenot'>Remember "
            "Me</p><input type='submit' value='Log In'></form><p id='nav'><a href='/lost'>Lost your "
            "password?</a></p></div>",
            NOINDEX,
        ),
        "Log in, log out: how a timber port became a town of programmers",
        (
            "Where logs came in by the river, people now log in: Saltmark has more programmers than sawyers.",
            "Lost passwords are the new driftwood, says the last sawyer, who has changed over himself.",
        ),
        url="https://www.harbourpost.example/wp-login.php?redirect_to=x",
        asked=URL,
    ),
    Wall(
        "phpbb",
        "login",
        page(
            "Harbour Forum - Information",
            "<form action='./ucp.php?mode=login'><h2>The board requires you to be registered and logged in "
            "to view this forum.</h2><dl><dt><label>Username:</label></dt><dd><input "
            "type='text'></dd><dt><label>Password:</label></dt><dd><input type='password'></dd></dl><a "
            "href='/x'>I forgot my password</a></form>",
        ),
        "The board requires you to sit down: how an island governs itself",
        (
            "The board of the island requires anyone who wants to speak to be registered, and to sit down.",
            "“I am logged in the big book as number nine,” says Hob Marlin, who has spoken twice in thirty "
            "years.",
        ),
    ),
    Wall(
        "led to a sign-in host",
        "login",
        page(
            "Sign in to your account",
            "<h1>Sign in</h1><form><input type='email'><input type='password'></form><p>Don't have an "
            "account? Create one</p>",
        ),
        "Sign in the window brings a shop back to life",
        (
            "A sign in the window, painted by a pupil, has doubled the custom of the chandler’s shop.",
            "It says “your account is settled”, and people come in to ask what it means.",
        ),
        url="https://login.harbourpost.example/u/login?state=abc",
        asked=URL,
    ),
    Wall(
        "german",
        "login",
        page(
            "Anmelden - Hochtaler Bote",
            "<h1>Anmelden</h1><form><label>E-Mail</label><input type='email'><label>Passwort</label><input "
            "type='password'></form><p>Passwort vergessen?</p><p>Noch kein Konto? Jetzt registrieren</p>",
            lang="de",
        ),
        "Anmelden zum Stadtlauf ist noch bis Freitag möglich",
        (
            "Wer beim Stadtlauf mitmachen will, muss sich bis Freitag anmelden, teilte der Verein mit.",
            "Ein Passwort braucht es nicht, und wer kein Konto hat, zahlt bar am Start.",
        ),
    ),
    Wall(
        "french",
        "login",
        page(
            "Connexion",
            "<h1>Connectez-vous</h1><form><input type='password'></form><p>Mot de passe oublié ?</p>",
            lang="fr",
        ),
        "Connexion rétablie entre l’île et le continent",
        (
            "La connexion par ferry entre l’île et le continent est rétablie depuis vendredi.",
            "Le mot de passe oublié du capitaine, qui bloquait la rampe, a été retrouvé dans un livre.",
        ),
    ),
    Wall(
        "russian",
        "login",
        page(
            "Авторизация",
            "<h1>Вход</h1><form><input type='password'></form><p>Забыли пароль?</p>",
            lang="ru",
        ),
        "Вход в порт для судов с углём закрыли до весны",
        (
            "Вход в порт для судов с углём закрыт до весны, сообщил капитан порта в пятницу.",
            "Пароль от старого шлюза забыли, и его пришлось вскрывать.",
        ),
    ),
    Wall(
        "chinese",
        "login",
        page("用户登录", "<h1>登录</h1><form><input type='password'></form><p>忘记密码</p>", lang="zh"),
        "渔民登录新系统申报渔获，旧账本成为历史",
        (
            "从本周起，渔民须登录新系统申报渔获量，使用了六十年的纸质账本将被送往博物馆保存。",
            "港务局表示，老渔民如果忘记密码，可以到窗口由工作人员协助，不需要再填写任何表格。",
        ),
    ),
)

# ---------------------------------------------------------------------------------- paywalls

_TEASE = "In the spring of last year, three bankers met in a back room to decide about the ferry."

PAYWALLS = (
    Wall(
        "piano",
        "paywall",
        page(
            "Inside Sound Lines",
            f"<article><h1>Inside Sound Lines</h1><p>{_TEASE}</p><div "
            f"class='tp-container-inner'><h3>Subscribe to "
            "continue reading</h3><p>This article is for subscribers only. €1 for the first month.</p><a "
            "href='/s'>Already a subscriber? Log in</a></div></article>",
            PAID,
        ),
        "Subscribe to continue reading: what three islands pay for news",
        (
            "“Subscribe to continue reading,” it says below two sentences, and most people do not.",
            "On the three islands they do: four of five households pay for a newspaper, a study has found, "
            "and one of the reasons is the tide table.",
        ),
    ),
    Wall(
        "poool",
        "paywall",
        page(
            "Les dettes des Lignes du Détroit",
            "<h1>Les dettes des Lignes du Détroit</h1><p>Trois banquiers se sont réunis au printemps.</p>"
            "<div id='poool-widget'><p>Cet article est réservé aux abonnés.</p><p>Il vous reste 87 % de "
            "cet article à lire.</p><a href='/a'>Je m'abonne</a></div>",
            lang="fr",
        ),
        "Un article réservé aux abonnés fait débat au conseil",
        (
            "Le conseil d’Orrin a débattu d’un article réservé aux abonnés que personne n’avait lu.",
            "« Il me restait 87 % de cet article à lire », a reconnu le maire avant de voter contre.",
        ),
    ),
    Wall(
        "leaky",
        "paywall",
        page(
            "Boats",
            f"<h1>Boats</h1><p>{_TEASE}</p><div "
            f"id='issuem-leaky-paywall-articles-remaining-nag'></div><div "
            "class='leaky_paywall_message_wrap'><p>You have reached your limit of free articles. Log in or "
            "subscribe to continue reading.</p></div>",
        ),
        "You have reached your limit, the harbour master told the captain",
        (
            "A captain who wanted to land four tonnes more of herring was told that he had reached his "
            "limit.",
            "He read out the articles of the treaty on the quay until he was hoarse, and landed nothing.",
        ),
    ),
    Wall(
        "wordpress membership",
        "paywall",
        page(
            "Minutes of the sailing club",
            "<h1>Minutes of the sailing club</h1><div class='pmpro_content_message'><p>This content is for "
            "members only.</p><p>Join now</p></div>",
        ),
        "For members only: the sailing club that lets nobody in",
        (
            "The sailing club of Valmora has been for members only since 1903, and its last member is 94.",
            "“The content of our cellar is nobody’s business,” he says at the gate.",
        ),
    ),
    Wall(
        "german plus",
        "paywall",
        page(
            "Die Schulden der Fähre",
            "<h1>Die Schulden der Fähre</h1><p>Drei Bankiers trafen sich im Frühling.</p><div "
            "class='paywall'><h2>Jetzt weiterlesen mit H+</h2><p>Dieser Artikel ist unseren Abonnenten "
            "vorbehalten.</p><p>Bereits Abonnent? Anmelden</p></div>",
            lang="de",
        ),
        "Weiterlesen nach Feierabend: Die Bücherei öffnet bis Mitternacht",
        (
            "Jetzt können Nachtmenschen weiterlesen: Die Bücherei von Brugg öffnet bis Mitternacht.",
            "Für Abonnenten der Bücherei ist der Eintritt frei, allen anderen ist der Vormittag vorbehalten.",
        ),
    ),
    Wall(
        "spanish",
        "paywall",
        page(
            "La deuda del ferry",
            "<h1>La deuda del ferry</h1><p>Tres banqueros se reunieron en primavera.</p><p>Contenido "
            "exclusivo para suscriptores</p><p>Suscríbete para seguir leyendo</p>",
            lang="es",
        ),
        "Suscriptores de la costa leen juntos en voz alta",
        (
            "Cada viernes, cuarenta suscriptores del diario se reúnen para seguir leyendo en voz alta.",
            "El contenido exclusivo de la tarde es la tabla de mareas, que recita el farero.",
        ),
    ),
    Wall(
        "norwegian",
        "paywall",
        page(
            "Gjelden til fergen",
            "<h1>Gjelden til fergen</h1><p>Tre bankfolk møttes i vår.</p><p>Denne saken er for "
            "abonnenter.</p><p>For å lese videre må du logge inn</p>",
            lang="no",
        ),
        "Saken om abonnenter som ville ha fisk i stedet for avis",
        (
            "Denne saken er for abonnenter av Havneposten blitt en fest: De fikk fisk pakket inn i avisen.",
            "For å lese videre må du spise opp, sa redaktøren på fredag.",
        ),
    ),
    Wall(
        "japanese",
        "paywall",
        page(
            "連絡船の借金",
            "<h1>連絡船の借金</h1><p>春に三人の銀行家が集まった。</p><"
            "p>この記事は有料会員限定です。</p><p>残り1520文字</p>",
            lang="ja",
        ),
        "有料会員の島、新聞購読率が全国一に",
        (
            "オリン島の新聞購読率が全国で最も高いことが、金曜日に発表された調査で明らかになった。",
            "調査によると、島では五世帯のうち四世帯が新聞を購読しており、理由の一つは潮見表だという。",
        ),
    ),
)

# ---------------------------------------------------------------------------------- other pages

_CARDS = "".join(
    f"<div class='card'><h3><a href='/strait/story-{n}-about-the-boats'>{title}</a></h3><p>{text}</p></div>"
    for n, (title, text) in enumerate(
        (
            (
                "Boats come back from the strait at last",
                "After nine days of fog the first boats have come back.",
            ),
            (
                "Lamp is lit in the old lighthouse again",
                "For the first time since the war there is light in it.",
            ),
            (
                "Nets are cut along the northern shore",
                "Fishermen on both sides accuse each other of the damage.",
            ),
            (
                "Council quarrels about the second ferry",
                "The islanders have asked for it for thirty years by now.",
            ),
            (
                "Whale comes ashore and leaves with the tide",
                "Nine kilometres of cars stood on the coast road then.",
            ),
            (
                "Storks leave Saltmark a week too early",
                "The fire brigade repairs their nest, as in every winter.",
            ),
        )
    )
)
_STORY = (
    "The harbour minister of Valmora and her counterpart spoke by telephone about the boats in the strait.",
    "The call comes as the two sides quarrel over a plan to station patrol boats at the lighthouse of Orrin.",
    "“The question of keeping ships apart was discussed,” the ministry said in a statement on the talks.",
)

OTHERS = (
    Wall(
        "front page",
        "home-redirect",
        page("Harbour Post – news of the strait", f"<nav><a href='/a'>Strait</a></nav>{_CARDS}"),
        "Front page: how this newspaper is made",
        _STORY,
        url="https://www.harbourpost.example/",
        asked=URL,
    ),
    Wall(
        "front page of a language",
        "home-redirect",
        page("Harbour Post", _CARDS, '<meta property="og:type" content="website">'),
        "The islands vote for a second language",
        _STORY,
        url="https://www.harbourpost.example/en/",
        asked=URL,
    ),
    Wall(
        "section",
        "home-redirect",
        page("Strait - Harbour Post", f"<h1>Strait</h1>{_CARDS}"),
        "Section of the pier closed after storm",
        _STORY,
        url="https://www.harbourpost.example/strait/",
        asked=URL,
    ),
    Wall(
        "topic page",
        "list-page",
        page("All about: Ferries", f"<h1>All about: Ferries</h1>{_CARDS}"),
        "All about ferries, told by a man who missed every one",
        _STORY,
        url="https://www.harbourpost.example/topics/ferries",
    ),
    Wall(
        "search results",
        "list-page",
        page(
            "Search",
            "".join(
                f"<li><a href='/strait/{n}'>Boats come back from the strait at last, part {n}</a></li>"
                for n in range(30)
            ),
            '<script type="application/ld+json">{"@type":"SearchResultsPage"}</script>',
        ),
        "Search for the missing boat called off at dusk",
        _STORY,
    ),
    Wall(
        "video page",
        "video-page",
        page(
            "Boats, seen from above",
            "<h1>Boats, seen from above</h1><div class='player'></div><p>The boats come in at noon.</p>",
            '<meta property="og:type" content="video.other">',
        ),
        "Video of the whale has been seen by a million people",
        _STORY,
    ),
    Wall(
        "script application",
        "empty",
        page("Harbour Post", "<div id='root'></div><script>app()</script>"),
        "An empty root",
        _STORY,
    ),
)

WALLS = (*BOTS, *CONSENT, *MISSING, *ERRORS, *LOGINS, *PAYWALLS, *OTHERS)
