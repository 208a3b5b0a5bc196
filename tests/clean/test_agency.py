import re
import tomllib
import unicodedata
from typing import Any

import pytest

from ingestd.clean import Hints, clean_feed_text, clean_page
from ingestd.clean.agency import AgencyTable, default_table, find_agency, names_agency
from ingestd.data import data_path

BODY = "The boats stayed in the harbour all day."

# Beginnings of texts, by language, and the agency that each is credited to.
DATELINES = {
    "ar": [
        ("باريس (أ ف ب) - أغلق الميناء يوم الجمعة", "AFP"),
        ("القدس (أ.ف.ب) – أغلق الميناء يوم الجمعة", "AFP"),
        ("القدس - أ ف ب", "AFP"),
        ("دبي (رويترز) - أغلق الميناء يوم الجمعة", "Reuters"),
        ("واشنطن - رويترز: أغلق الميناء يوم الجمعة", "Reuters"),
        ("الرياض - واس:", "SPA"),
        ("الرياض 13 محرم 1446 هـ الموافق 19 يوليو 2024 م واس", "SPA"),
        ("الدوحة في 13 يوليو /قنا/ أغلق الميناء", "QNA"),
        ("المنامة في 13 يوليو / بنا / أغلق الميناء", "BNA"),
        ("الكويت - 13 - 7 (كونا) -- أغلق الميناء", "KUNA"),
        ("دمشق-سانا", "SANA"),
        ("رام الله/ الأناضول", "Anadolu"),
        ("القاهرة - أ ش أ - أغلق الميناء", "MENA"),
        ("أبوظبي في 13 يوليو / وام / أغلق الميناء", "WAM"),
        ("مسقط في 13 يوليو /العُمانية/ أغلق الميناء", "ONA"),
    ],
    "bg": [("София, 13 юли /БТА/ Пристанището беше затворено.", "BTA")],
    "bn": [("ঢাকা, ১৩ জুলাই, ২০২৪ (বাসস): বন্দর বন্ধ ছিল।", "BSS")],
    "cs": [("Praha 13. července (ČTK) - Přístav byl uzavřen.", "ČTK")],
    "de": [
        ("Berlin (dpa/lbn) - Der Hafen wurde geschlossen.", "dpa"),
        ("BERLIN dpa – Der Hafen wurde geschlossen.", "dpa"),
        ("Frankfurt am Main (AFP) - Der Hafen wurde geschlossen.", "AFP"),
        ("Wien (APA/dpa/red) – Der Hafen wurde geschlossen.", "APA"),
        ("Bern (awp/sda) - Der Hafen wurde geschlossen.", "Keystone-SDA"),
        ("Frankfurt a.M. (epd). Der Hafen wurde geschlossen.", "epd"),
        ("Köln (SID) - Der Verein hat gewonnen.", "SID"),
    ],
    "el": [("Αθήνα, ΑΠΕ-ΜΠΕ", "ANA-MPA")],
    "en": [
        ("PARIS (AFP) – The harbour was closed on Friday.", "AFP"),
        ("(AFP) - The harbour was closed on Friday.", "AFP"),
        ("KYIV, July 13 (Reuters) - The harbour was closed.", "Reuters"),
        ("NEW YORK, Sept. 13 (Reuters) - The harbour was closed.", "Reuters"),
        ("BEIRUT/THE HAGUE, March 7 (Reuters) - The harbour was closed.", "Reuters"),
        ("LONDON (AP) — The harbour was closed.", "AP"),
        ("ST. LOUIS (AP) — The harbour was closed.", "AP"),
        ("MADISON, Wis. (AP) — The harbour was closed.", "AP"),
        ("COLUMBIA, S.C. (AP) — The harbour was closed.", "AP"),
        ("By Jane Roe and John Doe WASHINGTON, July 13 (Reuters) - The harbour was closed.", "Reuters"),
        ("New Delhi, Jul 13 (PTI) The harbour was closed on Saturday.", "PTI"),
        ("New Delhi, July 13 (IANS) The harbour was closed on Saturday.", "IANS"),
        ("KUALA LUMPUR, July 13 (Bernama) -- The harbour was closed.", "Bernama"),
        ("DHAKA, July 13, 2024 (BSS) - The harbour was closed.", "BSS"),
        ("Pyongyang, July 13 (KCNA) -- The harbour was closed.", "KCNA"),
        ("Taipei, July 13 (CNA) The harbour was closed on Saturday.", "CNA"),
        ("BEIJING, July 13 (Xinhua) -- The harbour was closed.", "Xinhua"),
        ("SEOUL, July 13 (Yonhap) -- The harbour was closed.", "Yonhap"),
        ("YEREVAN, JULY 13, ARMENPRESS. The harbour was closed.", "Armenpress"),
        ("TEHRAN (Tasnim) - The harbour was closed.", "Tasnim"),
        ("PARIS, France (AFP) — The harbour was closed.", "AFP"),
        ("Ramallah - Reuters - The harbour was closed.", "Reuters"),
        ("The Canadian Press - OTTAWA - The harbour was closed.", "CP"),
    ],
    "es": [
        ("Madrid, 13 jul (EFE).- El puerto fue cerrado.", "EFE"),
        ("MADRID, 13 Jul. (EUROPA PRESS) - El puerto fue cerrado.", "Europa Press"),
        ("La Habana, 13 jul (Prensa Latina) El puerto fue cerrado.", "Prensa Latina"),
        ("Palma de Mallorca, 13 jul (EFE).- El puerto fue cerrado.", "EFE"),
        ("México, 13 Jul (Notimex).- El puerto fue cerrado.", "Notimex"),
    ],
    "fa": [
        ("تهران - ایرنا - بندر بسته شد", "IRNA"),
        ("تهران (ایسنا) - بندر بسته شد", "ISNA"),
        ("به گزارش خبرنگار مهر، بندر روز جمعه بسته شد", "Mehr"),
    ],
    "fr": [
        ("Paris, 13 juil 2024 (AFP) - Le port a été fermé.", "AFP"),
        ("ALGER, 13 juillet 2024 (APS) - Le port a été fermé.", "APS"),
        ("Rabat - (MAP) - Le port a été fermé.", "MAP"),
        ("Genève (ats) Le port a été fermé.", "Keystone-SDA"),
        ("Les Sables-d'Olonne (AFP) - Le port a été fermé.", "AFP"),
    ],
    "ka": [("იერუსალიმი (როიტერსი) - ნავსადგური დაიკეტა.", "Reuters")],
    "hi": [
        ("नई दिल्ली, 13 जुलाई (भाषा) बंदरगाह शनिवार को बंद रहा।", "PTI"),
        ("नई दिल्ली (रॉयटर्स) - बंदरगाह शनिवार को बंद रहा।", "Reuters"),
    ],
    "hr": [("ZAGREB, 13. srpnja 2024. (Hina) - Luka je zatvorena.", "HINA")],
    "hu": [("Budapest, 2024. július 13., szombat (MTI) - A kikötőt lezárták.", "MTI")],
    "hy": [("ԵՐԵՎԱՆ, 13 ՀՈՒԼԻՍԻ, ԱՐՄԵՆՊՐԵՍ։ Նավահանգիստը փակվեց։", "Armenpress")],
    "id": [
        ("Jakarta (ANTARA) - Pelabuhan ditutup pada Jumat.", "Antara"),
        ("Jakarta, 13/7 (ANTARA) - Pelabuhan ditutup pada Jumat.", "Antara"),
    ],
    "it": [
        ("(ANSA) - ROMA, 13 LUG - Il porto è stato chiuso.", "ANSA"),
        ("ANSA - ROMA, 13 LUG - Il porto è stato chiuso.", "ANSA"),
        ("Roma, 13 lug. (askanews) – Il porto è stato chiuso.", "Askanews"),
        ("(Adnkronos) - Il porto è stato chiuso.", "Adnkronos"),
        ("ROMA (ITALPRESS) - Il porto è stato chiuso.", "Italpress"),
    ],
    "ja": [
        ("【AFP=時事】港は金曜日に閉鎖された。", "AFP"),
        ("【台北13日AFP=時事】港は金曜日に閉鎖された。", "AFP"),
        ("【7月13日 AFP】港は金曜日に閉鎖された。", "AFP"),
        ("【パリ共同】港は金曜日に閉鎖された。", "Kyodo"),
        ("【ワシントン時事】港は金曜日に閉鎖された。", "Jiji"),
        ("[ロンドン 13日 ロイター] - 港は閉鎖された。", "Reuters"),
        ("［ロンドン　１３日　ロイター］ - 港は閉鎖された。", "Reuters"),
        ("【ソウル聯合ニュース】港は金曜日に閉鎖された。", "Yonhap"),
    ],
    "ko": [
        ("(서울=연합뉴스) 홍길동 기자 = 항구가 폐쇄됐다.", "Yonhap"),
        ("[서울=뉴시스] 홍길동 기자 = 항구가 폐쇄됐다.", "Newsis"),
        ("(서울=뉴스1) 홍길동 기자 = 항구가 폐쇄됐다.", "News1"),
    ],
    "lt": [("VILNIUS, liepos 13 d. (ELTA). Uostas uždarytas.", "ELTA")],
    "mn": [("Улаанбаатар хот, 2024 оны долоодугаар сарын 13 /МОНЦАМЭ/. Боомт хаагдлаа.", "Montsame")],
    "nl": [("AMSTERDAM (ANP) - De haven is gesloten.", "ANP")],
    "pl": [("Warszawa, 13 lipca (PAP) - Port został zamknięty.", "PAP")],
    "pt": [
        ("Lisboa, 13 jul 2024 (Lusa) - O porto foi fechado.", "Lusa"),
        ("São Paulo, 13 de julho de 2024 (Lusa) – O porto foi fechado.", "Lusa"),
    ],
    "ru": [
        ("МОСКВА, 13 июля. /ТАСС/. Порт закрыли.", "TASS"),
        ("ТАСС, 13 июля. Порт закрыли.", "TASS"),
        ("МОСКВА, 13 июл - РИА Новости. Порт закрыли.", "RIA Novosti"),
        ("МОСКВА, 13 июл — РИА Новости. Порт закрыли.", "RIA Novosti"),
        ("ПАРИЖ (АФП) — Порт закрыли.", "AFP"),
        ("Москва. 13 июля. INTERFAX.RU - Порт закрыли.", "Interfax"),
        ("ТОКИО, 13 июл - РИА Новости, Иван Иванов. Порт закрыли.", "RIA Novosti"),
        ("МИНСК, 13 июля. /БЕЛТА/. Порт закрыли.", "BelTA"),
        ("АСТАНА. КАЗИНФОРМ – Порт закрыли.", "Kazinform"),
        ("Баку, 13 июля, АЗЕРТАДЖ. Порт закрыли.", "Azertac"),
    ],
    "sk": [("BRATISLAVA 13. júla (TASR) - Prístav zatvorili.", "TASR")],
    "sl": [("Ljubljana, 13. julija (STA) - Pristanišče je zaprto.", "STA")],
    "sq": [("TIRANË, 13 korrik/ATSH/- Porti u mbyll.", "ATA")],
    "sr": [
        ("BEOGRAD, 13. jula (Tanjug) - Luka je zatvorena.", "Tanjug"),
        ("БЕОГРАД, 13. јула (Бета) - Лука је затворена.", "Beta"),
    ],
    "sv": [("STOCKHOLM (TT) – Hamnen är stängd.", "TT")],
    "th": [("ปักกิ่ง, 13 ก.ค. (ซินหัว) -- ท่าเรือปิดเมื่อวันศุกร์", "Xinhua")],
    "tr": [
        ("İSTANBUL (AA) - Liman kapatıldı.", "Anadolu"),
        ("ANKARA (İHA) – Liman kapatıldı.", "IHA"),
    ],
    "uk": [("КИЇВ. 13 липня. УНІАН. Порт закрили.", "UNIAN")],
    "vi": [("Hà Nội (TTXVN) - Cảng đã đóng cửa hôm thứ Sáu.", "VNA")],
    "zh": [
        ("新华社北京7月13日电 港口星期五关闭。", "Xinhua"),
        ("（新华社北京7月13日电）港口星期五关闭。", "Xinhua"),
        ("据新华社北京7月13日电 港口星期五关闭。", "Xinhua"),
        ("中新社巴黎7月13日電 港口星期五關閉。", "CNS"),
        ("中新网7月13日电 港口星期五关闭。", "CNS"),
        ("（中央社記者王小明台北13日電）港口星期五關閉。", "CNA"),
        ("（中央社巴黎13日綜合外電報導）港口星期五關閉。", "CNA"),
        ("法新社电 港口星期五关闭。", "AFP"),
    ],
}

