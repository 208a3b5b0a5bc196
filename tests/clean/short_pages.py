"""Short pages of every kind that say what walls say, and are none; and walls without much around them.

All of them are invented. What an honest page costs when it is taken for a wall is its whole text.
"""

from .walls import URL as U
from .walls import page

NAV = (
    "<header><a href='/'>Home</a><a href='/shop'>Shop</a><form><input type='text' name=u><input "
    "type='password' name=p><button>Log in</button></form></header>"
)
FOOT = (
    "<footer><p>© 2025 Site. All rights reserved.</p><a href='/privacy'>Privacy</a></footer><div "
    "class='cookie-notice'><p>This site uses cookies to improve your "
    "experience.</p><button>Accept</button></div>"
)
S1 = "The kettle boils half a litre of water in two minutes and switches itself off when it is done."
S2 = "It comes with a cable of 75 centimetres, and its filter can be taken out and washed by hand."


def _led(url: str, asked: str = U) -> dict[str, str]:
    return {"url": url, "asked": asked}


# What they are, and the page.
HONEST: tuple[tuple[str, str], ...] = (
    (
        "shop product",
        page(
            "Steel kettle 1.5 l | Shop",
            NAV + f"<h1>Steel kettle 1.5 l</h1><p class=price>€ 29.90</p><p>{S1} {S2}</p>" + FOOT,
        ),
    ),
    (
        "shop short",
        page("Steel kettle", NAV + f"<h1>Steel kettle</h1><p>{S1}</p><button>Add to cart</button>" + FOOT),
    ),
    (
        "forum thread",
        page(
            "How do I descale it? - Forum",
            NAV
            + (
                "<h1>How do I descale it?</h1><div class=post><p>Hi, I have had this kettle for a year and "
                "it is full of lime. What do you use?</p></div><div class=post><p>Vinegar, one part to "
                "three parts of water, and boil it twice.</p></div><p>You must be logged in to reply.</p>"
            )
            + FOOT,
        ),
    ),
    (
        "phpbb thread",
        page(
            "View topic - Login broken",
            "<a href='/ucp.php?mode=login'>Login</a><a href='/ucp.php?mode=register'>Register</a><h2>Login "
            "broken</h2><div class='postbody'><div class='content'>Since the update I cannot log in any "
            "more, it says the password is wrong.</div></div><div class='postbody'><div "
            "class='content'>Clear your cookies and try it again, that helped me.</div></div><form><input "
            "type='password'></form>",
        ),
    ),
    (
        "help: sign in",
        page(
            "Sign in to your account - Help Center",
            "<h1>Sign in to your account</h1><p>Open the app and press the round button at the top. Enter "
            "the address you used when you ordered and the code that we send you.</p><p>If no code comes, "
            "look in the folder for spam, or ask for another one after five minutes.</p>",
        ),
    ),
    (
        "help: reset",
        page(
            "Forgot your password? | Help",
            "<h1>Forgot your password?</h1><p>Press the link below the field, enter your address, and "
            "follow the steps in our message.</p>",
        ),
    ),
    (
        "wiki http 404",
        page(
            "HTTP 404 - Wiki",
            "<h1>HTTP 404</h1><p>In computer network communications, the HTTP 404, 404 not found, 404, 404 "
            "error, page not found, or file not found error message is a standard response code to "
            "indicate that the browser was able to communicate with a given server, but the server could "
            "not find what was requested.</p>",
        ),
    ),
    (
        "doc 503",
        page(
            "503 Service Unavailable - Web Docs",
            "<h1>503 Service Unavailable</h1><p>The HTTP 503 Service Unavailable server error response "
            "status code indicates that the server is not ready to handle the request.</p><p>Common causes "
            "are that a server is down for maintenance or overloaded. During maintenance, server "
            "administrators may temporarily route all traffic to a 503 page, or this may happen "
            "automatically during software updates.</p>",
        ),
    ),
    (
        "cookie policy",
        page(
            "Cookie policy",
            "<h1>Cookie policy</h1><p>We use cookies on our site to remember your settings and your basket. "
            "This page explains which cookies we and our partners set, and how long each of them is "
            "kept.</p><p>Necessary cookies are kept for a day. They hold no data about "
            "you.</p><p>Statistics are gathered by our own server, which forgets addresses after a week.</p>"
            + FOOT,
        ),
    ),
    (
        "privacy policy",
        page(
            "Datenschutz",
            "<h1>Datenschutz</h1><p>Wir verwenden Ihre Daten nur für die Bestellung. Unsere Partner "
            "erhalten die Anschrift, damit das Paket ankommt, sonst nichts.</p><p>Sie können jederzeit "
            "Auskunft verlangen, auch am Telefon.</p>" + FOOT,
        ),
    ),
    (
        "maintenance institution",
        page(
            "Maintenance | Coastal Council",
            "<h1>Maintenance</h1><p>The council maintains 61 bridges, nine locks and the lighthouse. Each "
            "bridge is looked at twice a year, in spring by an engineer and in autumn by a "
            "diver.</p><p>Please report damage to the office.</p>",
        ),
    ),
    (
        "institution contact",
        page(
            "Registry office",
            "<h1>Registry office</h1><p>Open Monday to Friday from nine to noon. Please bring your "
            "passport with you.</p>",
        ),
    ),
    (
        "very short news",
        page(
            "Ferry late | Post",
            "<h1>Ferry late</h1><p>The ferry is two hours late because of fog, the company says.</p>",
        ),
    ),
    (
        "short news de",
        page(
            "Unfall auf der B31 | Bote",
            "<h1>Unfall auf der B31</h1><p>Bei einem Unfall auf der B31 sind am Montag zwei Menschen "
            "leicht verletzt worden.</p><p>Jetzt anmelden</p>",
        ),
    ),
    (
        "short with subscribe header",
        page(
            "Fire in a barn | Post",
            "<header><a href='/s'>Subscribe</a><a href='/l'>Log in</a><p>Already a subscriber? Log "
            "in</p></header><h1>Fire in a barn</h1><p>A barn burnt down near Saltmark on Sunday night. "
            "Nobody was hurt, the brigade said.</p><p>Sign up for our newsletter to read more stories like "
            "this.</p>",
        ),
    ),
    (
        "short with metered counter",
        page(
            "Fire in a barn | Post",
            "<h1>Fire in a barn</h1><p>A barn burnt down near Saltmark on Sunday night. Nobody was hurt, "
            "the brigade said.</p><p>The damage is put at forty thousand crowns, and the cause is not "
            "known yet.</p><div class=nag><p>You have read 1 of 5 free articles this month.</p></div>",
        ),
    ),
    (
        "blog post w login form",
        page(
            "My garden in May",
            NAV
            + (
                "<h1>My garden in May</h1><p>The beans are up and the slugs are out. I have put a ring of "
                "copper round each bed, and we shall see.</p>"
            )
            + FOOT,
        ),
    ),
    (
        "blog index full posts",
        page(
            "Garden blog",
            "".join(
                f"<article><h2><a href='/{i}'>Notes from the garden, part {i}</a></h2><p>The beans are up "
                f"and the slugs are out, day {i} of this wet May in the hills.</p><p>I have put a ring of "
                f"copper round each bed, and we shall see whether that helps.</p><p>My neighbour says that "
                f"it never does, and hers look better than mine every year.</p></article>"
                for i in range(6)
            ),
        ),
    ),
    (
        "link blog",
        page(
            "Links of the week",
            "<h1>Links of the week</h1>"
            + "".join(
                f"<p><a href='https://x.example/{i}'>An essay on lighthouses and those who kept them</a>: "
                f"{t}</p>"
                for i, t in enumerate(
                    [
                        "a long read that is worth your Sunday, with photographs from the archive.",
                        "the best thing I read this month, although it is about concrete.",
                    ]
                    * 3
                )
            ),
        ),
    ),
    (
        "recipe",
        page(
            "Leek soup",
            "<h1>Leek soup</h1><ul><li>3 leeks</li><li>1 l stock</li><li>salt</li></ul><p>Cut the leeks, "
            "cook them in the stock for twenty minutes, and season.</p>",
        ),
    ),
    (
        "changelog",
        page(
            "Changelog",
            "<h1>Changelog</h1>"
            + "".join(
                f"<h2><a href='#v{i}'>Version 1.{i} of the library</a></h2><p>Fixes a crash when a file is "
                f"empty and makes reading a third faster than before.</p>"
                for i in range(8)
            ),
        ),
    ),
    (
        "faq linked heads",
        page(
            "Frequently asked questions",
            "<h1>FAQ</h1>"
            + "".join(
                f"<h3><a href='#q{i}'>How long does delivery to the islands take?</a></h3><p>It takes two "
                f"days in summer and four in winter, when the ferry sails every other day only.</p>"
                for i in range(8)
            ),
        ),
    ),
    (
        "api doc",
        page(
            "read_file - docs",
            "<h1>read_file</h1><pre>def read_file(path): ...</pre><p>Reads the file and returns its text. "
            "Raises an error when access is denied.</p>",
        ),
    ),
    (
        "docs access denied",
        page(
            "Access denied - Troubleshooting",
            "<h1>Access denied</h1><p>If you see this message when you open the printer’s page, your "
            "address is not in the list. Open the menu, choose Network, and add it.</p><p>If the message "
            "remains, restart the printer and try again later.</p>",
        ),
    ),
    (
        "docs captcha",
        page(
            "Captcha",
            "<h1>Captcha</h1><p>The captcha module adds a test to a form of your site. Install it, choose "
            "a form, and pick one of three tests. It needs the image library.</p>",
        ),
    ),
    (
        "error album review",
        page(
            "404",
            "<h1>404</h1><p>The fourth album of the band is called 404, and it is not hard to find why: "
            "all four of its songs end after four minutes and four seconds. It is the best that they have "
            "made since they left the harbour.</p>",
        ),
    ),
    (
        "members news",
        page(
            "Members only",
            "<h1>Members only</h1><p>The sailing club has decided that its pier is for members only from "
            "May on. Guests may use the old one, which is to be mended by then, said its president on "
            "Sunday.</p>",
        ),
    ),
    (
        "video desc",
        page(
            "How to tie a bowline",
            "<h1>How to tie a bowline</h1><video></video><p>Tomas shows how to tie a bowline with one "
            "hand, how to check it, and what to do when the line is wet. The rope he uses is ten "
            "millimetres thick and three metres long.</p><p>He has sailed for forty years, and taught for "
            "twenty of them, on the lake and at sea.</p>",
            '<meta property="og:type" content="video.other">',
        ),
    ),
    (
        "event page",
        page(
            "Concert on Friday",
            "<h1>Concert on Friday</h1><p>Friday, 8 pm, Old Customs House. Tickets at the door.</p>",
        ),
    ),
    (
        "poem",
        page(
            "Tide", "<h1>Tide</h1><p>It comes<br>and goes<br>and comes,<br>and nobody<br>has asked it to.</p>"
        ),
    ),
    ("zh short", page("渡轮停航", "<h1>渡轮停航</h1><p>因大雾，今天上午所有渡轮停航，预计下午恢复。</p>")),
    (
        "article ad service unavailable",
        page(
            "Trains: service unavailable until May",
            "<h1>Trains: service unavailable until May</h1><p>There will be no trains to the coast until "
            "May. Buses leave every hour.</p><p>Please try again in June, joked the stationmaster.</p>",
        ),
    ),
    (
        "press release about consent",
        page(
            "Your privacy matters",
            "<h1>Your privacy matters</h1><p>The consumer office has published a guide to privacy for "
            "pupils. It explains what data schools may keep, and who may ask for consent.</p><p>The guide "
            "can be had free of charge at every school.</p>" + FOOT,
        ),
    ),
    (
        "german Anmeldung",
        page(
            "Anmeldung | Musikschule",
            "<h1>Anmeldung</h1><p>Die Anmeldung zum neuen Schuljahr ist bis Ende Mai möglich. Bitte geben "
            "Sie das Formular im Büro ab oder schicken Sie es uns per Post.</p>",
        ),
    ),
    (
        "maintenance news",
        page(
            "Wartungsarbeiten | Stadtwerke",
            "<h1>Wartungsarbeiten</h1><p>Am Dienstag wird in der Hafenstraße die Wasserleitung erneuert. "
            "Von acht bis zwölf Uhr gibt es dort kein Wasser.</p>",
        ),
    ),
    (
        "for sale",
        page(
            "Boat for sale",
            "<h1>Boat for sale</h1><p>Wooden boat of 1974, seven metres, one owner, with a new engine. It "
            "lies at the old pier and can be seen on Sundays.</p>",
        ),
    ),
    (
        "subscribe page of a podcast",
        page(
            "Subscribe | Tide Podcast",
            "<h1>Subscribe</h1><p>You can listen to the podcast wherever there are podcasts. A new episode "
            "comes out every other Friday, and the next one is about lighthouses.</p>",
        ),
    ),
)