# First paragraphs that speak of an agency, or of what has the same mark, and are not its text.
NO_DATELINES = [
    "WASHINGTON — The Senate went home early.",
    "The ruling party (AAP) said that it would wait.",
    "The ruling party in the capital (AAP) - it won twice - said that it would wait.",
    "Aam Aadmi Party (AAP) - the party of the broom - said that it would wait.",
    "Australian Federal Police (AFP) - its officers said - searched the house.",
    "According to TASS, the ministry knew of it.",
    "Reuters reported on Friday that the harbour was closed.",
    "AFP reported that the harbour was closed.",
    "Reuters: the story of a company in nine chapters.",
    "Reuters, which is older than the others, was founded in London.",
    "Some say TASS – a Russian agency – is older than that.",
    "He lives in Erie (PA) and works in Bath.",
    "PITTSBURGH, PA - The harbour was closed on Friday.",
    "PITTSBURGH, PA. The harbour was closed on Friday.",
    "Erie, PA, July 13 - The harbour was closed.",
    "The ships of the company (CP), which are old, stay.",
    "The guests of the hotel (CP) - it is by the sea - stay.",
    "Harbour fair, July 13, Erie, PA",
    "Delhi (AAP) Chief Minister Jane Roe said so.",
    "Paris - Reuters, which is old, is there.",
    "Local time was kept. The union (TT) - so its head - agreed.",
    "The TT - the race on the island - is run in June.",
    "The minister told AFP that the harbour would stay closed.",
    "In an interview with Reuters, the minister said so.",
    "Officers of the AFP searched the house on Friday.",
    "The letter of the academy (STA) arrived on Friday.",
    "A beta version (Beta) of the program is there.",
    "Beta - the second letter of the alphabet - is blue.",
    "Map - where the harbour lies.",
    "Trend: more people sail.",
    "Об этом сообщает ТАСС. Порт закрыли.",
    "Как сообщило агентство Интерфакс, порт закрыли.",
    "قالت وكالة رويترز إن الميناء أغلق يوم الجمعة",
    "به گزارش رویترز، بندر بسته شد",
    "据新华社报道，港口星期五关闭。",
    "路透社报道称，港口星期五关闭。",
    "共同声明说，港口星期五关闭。",
    "रॉयटर्स ने बताया कि बंदरगाह बंद रहा।",
    "(Photo by Jane Roe / AFP)",
    "Jane Roe/Reuters",
    "FILE - A boat in the harbour, July 13, 2024. (AP Photo/Jane Roe, File)",
    "FILE PHOTO: A boat in the harbour. REUTERS/Jane Roe/File Photo",
]

# Lines around a text, and the agency that each credits with it.
CREDITS = {
    "ar": [
        ("المصدر: رويترز", "Reuters"),
        ("واس", "SPA"),
        ("أ ف ب", "AFP"),
        ("(د ب أ)", "dpa"),
        ("وكالة الأنباء السعودية (واس)", "SPA"),
        ("وكاله الانباء السعوديه", "SPA"),
        ("رويتـــرز", "Reuters"),
    ],
    "bn": [("সূত্র: রয়টার্স", "Reuters")],
    "cs": [("Zdroj: ČTK", "ČTK"), ("(ČTK)", "ČTK")],
    "da": [("/ritzau/", "Ritzau"), ("Kilde: Ritzau", "Ritzau")],
    "de": [
        ("dpa/AFP", "dpa"),
        ("Quelle: dpa", "dpa"),
        ("Quelle: harbour.de, jro/dpa", "dpa"),
        ("mit Material von dpa", "dpa"),
        ("© dpa-infocom, dpa:240713-99-123/4", "dpa"),
        ("dpa-infocom GmbH", "dpa"),
        ("(dpa)", "dpa"),
        ("(APA/dpa/red)", "APA"),
        ("dpa/lnw", "dpa"),
        ("Von Jane Roe, dpa", "dpa"),
        ("SDA/jro", "Keystone-SDA"),
        ("Direkt aus dem dpa-Newskanal", "dpa"),
        ("Dieser Text ist Teil eines automatisierten Angebots der Nachrichtenagentur dpa.", "dpa"),
    ],
    "el": [("Πηγή: ΑΠΕ-ΜΠΕ", "ANA-MPA"), ("Με πληροφορίες από Reuters", "Reuters")],
    "en": [
        ("AFP", "AFP"),
        ("From AFP", "AFP"),
        ("AFP / Staff", "AFP"),
        ("AFP, Paris", "AFP"),
        ("© 2024 AFP", "AFP"),
        ("(AFP)", "AFP"),
        ("A.F.P.", "AFP"),
        ("ＡＦＰ", "AFP"),
        ("Source: Reuters", "Reuters"),
        ("Source: AFP/ab/cd", "AFP"),
        ("Compiled from AFP and Reuters", "AFP"),
        ("Agence France-Presse (AFP)", "AFP"),
        ("Associated Press in Valencia", "AP"),
        ("By Jane Roe, Associated Press", "AP"),
        ("By JANE ROE | Associated Press", "AP"),
        ("Jane Roe, The Associated Press", "AP"),
        ("JANE ROE Associated Press", "AP"),
        ("By TOM ROE, AP Auto Writer", "AP"),
        ("By Jane Roe, PA", "PA"),
        ("(With inputs from PTI)", "PTI"),
        ("--IANS", "IANS"),
        ("Copyright 2024 The Associated Press. All rights reserved.", "AP"),
        (
            "Copyright 2024 The Associated Press. All rights reserved. This material may not be published, "
            "broadcast, rewritten or redistributed without permission.",
            "AP",
        ),
        ("This report is auto-generated from ANI news service and has not been edited.", "ANI"),
        ("(This story has been published from a wire feed supplied by Press Trust of India.)", "PTI"),
        ("More AP sailing: https://apnews.com/hub/sailing", "AP"),
        ("Our Standards: The Thomson Reuters Trust Principles.", "Reuters"),
    ],
    "es": [
        ("EFE", "EFE"),
        ("(Europa Press)", "Europa Press"),
        ("Fuente: Agencia EFE", "EFE"),
        ("Con información de Reuters y AFP", "Reuters"),
    ],
    "fa": [("منبع: تسنیم", "Tasnim")],
    "fi": [("Lähde: STT", "STT")],
    "fr": [
        ("Le Monde avec AFP", "AFP"),
        ("Le Figaro avec AFP et Reuters", "AFP"),
        ("Par Le Figaro et AFP", "AFP"),
        ("La rédaction avec AFP", "AFP"),
        ("(avec AFP)", "AFP"),
        ("Agence Belga", "Belga"),
    ],
    "he": [("מקור: רויטרס", "Reuters")],
    "hi": [("(इनपुट: भाषा)", "PTI"), ("स्रोत: पीटीआई", "PTI")],
    "hu": [("Forrás: MTI", "MTI"), ("(MTI)", "MTI")],
    "it": [("Fonte: Adnkronos", "Adnkronos"), ("Riproduzione riservata © Copyright ANSA", "ANSA")],
    "ja": [("（共同）", "Kyodo"), ("時事通信", "Jiji"), ("出典：ロイター", "Reuters")],
    "ko": [("출처: 연합뉴스", "Yonhap")],
    "nl": [("Bron: ANP", "ANP")],
    "no": [("(©NTB)", "NTB")],
    "pl": [("Źródło: PAP", "PAP"), ("/PAP/", "PAP")],
    "pt": [
        ("Com informações da Agência Brasil", "Agência Brasil"),
        ("Por Estadão Conteúdo", "Estadão Conteúdo"),
    ],
    "ro": [("Sursa: Agerpres", "Agerpres")],
    "ru": [("Источник: РИА Новости", "RIA Novosti"), ("По материалам ТАСС", "TASS")],
    "sr": [("Izvor: Tanjug", "Tanjug")],
    "sv": [("TT-AFP", "TT"), ("Källa: TT", "TT")],
    "th": [("เอเอฟพี", "AFP"), ("ที่มา: รอยเตอร์", "Reuters")],
    "tr": [("Kaynak: DHA", "DHA")],
    "uk": [("Джерело: Укрінформ", "Ukrinform")],
    "vi": [("Theo TTXVN", "VNA")],
    "zh": [("来源：新华社", "Xinhua"), ("来源: 中新网", "CNS"), ("（綜合路透社、法新社）", "Reuters")],
}