# Reason, name, page, and the address that answered and the one that was asked for where it is another.
MORE_WALLS: tuple[tuple[str, str, str, dict[str, str]], ...] = (
    (
        "bot-wall",
        "cf ja",
        page(
            "しばらくお待ちください...",
            "<h1>site.example</h1><p>セキュリティ検証を実行しています</p><script>_cf_chl_opt</script>",
        ),
        {},
    ),
    (
        "bot-wall",
        "wordfence",
        page(
            "Your access to this site has been limited by the site owner",
            "<h1>Your access to this site has been limited</h1><p>Your access to this service has been "
            "limited. (HTTP response code 503)</p><p>If you think you have been blocked in error, contact "
            "the owner of this site for assistance.</p><p>Block Technical Data</p>",
        ),
        {},
    ),
    (
        "bot-wall",
        "sucuri",
        page(
            "Sucuri WebSite Firewall - Access Denied",
            "<h1>Access Denied - Sucuri Website Firewall</h1><p>If you are the site owner (or you manage "
            "this site), please whitelist your IP.</p><p>Block ID: BNP005</p>",
        ),
        {},
    ),
    (
        "bot-wall",
        "simple js",
        page(
            "Checking your browser before accessing",
            "<p>Checking your browser before accessing site.example. This process is automatic. Your "
            "browser will redirect shortly.</p>",
        ),
        {},
    ),
    (
        "bot-wall",
        "anubis",
        page(
            "Making sure you're not a bot!",
            "<h1>Making sure you're not a bot!</h1><p>Loading...</p><details><summary>Why am I seeing "
            "this?</summary><p>You are seeing this because the administrator of this website has set up "
            "Anubis to protect the server against the scourge of AI companies aggressively scraping "
            "websites.</p></details>",
        ),
        {},
    ),
    (
        "bot-wall",
        "f5",
        page(
            "Request Rejected",
            "The requested URL was rejected. Please consult with your administrator.<br><br>Your support "
            "ID is: 1234567890<br><br><a href='javascript:history.back();'>[Go Back]</a>",
        ),
        {},
    ),
    (
        "error-page",
        "geo 451",
        page(
            "451: Unavailable due to legal reasons",
            "<h1>451: Unavailable due to legal reasons</h1><p>We recognize you are attempting to access "
            "this website from a country belonging to the European Economic Area (EEA) including the EU "
            "which enforces the General Data Protection Regulation (GDPR) and therefore access cannot be "
            "granted at this time.</p>",
        ),
        {},
    ),
    (
        "consent-wall",
        "axel pur",
        page(
            "site.example: Werbung oder Abo",
            "<div id='sp_message_container_9'><h2>Entscheiden Sie selbst</h2><p>Mit Werbung weiterlesen: "
            "Wir nutzen Cookies und unsere 230 Partner verarbeiten Daten.</p><button>Alle "
            "akzeptieren</button></div>",
        ),
        {},
    ),
    (
        "consent-wall",
        "yahoo de",
        page(
            "Yahoo ist Teil der Yahoo Markenfamilie",
            "<p>Wenn Sie unsere Websites und Apps nutzen, verwenden wir Cookies.</p><button>Alle "
            "akzeptieren</button>",
        ),
        _led(url="https://consent.yahoo.example/v2/collectConsent?sessionId=1", asked=U),
    ),
    (
        "consent-wall",
        "nextroll",
        page(
            "Site",
            "<div class='fc-consent-root'><div class='fc-dialog'><h2>Site asks for your consent to use "
            "your personal data to:</h2><p>Personalised advertising and content. Your personal data will "
            "be processed by 134 partners and information from your device (cookies, unique identifiers) "
            "may be stored.</p><button>Consent</button><button>Manage options</button></div></div>",
        ),
        {},
    ),
    (
        "consent-wall",
        "cs",
        page(
            "Souhlas",
            "<div class='cmp-wall'><p>My a naši partneři ukládáme cookies a zpracováváme osobní "
            "údaje.</p><button>Souhlasím</button></div>",
        ),
        {},
    ),
    (
        "soft-404",
        "drupal",
        page(
            "Page not found | City Council",
            "<h1>Page not found</h1><p>The requested page could not be found.</p>",
        ),
        {},
    ),
    (
        "soft-404",
        "it",
        page(
            "Pagina non trovata - Il Porto",
            "<h1>Errore 404</h1><p>La pagina che stai cercando non esiste o è stata spostata.</p>",
        ),
        {},
    ),
    (
        "soft-404",
        "nl",
        page(
            "Pagina niet gevonden | De Haven",
            "<h1>Deze pagina bestaat niet</h1><p>De pagina die je zoekt bestaat niet (meer).</p>",
        ),
        {},
    ),
    (
        "soft-404",
        "pl",
        page("Nie znaleziono strony", "<h1>404</h1><p>Strona, której szukasz, nie istnieje.</p>"),
        {},
    ),
    ("soft-404", "tr", page("Sayfa bulunamadı", "<h1>404</h1><p>Aradığınız sayfa bulunamadı.</p>"), {}),
    (
        "soft-404",
        "ja",
        page("ページが見つかりません", "<h1>404 Not Found</h1><p>お探しのページは見つかりませんでした。</p>"),
        {},
    ),
    (
        "soft-404",
        "story gone",
        page(
            "Site",
            "<h1>Sorry, this story is no longer available</h1><p>The story may have been removed. Try our "
            "homepage.</p>",
        ),
        {},
    ),
    (
        "soft-404",
        "sv",
        page("Sidan hittades inte", "<h1>Oj!</h1><p>Sidan du letar efter finns inte.</p>"),
        {},
    ),
    (
        "error-page",
        "502",
        page("502 Bad Gateway", "<center><h1>502 Bad Gateway</h1></center><hr><center>openresty</center>"),
        {},
    ),
    (
        "error-page",
        "varnish",
        page(
            "503 Backend fetch failed",
            "<h1>Error 503 Backend fetch failed</h1><p>Backend fetch failed</p><h3>Guru "
            "Meditation:</h3><p>XID: 12345</p><hr><p>Varnish cache server</p>",
        ),
        {},
    ),
    (
        "error-page",
        "wp crit",
        page(
            "WordPress › Error",
            "<div class='wp-die-message'><p>There has been a critical error on this website.</p><p><a "
            "href='#'>Learn more about troubleshooting WordPress.</a></p></div>",
        ),
        {},
    ),
    (
        "error-page",
        "asp",
        page(
            "Runtime Error",
            "<h1>Server Error in '/' Application.</h1><h2><i>Runtime Error</i></h2><p>An application error "
            "occurred on the server.</p>",
        ),
        {},
    ),
    (
        "error-page",
        "es maint",
        page("En mantenimiento", "<h1>Sitio en mantenimiento</h1><p>Volvemos pronto.</p>"),
        {},
    ),
    (
        "error-page",
        "suspended",
        page(
            "Account Suspended",
            "<h1>Account Suspended</h1><p>This Account has been suspended.</p><p>Contact your hosting "
            "provider for more information.</p>",
        ),
        {},
    ),
    (
        "login",
        "discourse",
        page(
            "Login - Forum",
            "<h1>Log in</h1><form><input type=password></form><p>You need to be logged in to do that.</p>",
        ),
        _led(url="https://site.example/login", asked=U),
    ),
    (
        "login",
        "es",
        page(
            "Iniciar sesión",
            "<h1>Inicia sesión</h1><form><input type='password'></form><p>¿Olvidaste tu contraseña?</p>",
        ),
        {},
    ),
    (
        "login",
        "pl",
        page(
            "Logowanie", "<h1>Zaloguj się</h1><form><input type='password'></form><p>Nie pamiętasz hasła?</p>"
        ),
        {},
    ),
    (
        "login",
        "vbulletin",
        page(
            "Site Forum",
            "<p>You are not logged in or you do not have permission to access this page. This could be due "
            "to one of several reasons:</p><form><input type=password></form><p>Forgotten Your Password?</p>",
        ),
        {},
    ),
    (
        "paywall",
        "nzz",
        page(
            "Der Fall",
            "<h1>Der Fall</h1><p>Ein kurzer Vorspann über den Fall.</p><div><h2>Weiterlesen mit einem "
            "Abo</h2><p>Dieser Artikel ist nur für Abonnenten.</p></div>",
        ),
        {},
    ),
    (
        "paywall",
        "it",
        page(
            "Il caso",
            "<h1>Il caso</h1><p>Tre banchieri si sono incontrati.</p><p>Questo articolo è riservato agli "
            "abbonati</p><p>Abbonati per continuare a leggere</p>",
        ),
        {},
    ),
    (
        "paywall",
        "substack",
        page(
            "The case",
            "<h1>The case</h1><p>Three bankers met in spring.</p><h2>This post is for paid "
            "subscribers</h2><a>Subscribe</a><a>Already a paid subscriber? Sign in</a>",
        ),
        {},
    ),
    (
        "paywall",
        "ru",
        page(
            "Дело",
            "<h1>Дело</h1><p>Три банкира встретились весной.</p><p>Материал доступен только по подписке</p>",
        ),
        {},
    ),
    (
        "home-redirect",
        "home",
        page(
            "Site",
            "<h2><a href='/1'>A long headline of the first story here</a></h2><p>Some text for it.</p>" * 8,
        ),
        _led(url="https://site.example/", asked=U),
    ),
    (
        "list-page",
        "tag",
        page(
            "Tag: ferry",
            "<h1>Tag: ferry</h1>"
            + "".join(
                f"<article><h2><a href='/{i}'>A long headline of story number {i} here</a></h2><p>An "
                f"excerpt of the story that ends after some words, as excerpts do, with three "
                f"dots...</p></article>"
                for i in range(10)
            ),
        ),
        _led(url="https://site.example/tag/ferry/", asked="https://site.example/tag/ferry/"),
    ),
    (
        "list-page",
        "front",
        page(
            "Site",
            "".join(
                f"<h3><a href='/{i}'>A long headline of story number {i} here for you</a></h3>"
                for i in range(20)
            ),
        ),
        _led(url="https://site.example/", asked="https://site.example/"),
    ),
)