# Lines around a text that credit a picture, name somebody else, or are no credit at all.
NO_CREDITS = [
    "Photo: AFP",
    "Photo by Jane Roe / AFP",
    "(Photo by Jane Roe / AFP)",
    "Reuters/John Doe",
    "REUTERS/Jane Roe/File Photo",
    "Jane Roe/Reuters",
    "(Jane Roe/Reuters)",
    "AP Photo/John Doe",
    "(AP Photo/Jane Roe, File)",
    "© Reuters / Jane Roe",
    "AFP/File",
    "AFP/Archives",
    "AFP via Getty Images",
    "Getty Images/AFP",
    "© AFP PHOTO / Jane Roe",
    "Image: Jane Roe/Reuters",
    "Image source, Reuters",
    "Handout via REUTERS",
    "Pool via AP",
    "Foto: dpa",
    "Foto: Jane Roe/dpa",
    "picture alliance/dpa | Jane Roe",
    "picture alliance / dpa",
    "Bild: Jane Roe/dpa",
    "Bildrechte: Reuters",
    "Foto: EFE/Jane Roe",
    "Crédit photo : AFP",
    "Fotografía: EFE",
    "Zdjęcie: PAP/Jane Roe",
    "Фото: ТАСС",
    "صورة: أ ف ب",
    "عکس: ایرنا",
    "写真：AFP",
    "图片：新华社",
    "新华社记者王小明摄",
    "사진: 연합뉴스",
    "로이터=연합뉴스",
    "[AP/뉴시스]",
    "(Reuters-Yonhap)",
    "NTB Scanpix",
    "Source: CNA/ab",
    "AA",
    "MAP",
    "Beta",
    "Trend",
    "Harbour Post",
    "Erie, PA",
    "Erie (PA)",
    "Aam Aadmi Party (AAP)",
    "SPA & Wellness",
    "Harbour, Boats, Reuters, Sailing",
    "Ana Beta",
    "Australian Federal Police",
    "Interview with AFP",
    "How we work with Reuters and others is told on the page about us",
    "Jane Roe is a reporter of Reuters who writes about harbours",
    "This story was first reported by Reuters.",
    "Об этом сообщает ТАСС",
]

# Ends of the last paragraph, and the agency that each credits with the text.
ENDS = [
    ("The boats came home. (dpa)", "dpa"),
    ("The boats came home. (dpa/AFP)", "dpa"),
    ("The boats came home, he said. – Bernama", "Bernama"),
    ("The boats came home,” he said. — AFP", "AFP"),
    ("The boats came home. AFP", "AFP"),
    ("The boats came home. PTI", "PTI"),
    ("The boats came home. PTI JRO ABC ABC", "PTI"),
    ("The boats came home. (AFP/Le Monde)", "AFP"),
    ("Skibene kom hjem, sagde han. /ritzau/", "Ritzau"),
    ("Skibene kom hjem, sagde han. /ritzau/AFP", "Ritzau"),
    ("Лодки вернулись, сказал он. /ТАСС/", "TASS"),
    ("Brodovi su se vratili. (FENA) J. R.", "FENA"),
    ("Brodovi su se vratili. (Beta)", "Beta"),
    ("Łodzie wróciły. (PAP)", "PAP"),
    ("船は戻った。（共同）", "Kyodo"),
    ("船只已返回。（新华社）", "Xinhua"),
    ("배가 돌아왔다. (연합뉴스)", "Yonhap"),
    ("عادت القوارب. (رويترز)", "Reuters"),
    ("नावें लौट आईं। (भाषा)", "PTI"),
    ("(Reporting by Jane Roe in Orrin; Editing by John Doe)", "Reuters"),
    ("(Reportage de Jane Roe, version française John Doe)", "Reuters"),
    ("TASS", "TASS"),
]