# Name, title, and two paragraphs of pages that have nothing but these, a login link and a notice.
_TWO_PARAGRAPHS: tuple[tuple[str, str, str, str], ...] = (
    (
        "plain",
        "Bank raises rate | News",
        "The bank raised its rate to four per cent on Friday. It was the third step in a year, and the "
        "largest of them.",
        "Those who borrow pay more from May on, and savers wait for their share, as one of them said at "
        "the counter.",
    ),
    (
        "captcha law",
        "Robots must say so | News",
        "From May on a robot that calls people must say that it is one, the council decided.",
        "Are you a human? That question may still be asked by both sides.",
    ),
    (
        "security check",
        "Security check | Airport",
        "The security check opens two hours before the first flight. Please have your ticket ready.",
        "You must take off your belt and shoes. Children may keep theirs.",
    ),
    (
        "forbidden",
        "Forbidden | Film club",
        "In Forbidden a teacher falls for the sea. The film is from 1974 and has not aged.",
        "We show it on Friday in the old customs house, with an introduction.",
    ),
    (
        "not available",
        "Not available | Poems",
        "What I want is not available, what is available I have.",
        "So I went down to the water and counted what it gave.",
    ),
    (
        "unavailable drug",
        "Drug not available | Pharmacy",
        "The drug is not available at the moment in any pharmacy of the coast.",
        "Please ask your doctor what can be taken in its place until June.",
    ),
    (
        "removed",
        "The statue has been removed | News",
        "The statue of the admiral has been removed from the pier.",
        "It may have been moved to the museum, where nobody has seen it.",
    ),
    (
        "moved office",
        "We have moved | Registry",
        "We have moved. You find us in Harbour Street 9 from Monday on.",
        "The old office is closed. Letters are sent on until the end of the year.",
    ),
    (
        "under construction",
        "Under construction | News",
        "The bridge has been under construction for nine years, and will be for two more.",
        "Drivers are asked to be patient. Nobody has promised a date.",
    ),
    (
        "error",
        "An error | Blog",
        "I made an error last week and three readers have told me.",
        "The kettle holds half a litre, not one and a half. Sorry for the inconvenience.",
    ),
    (
        "password",
        "Forgot your password? So did the bank | News",
        "A bank has forgotten the password of its own safe, and must drill.",
        "It is not the first that this has happened to, said the locksmith.",
    ),
    (
        "members",
        "For members | Club",
        "This page is for members and those who want to be. We meet on Mondays.",
        "The fee is nine crowns a year. You can pay at the bar.",
    ),
    (
        "subscribers",
        "A paper for subscribers | History",
        "The first paper on the islands was for subscribers only, and there were forty.",
        "To continue reading aloud was the barber's duty on market days.",
    ),
    (
        "register",
        "Register now for the course | School",
        "Register now for the course on knots, which begins in May.",
        "You need a rope of two metres. There are nine places left.",
    ),
    (
        "offer",
        "Subscribe to the tide | Magazine",
        "A year of the magazine costs 30 crowns, four issues and a map.",
        "You can cancel at any time. Write to the office or call us.",
    ),
    (
        "cookie recipe",
        "Cookies with ginger | Kitchen",
        "We use cookies of our own making for the base, crushed with butter.",
        "Let them rest for an hour. Accept no other ginger than fresh.",
    ),
    (
        "data news",
        "We and our partners | Choir",
        "We and our partners in song, the choir of Saltmark, invite you on Friday.",
        "There will be data too: our treasurer reads the accounts.",
    ),
    (
        "fault",
        "Service unavailable on line 9 | Tram",
        "There is no service on line 9 until Monday, as a mast has fallen.",
        "Buses run instead. We apologise and ask you to check again on Sunday.",
    ),
    (
        "waiting",
        "Just a moment | Column",
        "Just a moment, says my son, and means an hour.",
        "Please wait, says the bakery's machine, and I do, as it has the bread.",
    ),
    (
        "moment de",
        "Einen Moment | Kolumne",
        "Einen Moment, sagt mein Sohn und meint eine Stunde.",
        "Bitte warten, sagt der Automat in der Bäckerei, und das tue ich.",
    ),
    (
        "404 hotel",
        "Room 404 | Travel",
        "Room 404 cannot be found, as the hotel has only three floors.",
        "Guests ask for it all the same, and get a key that fits no door.",
    ),
    (
        "ru",
        "Вход бесплатный | Афиша",
        "Вход на концерт бесплатный, но надо зарегистрироваться до пятницы.",
        "Войти можно через двор, пароль спросит вахтёр.",
    ),
    (
        "fr",
        "Accès interdit | Port",
        "L'accès au quai est interdit jusqu'à lundi à cause de la houle.",
        "Veuillez patienter au café, où la soupe est offerte.",
    ),
    (
        "es",
        "No disponible | Tienda",
        "El hervidor no está disponible hasta mayo. Puede reservarlo en la tienda.",
        "Avisamos por teléfono cuando llegue, dice el dueño.",
    ),
    (
        "zh",
        "会员大会 | 协会",
        "协会将于周五召开会员大会，所有会员均可参加，会议在旧海关大楼举行。",
        "登录名单在门口，请提前半小时到场并出示证件。",
    ),
)