NO_ENDS = [
    "A boat in the harbour. (Photo by Jane Roe / AFP)",
    "A boat in the harbour. (Jane Roe/Reuters)",
    "A boat in the harbour. (AP Photo/Jane Roe, File)",
    "The boats came home, Reuters reported.",
    "The boats came home, the minister told AFP.",
    "The boats came home (beta).",
    "The boats came home, as was said. [Bloomberg]",
    "The minister has a boat of his own, according to TASS.",
    "He sold it. Then he moved to Erie, PA.",
    "Лодки вернулись. Об этом сообщает ТАСС.",
    "Лодки вернулись, передает РИА Новости.",
    "This story was first reported by Reuters.",
]


def _cases(by_language: dict[str, list[tuple[str, str]]]) -> list[tuple[str, str]]:
    return [case for cases in by_language.values() for case in cases]


@pytest.mark.parametrize(("paragraph", "name"), _cases(DATELINES))
def test_a_dateline_names_the_agency(paragraph: str, name: str) -> None:
    found = find_agency(default_table(), paragraphs=[paragraph, *[BODY] * 4])
    assert found is not None
    assert (found.name, found.evidence) == (name, "dateline")
    assert found.quote in paragraph


@pytest.mark.parametrize("paragraph", NO_DATELINES)
def test_a_text_that_speaks_of_an_agency_is_not_its_text(paragraph: str) -> None:
    assert find_agency(default_table(), paragraphs=[paragraph, *[BODY] * 4]) is None


@pytest.mark.parametrize(("line", "name"), _cases(CREDITS))
def test_a_credit_line_names_the_agency(line: str, name: str) -> None:
    found = find_agency(default_table(), paragraphs=[BODY], removed_lines=[line])
    assert found is not None
    assert (found.name, found.evidence, found.quote) == (name, "credit-line", line)


@pytest.mark.parametrize("line", NO_CREDITS)
def test_photo_credits_and_labels_name_no_agency(line: str) -> None:
    assert find_agency(default_table(), paragraphs=[BODY], removed_lines=[line]) is None


@pytest.mark.parametrize(("paragraph", "name"), ENDS)
def test_a_sign_off_names_the_agency(paragraph: str, name: str) -> None:
    found = find_agency(default_table(), paragraphs=[*[BODY] * 4, paragraph])
    assert found is not None
    assert (found.name, found.evidence) == (name, "sign-off")
    assert found.quote in paragraph


@pytest.mark.parametrize("paragraph", NO_ENDS)
def test_a_last_sentence_is_no_sign_off(paragraph: str) -> None:
    assert find_agency(default_table(), paragraphs=[*[BODY] * 4, paragraph]) is None


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ("Agence France-Presse", "AFP"),
        ("PA", "PA"),
        ("John Doe, Associated Press", "AP"),
        ("AFP with Jane Roe", "AFP"),
        ("Jane Roe (AP)", "AP"),
        ("EFE / Redacción", "EFE"),
        ("Harbour Post avec AFP", "AFP"),
    ],
)
def test_an_author_can_be_an_agency(author: str, name: str) -> None:
    found = find_agency(default_table(), paragraphs=[BODY], authors=[author])
    assert found is not None
    assert (found.name, found.evidence) == (name, "byline")


@pytest.mark.parametrize(
    "author", ["Anna Pa", "Ap Dijksterhuis", "Reuters/Jane Roe", "Ana Beta", "AFP Photo"]
)
def test_a_person_is_no_agency(author: str) -> None:
    assert find_agency(default_table(), paragraphs=[BODY], authors=[author]) is None


def test_an_agency_named_twice_in_one_line_is_named() -> None:
    assert names_agency(default_table(), "AFP AFP") == "AFP"
    assert names_agency(default_table(), "Agence France-Presse Agence France-Presse") == "AFP"


@pytest.mark.parametrize("line", ["Le Monde avec AFP", "AFP, Paris", "Jane Roe, The Associated Press"])
def test_a_line_that_names_others_too_is_not_an_agency_line(line: str) -> None:
    assert names_agency(default_table(), line) is None


def test_a_credit_left_above_the_text_is_found() -> None:
    found = find_agency(default_table(), paragraphs=["Source: Associated Press", *[BODY] * 4])
    assert found is not None
    assert (found.name, found.evidence) == ("AP", "credit-line")


def test_metadata_counts_when_nothing_on_the_page_does() -> None:
    found = find_agency(default_table(), paragraphs=[BODY], credits_stated=["Harbour Post", "ANSA"])
    assert found is not None
    assert (found.name, found.evidence) == ("ANSA", "metadata")


def test_the_dateline_goes_before_every_other_place() -> None:
    found = find_agency(default_table(), paragraphs=["ROMA (ANSA) - Il porto.", BODY], authors=["AFP"])
    assert found is not None
    assert found.name == "ANSA"


def test_a_text_without_anything_is_no_agencys() -> None:
    assert find_agency(default_table(), paragraphs=[], site="") is None


# ------------------------------------------------------------------------------------ outlets


@pytest.mark.parametrize(
    ("site", "name"),
    [
        ("afp.com", "AFP"),
        ("english.news.cn", "Xinhua"),
        ("agenciabrasil.ebc.com.br", "Agência Brasil"),
        ("EN.YNA.co.kr.", "Yonhap"),
        ("reuters.com:8443", "Reuters"),
        ("ebc.com.br", None),
        ("notafp.com", None),
        ("afp.com.example", None),
        ("co.kr", None),
        ("[::1]", None),
        ("", None),
        ("a..b", None),
        ("\udcff.example", None),
    ],
)
def test_an_agencys_own_outlet_is_known_by_its_host(site: str, name: str | None) -> None:
    assert default_table().of_site(site) == name


def test_the_longest_host_that_fits_decides() -> None:
    entries = [{"name": "One", "sites": ["wire.example"]}, {"name": "Two", "sites": ["sport.wire.example"]}]
    table = AgencyTable.from_toml({"agency": entries})
    assert table.of_site("live.sport.wire.example") == "Two"
    assert table.of_site("live.wire.example") == "One"


def test_hosts_are_compared_in_their_ascii_form() -> None:
    table = AgencyTable.from_toml({"agency": [{"name": "One", "sites": ["Häfen.example"]}]})
    assert table.of_site("xn--hfen-loa.example") == "One"
    assert table.of_site("häfen.example") == "One"


def test_a_text_at_an_agencys_outlet_is_its_own_unless_it_credits_another() -> None:
    own = find_agency(default_table(), paragraphs=[BODY], site="english.news.cn")
    assert own is not None
    assert (own.name, own.evidence, own.quote) == ("Xinhua", "outlet", "english.news.cn")
    other = find_agency(default_table(), paragraphs=["PARIS (AFP) - The harbour.", BODY], site="news.cn")
    assert other is not None
    assert other.name == "AFP"


# -------------------------------------------------------------------------------- whole pages

PAGE = "<html><body><article><h1>The harbour of Orrin</h1>{lead}{text}</article></body></html>"
SENTENCE = (
    "The boats of number {} stayed in the harbour all day, and nobody knew when they would leave it again."
)
TEXT = "".join(f"<p>{SENTENCE.format(number)}</p>" for number in range(6))


def test_a_page_of_an_agencys_own_is_its_own() -> None:
    html = PAGE.format(lead="", text=TEXT)
    found = clean_page(html, "https://www.afp.com/en/harbour").agency
    assert found is not None
    assert (found.name, found.evidence) == ("AFP", "outlet")
    assert clean_page(html, "https://harbour.example/1").agency is None