def _bare_page(title: str, *paragraphs: str) -> str:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    head = "<header><a href='/login'>Log in</a><a href='/sub'>Subscribe</a></header>"
    notice = "<div class='cookie-banner'><p>We use cookies.</p><button>Accept all</button></div>"
    return page(title, f"{head}<h1>{title.split(' | ')[0]}</h1>{text}{notice}")


HONEST += tuple((name, _bare_page(title, *texts)) for name, title, *texts in _TWO_PARAGRAPHS)
MORE_WALLS += (
    (
        "bot-wall",
        "distil (2)",
        page(
            "Pardon Our Interruption",
            "<h1>Pardon Our Interruption</h1><p>As you were browsing www.news.example something about your "
            "browser made us think you were a bot.</p><p>A third-party browser plugin is preventing "
            "JavaScript from running.</p>",
        ),
        {},
    ),
    (
        "bot-wall",
        "shape (2)",
        page(
            "Access Denied", "<p>Access to this resource was denied.</p><p>Your support ID is 1234-5678</p>"
        ),
        {},
    ),
    (
        "bot-wall",
        "pt (2)",
        page(
            "Verificação de segurança",
            "<h1>news.example</h1><p>Verifique se você é humano concluindo a ação "
            "abaixo.</p><p>news.example precisa verificar a segurança da sua conexão antes de continuar.</p>",
        ),
        {},
    ),
    ("bot-wall", "pl (2)", page("Jeszcze chwilę...", "<p>Potwierdź, że jesteś człowiekiem.</p>"), {}),
    (
        "bot-wall",
        "qrator (2)",
        page(
            "HTTP 403", "<h1>Доступ ограничен</h1><p>Подтвердите, что запросы отправляли вы, а не робот.</p>"
        ),
        {},
    ),
    (
        "error-page",
        "rate (2)",
        page(
            "429 Too Many Requests",
            "<h1>Too Many Requests</h1><p>You have been rate limited. Please try again later.</p>",
        ),
        {},
    ),
    (
        "consent-wall",
        "fr mur (2)",
        page(
            "Le Journal",
            "<div class='cmp-mur'><h1>Votre vie privée</h1><p>Avec votre accord, nos partenaires et nous "
            "utilisons des cookies ou technologies similaires pour stocker et accéder à des données "
            "personnelles.</p><button>Tout accepter</button><button>S'abonner</button></div>",
        ),
        {},
    ),
    (
        "consent-wall",
        "es (2)",
        page(
            "Tu privacidad",
            "<p>Nosotros y nuestros socios almacenamos cookies y tratamos datos "
            "personales.</p><button>Aceptar y continuar</button>",
        ),
        {},
    ),
    (
        "consent-wall",
        "zeit (2)",
        page(
            "ZEIT ONLINE | Lesen Sie zeit.de mit Werbung oder im PUR-Abo. Sie haben die Wahl.",
            "<h1>Lesen Sie weiter mit Werbung</h1><p>Besuchen Sie uns wie gewohnt mit Werbung und "
            "Tracking. Wir und unsere Partner verarbeiten Daten mit Cookies.</p><button>Zustimmen und "
            "weiter</button>",
        ),
        {},
    ),
    (
        "consent-wall",
        "no (2)",
        page(
            "Personvern",
            "<div id='cookie-consent'><p>Vi og våre partnere lagrer cookies og behandler data om "
            "deg.</p><button>Godta alle</button></div>",
        ),
        {},
    ),
    (
        "soft-404",
        "cms (2)",
        page(
            "404 Error - News",
            "<h2>Oops! We couldn't find that page</h2><p>The page you requested doesn't exist or has "
            "moved.</p>",
        ),
        {},
    ),
    (
        "soft-404",
        "da (2)",
        page("Siden blev ikke fundet", "<h1>404</h1><p>Siden du leder efter findes ikke.</p>"),
        {},
    ),
    (
        "soft-404",
        "cz (2)",
        page("Stránka nenalezena", "<h1>404</h1><p>Požadovaná stránka neexistuje.</p>"),
        {},
    ),
    (
        "soft-404",
        "expired (2)",
        page(
            "News",
            "<h1>This content is no longer available</h1><p>The article you are looking for has expired "
            "and is no longer available on our system.</p>",
        ),
        {},
    ),
    ("soft-404", "fa (2)", page("صفحه یافت نشد", "<h1>۴۰۴</h1><p>صفحه مورد نظر یافت نشد</p>"), {}),
    (
        "error-page",
        "504 (2)",
        page(
            "504 Gateway Time-out", "<center><h1>504 Gateway Time-out</h1></center><hr><center>nginx</center>"
        ),
        {},
    ),
    (
        "error-page",
        "heroku (2)",
        page(
            "Application Error",
            "<p>An error occurred in the application and your page could not be served. If you are the "
            "application owner, check your logs for details.</p>",
        ),
        {},
    ),
    (
        "error-page",
        "ja (2)",
        page(
            "メンテナンス中",
            "<h1>メンテナンスのお知らせ</h1><p>ただいまメンテナンス中です。しばらくしてからアクセスしてください。</p>",
        ),
        {},
    ),
    (
        "error-page",
        "fr (2)",
        page(
            "Site en maintenance",
            "<h1>Site en maintenance</h1><p>Notre site est actuellement en maintenance. Merci de revenir "
            "plus tard.</p>",
        ),
        {},
    ),
    (
        "login",
        "fb (2)",
        page(
            "Log into Facebook",
            "<h1>Log in to continue</h1><form><input type='password'></form><p>Forgot password?</p>",
        ),
        {},
    ),
    (
        "login",
        "it (2)",
        page("Accedi", "<h1>Accedi</h1><form><input type='password'></form><p>Password dimenticata?</p>"),
        {},
    ),
    ("login", "tr (2)", page("Giriş Yap", "<form><input type='password'></form><p>Şifremi unuttum</p>"), {}),
    (
        "login",
        "must (2)",
        page(
            "Post", "<p>You must be logged in to view this content.</p><form><input type='password'></form>"
        ),
        {},
    ),
    (
        "paywall",
        "nyt (2)",
        page(
            "Bank Raises Rate Again",
            "<h1>Bank Raises Rate Again</h1><p>The bank raised its rate on Friday.</p><p>Thank you for "
            "your patience while we verify access.</p><p>Want all of The News? Subscribe to keep "
            "reading.</p>",
            '<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":false}</script>',
        ),
        {},
    ),
    (
        "paywall",
        "lemonde (2)",
        page(
            "La banque",
            "<h1>La banque</h1><p>La banque relève son taux.</p><p>Article réservé aux abonnés</p><p>La "
            "suite est réservée aux abonnés.</p>",
        ),
        {},
    ),
    (
        "paywall",
        "pt (2)",
        page(
            "O banco", "<h1>O banco</h1><p>O banco subiu a taxa.</p><p>Conteúdo exclusivo para assinantes</p>"
        ),
        {},
    ),
    (
        "paywall",
        "zh (2)",
        page(
            "银行再次加息",
            "<h1>银行再次加息</h1><p>银行周五宣布加息。</p><p>本文仅供订阅用户阅读</p><p>立即订阅</p>",
        ),
        {},
    ),
    (
        "home-redirect",
        "front (2)",
        page(
            "News",
            "<h3><a href='/a'>Bank raises its rate once again today</a></h3><h3><a href='/a'>Bank raises "
            "its rate once again today</a></h3><h3><a href='/a'>Bank raises its rate once again "
            "today</a></h3><h3><a href='/a'>Bank raises its rate once again today</a></h3><h3><a "
            "href='/a'>Bank raises its rate once again today</a></h3><h3><a href='/a'>Bank raises its rate "
            "once again today</a></h3><h3><a href='/a'>Bank raises its rate once again "
            "today</a></h3><h3><a href='/a'>Bank raises its rate once again today</a></h3><h3><a "
            "href='/a'>Bank raises its rate once again today</a></h3>",
        ),
        _led("https://www.harbourpost.example/"),
    ),
    (
        "home-redirect",
        "sec (2)",
        page(
            "Economy",
            "<h3><a href='/a'>Bank raises its rate once again today</a></h3><h3><a href='/a'>Bank raises "
            "its rate once again today</a></h3><h3><a href='/a'>Bank raises its rate once again "
            "today</a></h3><h3><a href='/a'>Bank raises its rate once again today</a></h3><h3><a "
            "href='/a'>Bank raises its rate once again today</a></h3><h3><a href='/a'>Bank raises its rate "
            "once again today</a></h3><h3><a href='/a'>Bank raises its rate once again "
            "today</a></h3><h3><a href='/a'>Bank raises its rate once again today</a></h3><h3><a "
            "href='/a'>Bank raises its rate once again today</a></h3>",
        ),
        _led("https://www.harbourpost.example/strait/2024/"),
    ),
)