def test_a_dateline_in_the_standfirst_is_read() -> None:
    lead = (
        "<header><p>ORRIN (AFP) – The harbour was closed on Friday, and the boats stayed in it.</p></header>"
    )
    article = clean_page(PAGE.format(lead=lead, text=f"<div>{TEXT}</div>"), "https://harbour.example/1")
    assert article.agency is not None
    assert (article.agency.name, article.agency.evidence) == ("AFP", "dateline")


def test_an_entry_that_names_the_agency_as_its_author_is_believed() -> None:
    hints = Hints(authors=("Agence France-Presse",))
    found = clean_page(PAGE.format(lead="", text=TEXT), "https://harbour.example/1", hints=hints).agency
    assert found is not None
    assert (found.name, found.evidence) == ("AFP", "byline")


def test_the_text_of_an_agencys_feed_is_its_own() -> None:
    found = clean_feed_text("https://www.ansa.it/1", hints=Hints(content_html=TEXT)).agency
    assert found is not None
    assert (found.name, found.evidence) == ("ANSA", "outlet")
    assert clean_feed_text(None, hints=Hints(content_html=TEXT)).agency is None


# ---------------------------------------------------------------------------------- the table


@pytest.mark.parametrize(
    ("first", "second", "credit"),
    [
        ({"codes": ["XY"]}, {"codes": ["XY"]}, "XY"),
        ({"spellings": ["Xy Press"]}, {"spellings": ["XY press"]}, "xy press"),
        ({"spellings": ["XY"]}, {"codes": ["XY"]}, "xy"),
        ({"codes": ["XY"]}, {"bracketed": ["XY"]}, "XY"),
        ({"sites": ["wire.example"]}, {"sites": ["Wire.example"]}, "wire.example"),
    ],
)
def test_two_agencies_cannot_claim_one_credit(
    first: dict[str, list[str]], second: dict[str, list[str]], credit: str
) -> None:
    entries = [{"name": "One", **first}, {"name": "Two", **second}]
    with pytest.raises(ValueError, match=re.escape(f"{credit!r} is claimed by ")):
        AgencyTable.from_toml({"agency": entries})


@pytest.mark.parametrize(
    "site", ["wire", "www.wire.example", "https://wire.example/", "wire..example", "w_.example", ""]
)
def test_a_site_that_is_no_host_is_refused(site: str) -> None:
    with pytest.raises(ValueError, match=r"is no host without 'www\.'"):
        AgencyTable.from_toml({"agency": [{"name": "One", "sites": [site]}]})


def test_an_agency_of_ones_own_is_read_like_the_shipped() -> None:
    table = AgencyTable.from_toml({"agency": [{"name": "MPA", "spellings": ["Meridian Press Agency"]}]})
    assert names_agency(table, "Source: Meridian Press Agency") == "MPA"
    assert find_agency(table, paragraphs=["(Reporting by Jane Roe in Orrin; Editing by John Doe)"]) is None


def _shipped() -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = tomllib.loads(data_path("config", "agencies.toml").read_text("utf-8"))[
        "agency"
    ]
    return entries


def test_the_shipped_table_names_each_agency_once_and_in_order() -> None:
    names = [entry["name"] for entry in _shipped()]
    assert len(names) == len(set(names)) >= 140
    plain = [
        unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold() for name in names
    ]
    assert plain == sorted(plain)


def test_the_shipped_table_has_only_what_it_explains() -> None:
    keys = {"name", "spellings", "codes", "bracketed", "sites", "because"}
    assert all(set(entry) <= keys for entry in _shipped())
    assert all(entry["because"] for entry in _shipped() if "bracketed" in entry)
    short = {s for entry in _shipped() for s in entry.get("spellings", ()) if s.isascii() and len(s) <= 3}
    assert short == set(), "a short mark belongs among the codes"


def test_every_credit_of_the_shipped_table_fills_a_line() -> None:
    table = default_table()
    for entry in _shipped():
        for credit in (*entry.get("spellings", ()), *entry.get("codes", ())):
            assert names_agency(table, credit) == entry["name"], credit
            assert names_agency(table, f"© 2024 {credit}.") == entry["name"], credit


def test_every_mark_of_the_shipped_table_counts_in_a_dateline() -> None:
    table = default_table()
    for entry in _shipped():
        for mark in (*entry.get("codes", ()), *entry.get("bracketed", ())):
            found = find_agency(table, paragraphs=[f"ORRIN ({mark}) - The harbour.", *[BODY] * 4])
            assert found is not None, mark
            assert (found.name, found.evidence) == (entry["name"], "dateline")
