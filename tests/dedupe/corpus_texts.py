"""What `corpus` is made of: stories about places that do not exist, forms, pieces of pages, live blogs."""

# A story is its headline and its paragraphs, by language and topic.
STORIES = {
    "en ferry": (
        "Ferry runs aground off Karrow with 214 on board",
        "A ferry with 214 people on board ran aground on a sandbank off the island of Karrow early on "
        "Tuesday, the coastguard said, and 31 passengers were treated for bruises and cold before the tide "
        "lifted the ship free in the afternoon.",
        "The “Northern Lark” was on its usual night crossing from Elmouth when it left the marked channel "
        "for reasons that investigators could not yet explain. “We heard a long scraping noise and then the "
        "lights of the bar went sideways,” said Petra Olund, a nurse who was on her way home from a double "
        "shift.",
        "Lifeboats from three harbours took off children and elderly people first. Captain Harald Winge "
        "told reporters on the quay that the crew had followed every rule in the book, and that the buoy "
        "which should have warned him had drifted half a mile in the storm of the weekend.",
        "The harbour authority confirmed that two buoys were reported missing on Sunday, but said that a "
        "warning had gone out to all ships by radio. The company that runs the ferry, Larkline, cancelled 6 "
        "crossings and promised to pay back all fares.",
        "Islanders have asked for years that the channel be dredged. A study put the cost at 48 million "
        "crowns, which the regional council refused in spring, pointing to a road tunnel that is to open in "
        "2031.",
        "Environmental groups said that a tank of the ship had lost a small amount of oil, and that "
        "volunteers had begun to walk the beaches on the southern side of the island, where some 900 eiders "
        "spend the winter.",
    ),
    "en library": (
        "Town votes to keep its library open at night",
        "The people of Harrowgate Mills have voted to keep their public library open around the clock, the "
        "first of the country to do so, after a trial in which nurses, bakers and students filled its "
        "reading room long past midnight.",
        "Of 9,412 valid votes counted on Sunday evening, 61 percent were in favour, the town clerk said. "
        "The measure will cost about 240,000 a year, most of it for two guards and for heating, and will be "
        "paid for by a small rise of the parking fees.",
        "“At three in the morning nobody asks you why you are not asleep,” said Imre Castell, who drives a "
        "cleaning van and has read all the Russian novels since January. “You sit down and somebody puts a "
        "lamp on.”",
        "Opponents had argued that the house would become a shelter for people who have nowhere else to go. "
        "Librarian Dora Finch said that this was so, and that it was the point.",
        "The state association of libraries called the vote remarkable but warned that other towns should "
        "look closely at the numbers: lending has risen by only 4 percent, while the bill for coffee in the "
        "hall has tripled.",
    ),
    "de werft": (
        "Werft in Lüdershafen meldet Insolvenz an",
        "Die traditionsreiche Werft in Lüdershafen hat am Mittwoch beim Amtsgericht Insolvenz angemeldet. "
        "Betroffen sind nach Angaben der Gewerkschaft rund 1.340 Beschäftigte, die ihren Lohn vorerst über "
        "das Insolvenzgeld erhalten sollen.",
        "„Wir haben bis zuletzt um jeden Auftrag gekämpft“, sagte Geschäftsführerin Maren Tadsen vor dem "
        "Werkstor. Zwei Fähren liegen halb fertig im Dock, für eine dritte sei der Stahl bereits "
        "geschnitten, doch die Reederei habe Anfang November die Zahlungen eingestellt.",
        "Das Land hatte der Werft vor drei Jahren mit einer Bürgschaft über 82 Millionen Euro geholfen. "
        "Wirtschaftsminister Enno Harms kündigte für Donnerstag Gespräche mit möglichen Käufern an, "
        "darunter ein Hersteller von Plattformen für Windräder auf See.",
        "In der Stadt löste die Nachricht Bestürzung aus. Vor der Bäckerei gegenüber dem Tor standen am "
        "Nachmittag Schweißer und Lehrlinge in der Kälte und tranken Kaffee, den ihnen die Inhaberin "
        "schenkte. Manche Familien arbeiten seit vier Generationen auf der Werft.",
        "Die Opposition im Landtag warf der Regierung vor, Warnungen der Prüfer überhört zu haben. Ein "
        "Bericht aus dem Sommer habe gezeigt, dass die Kosten der ersten Fähre um fast die Hälfte gestiegen "
        "seien. Der vorläufige Insolvenzverwalter will sich am Freitag zum ersten Mal äußern.",
    ),
    "de wolf": (
        "Wolf spaziert durch Kleinstadt und verschläft den Einsatz",
        "Ein junger Wolf hat am Sonntagmorgen die Kleinstadt Brennsee in Aufregung versetzt. Das Tier lief "
        "gegen sechs Uhr über den Marktplatz, sah einer Zeitungsausträgerin zu und legte sich schließlich "
        "im Garten des Pfarrhauses unter einen Holunder.",
        "Die Polizei sperrte daraufhin vier Straßen, die Feuerwehr brachte Netze, und das zuständige Amt "
        "schickte aus der 90 Kilometer entfernten Kreisstadt eine Tierärztin mit einem Betäubungsgewehr. "
        "„Er hat von alldem nichts gemerkt, er schlief“, sagte Pfarrer Jost Wieland.",
        "Nach Auskunft der Wolfsberaterin Tilda Krome handelt es sich um einen etwa anderthalb Jahre alten "
        "Rüden auf der Suche nach einem eigenen Revier. Solche Tiere legten in einer Nacht bis zu 70 "
        "Kilometer zurück und gerieten dabei gelegentlich in Orte.",
        "Als am Mittag die Glocken läuteten, stand der Wolf auf, sprang über die Mauer und verschwand in "
        "Richtung der Steinbrüche. Der Gottesdienst war bis dahin in die Turnhalle verlegt worden, wo nach "
        "Angaben der Gemeinde so viele Besucher saßen wie sonst nur an Weihnachten.",
    ),
    "fr pont": (
        "Le pont de Saint-Aubrac fermé pour deux ans",
        "Le pont suspendu de Saint-Aubrac, emprunté chaque jour par près de 18 000 véhicules, sera fermé à "
        "toute circulation pendant au moins deux ans, a annoncé lundi la préfecture, après la découverte de "
        "fils rompus dans l’un des câbles porteurs.",
        "« La sécurité ne se négocie pas », a déclaré la préfète, Hélène Vasseur, lors d’une conférence de "
        "presse. Les ingénieurs avaient relevé dès le mois de mars des bruits anormaux, enregistrés par des "
        "capteurs posés l’année précédente sur les deux rives.",
        "La déviation par le barrage allonge le trajet de 26 kilomètres. Les commerçants du centre "
        "craignent un hiver très difficile, et le lycée professionnel, dont la moitié des élèves habite sur "
        "l’autre rive, réclame des navettes fluviales avant la rentrée de janvier.",
        "Construit en 1936, détruit pendant la guerre puis relevé par des entreprises de la région, "
        "l’ouvrage devait être repeint l’an prochain. Le coût des travaux est désormais estimé à 57 "
        "millions d’euros, que l’État et le département doivent se partager.",
        "Le maire, Bastien Roumégas, a demandé que les employés municipaux puissent travailler depuis chez "
        "eux trois jours par semaine. Une association d’usagers rappelle qu’elle avait alerté les autorités "
        "à 5 reprises, et annonce une plainte.",
    ),
    "fr abeilles": (
        "Des ruches volées sur les toits de Montclar",
        "Une quarantaine de ruches installées sur les toits de bâtiments publics à Montclar ont été volées "
        "dans la nuit de samedi à dimanche, a indiqué la gendarmerie, qui évoque un travail de connaisseurs "
        "équipés d’une grue légère.",
        "Les colonies, dont certaines appartenaient à des écoles, produisaient environ 600 kilos de miel "
        "par an, vendus au profit de la cantine. « Les enfants leur avaient donné des noms », soupire Odile "
        "Marchetti, qui enseigne depuis vingt ans au groupe scolaire des Tilleuls.",
        "Selon le syndicat des apiculteurs, les vols ont doublé en trois ans, car une colonie vivante se "
        "négocie désormais jusqu’à 250 euros. Le président du syndicat recommande de graver un numéro dans "
        "le bois des cadres et de cacher des balises sous les couvercles.",
        "Les voisins n’ont rien entendu, à l’exception d’un boulanger qui a pris le camion pour une "
        "livraison. Des plaques relevées par une caméra mènent vers la frontière, où les recherches se "
        "poursuivent.",
    ),
    "es volcán": (
        "El volcán Tamarán obliga a evacuar tres pueblos",
        "El volcán Tamarán volvió a lanzar ceniza en la madrugada del jueves y obligó a evacuar a unas "
        "3.200 personas de tres pueblos de la ladera norte, informó el instituto de geología, que elevó la "
        "alerta al segundo nivel más alto.",
        "«Salimos con los animales y con lo puesto», contó Remedios Azcárate, que llegó en un camión al "
        "polideportivo de Villa Honda, donde los vecinos habían preparado camas y sopa. Los bomberos "
        "recorrieron casa por casa antes del amanecer.",
        "La columna alcanzó los 7 kilómetros de altura y el viento la empujó hacia el mar, por lo que el "
        "aeropuerto canceló 22 vuelos. Los científicos observan desde agosto un abombamiento del terreno "
        "junto al cráter secundario, que crece unos dos centímetros por semana.",
        "La presidenta de la región, Lourdes Iriarte, pidió calma y prometió ayudas para los ganaderos, "
        "aunque reconoció que nadie puede decir cuánto durará. En la erupción de 1971 los habitantes "
        "tardaron once meses en volver, y una capilla quedó para siempre debajo de la lava.",
        "Los colegios de la comarca permanecerán cerrados hasta el lunes. Las autoridades recomiendan usar "
        "mascarillas, no conducir de noche y cubrir los depósitos de agua.",
    ),
    "it treno": (
        "Treno notturno fermo nove ore in galleria",
        "Oltre quattrocento passeggeri hanno trascorso nove ore al buio in una galleria dell’Appennino dopo "
        "che il treno notturno per Portofalco si è fermato, nella notte tra venerdì e sabato, per un guasto "
        "alla linea elettrica.",
        "I soccorritori hanno raggiunto il convoglio a piedi, portando acqua, coperte e lampade, e hanno "
        "accompagnato fuori 17 persone che non si sentivano bene. «A un certo punto un signore ha tirato "
        "fuori la fisarmonica», racconta Ginevra Salutati, studentessa, «e la paura è passata».",
        "La società ferroviaria si è scusata e ha annunciato il rimborso completo dei biglietti. Secondo i "
        "primi accertamenti un tratto di cavo lungo 300 metri sarebbe caduto sui binari a causa delle "
        "infiltrazioni, già segnalate dai macchinisti in primavera.",
        "I sindacati chiedono da tempo che la galleria, aperta nel 1958, venga dotata di vie di fuga e di "
        "una rete telefonica. Il ministero ha aperto un’inchiesta e vuole sapere perché la locomotiva di "
        "riserva sia partita soltanto all’alba.",
    ),
    "ru музей": (
        "В Старогорске после ремонта открылся музей часов",
        "В Старогорске после семи лет ремонта вновь открылся музей часов, один из самых необычных в стране. "
        "В первый день его посетили более двух тысяч человек, а очередь растянулась до набережной, сообщила "
        "администрация города.",
        "Коллекцию из 860 предметов начал собирать ещё до войны местный часовщик Лев Берестов, который "
        "прятал самые ценные экземпляры в печных трубах. «Мы нашли двенадцать механизмов прямо в стенах», — "
        "рассказала директор музея Анна Зимина.",
        "Реставраторы вернули к жизни башенные часы, которые не ходили с 1944 года. Теперь они снова бьют "
        "каждый час, хотя жители соседних домов уже попросили отключать бой на ночь, и мэрия обещала "
        "принять решение в декабре.",
        "На ремонт потратили 215 миллионов рублей, большую часть суммы выделил областной бюджет. Вход для "
        "школьников бесплатный, а по воскресеньям посетители могут принести собственные часы, и мастера "
        "бесплатно осмотрят их.",
    ),
    "pl żubr": (
        "Żubry wróciły do puszczy nad Wierzbną",
        "Po ponad stu latach żubry wróciły do puszczy nad Wierzbną. W środę o świcie przyrodnicy wypuścili "
        "na wolność stado liczące jedenaście zwierząt, które przez pół roku przyzwyczajały się do nowego "
        "miejsca w zagrodzie o powierzchni 40 hektarów.",
        "„Stara krowa wyszła pierwsza, rozejrzała się i ruszyła prosto w stronę rzeki, jakby znała drogę” – "
        "powiedziała leśniczka Jagoda Mroczek. Każde zwierzę nosi obrożę z nadajnikiem, dzięki której "
        "naukowcy mogą śledzić jego wędrówki.",
        "Rolnicy z okolicznych wsi obawiają się szkód w uprawach. Wojewoda zapewnił, że odszkodowania będą "
        "wypłacane w ciągu 30 dni, a gminy dostaną pieniądze na ogrodzenia elektryczne. Koszt całego "
        "przedsięwzięcia, 6 mln złotych, w większości pokryła fundacja.",
        "Biolodzy liczą na to, że za dziesięć lat stado będzie liczyło około 60 sztuk. Podobna próba na "
        "wschodzie kraju powiodła się dopiero za trzecim razem, bo zwierzęta chorowały.",
    ),
    "ar ميناء": (
        "إعادة فتح ميناء المرجان بعد العاصفة",
        "أعلنت سلطات ميناء المرجان يوم الأحد استئناف حركة السفن بعد توقف دام أربعة أيام بسبب العاصفة التي "
        "ضربت الساحل الشرقي، وأدت إلى غرق زورقين صغيرين وإصابة 14 شخصاً بجروح طفيفة وفق وزارة النقل.",
        "وقال مدير الميناء سالم الراشدي إن الفرق الفنية عملت ليلاً ونهاراً لإزالة الرمال من مدخل القناة، "
        "مضيفاً أن أولى السفن المحملة بالقمح دخلت قبيل الظهر وسط ترحيب العمال الذين رفعوا الأعلام على "
        "الأرصفة.",
        "وتسببت العاصفة في انقطاع الكهرباء عن أكثر من 20 ألف منزل، فيما أغلقت المدارس أبوابها حتى يوم "
        "الثلاثاء. وطلبت الحكومة من الصيادين عدم الإبحار قبل صدور نشرة جديدة من مركز الأرصاد الجوية في "
        "العاصمة.",
        "ويعد الميناء الذي بني قبل ستين عاماً الشريان الرئيسي للتجارة في البلاد، وتمر عبره ثلاثة أرباع "
        "الواردات الغذائية. وكان البرلمان قد وافق في الربيع الماضي على خطة لتوسيعه بتكلفة 900 مليون دينار، "
        "لكن العمل لم يبدأ بعد.",
    ),
    "zh 桥": (
        "青石江大桥提前半年通车",
        "连接两座沿江城市的青石江大桥星期六正式通车，比原计划提前了半年。大桥全长三千二百米，双向六车道，工"
        "程指挥部说，通车后两地之间的车程将从一个半小时缩短到二十分钟。",
        "“我父亲当年坐渡船去对岸上学，遇到大雾就要等一整天。”家住江北的退休教师林慧芳站在桥头说。当天上午，"
        "数千名市民步行穿过大桥，许多人带来了老照片，孩子们在栏杆上系上红色的布条。",
        "大桥于五年前开工，建设过程中曾因洪水停工四个月。总工程师周远航介绍，桥塔采用了新型材料，能够抵御百"
        "年一遇的大风，桥面上安装的传感器每秒钟都会把数据送到控制中心。",
        "工程总投资为四十八亿元，其中三分之二来自省级财政。开通后的第一个月免收通行费，货车暂时不得通行。渡"
        "船公司表示将保留一条航线供游客使用，其余七艘渡船将卖给下游的县。",
    ),
}

# Two sentences by which an outlet begins, one that it puts in between, how it credits, what it cuts off.
LOCAL = {
    "en": (
        "Readers of this paper remember how it all began, on a wet morning when nobody in our street "
        "believed it. Now the matter has come back, and our neighbours want to know what it means for them.",
        "In our own district the news was followed closely, a spokesman of the chamber of commerce told "
        "this newspaper, and two associations have called a meeting for next week in the hall of the old "
        "school.",
        "HARBOURTON (NPA) —",
    ),
    "de": (
        "Auch bei uns im Kreis hat die Nachricht am Abend viele Leute beschäftigt, in den Wirtshäusern "
        "wurde lange darüber geredet. Unsere Redaktion hat nachgefragt, was das für die Menschen hier "
        "bedeutet.",
        "Im hiesigen Rathaus wollte man sich dazu nicht äußern; ein Sprecher verwies auf die Sitzung des "
        "Ausschusses in der kommenden Woche, zu der auch die Vereine aus den Ortsteilen eingeladen sind.",
        "Kreisstadt (npa) -",
    ),
    "fr": (
        "L’information a vite fait le tour de notre canton, où beaucoup ont de la famille sur place. Notre "
        "rédaction revient sur une affaire qui, mine de rien, concerne aussi les gens d’ici.",
        "Dans notre département, la chambre d’agriculture a fait savoir à notre journal qu’elle suivait le "
        "dossier de près et qu’une réunion publique se tiendrait avant la fin du mois à la salle des fêtes.",
        "VALBOURG (ANP) –",
    ),
    "es": (
        "La noticia llegó anoche a nuestra ciudad, donde viven muchas familias que conocen bien aquella "
        "tierra. Este diario ha hablado con algunas de ellas sobre lo que les espera en las próximas "
        "semanas.",
        "En nuestra provincia la federación de vecinos anunció a este periódico que recogerá ropa y "
        "juguetes en el mercado central, y que un autobús saldrá el sábado si se reúnen bastantes "
        "voluntarios.",
        "CIUDAD ALTA (ANP).—",
    ),
    "it": (
        "La notizia ha fatto il giro dei nostri paesi già di prima mattina, tra il bar e l’edicola. Abbiamo "
        "chiesto a chi conosce quei posti che cosa ne pensa, e le risposte non sono state tenere.",
        "Anche nella nostra provincia, fa sapere il comitato dei pendolari a questo giornale, la situazione "
        "è seguita con attenzione, e per giovedì sera è convocata un’assemblea nella sala del consiglio.",
        "MONTEVERO (ANP) -",
    ),
    "ru": (
        "Эту новость обсуждают и в нашем районе, где у многих там живут родственники. Мы расспросили "
        "знающих людей, чего ждать дальше и стоит ли собираться в дорогу.",
        "В нашей области, как сообщили газете в управлении культуры, готовят похожий проект, но денег на "
        "него пока нет, и депутаты вернутся к этому вопросу только весной.",
        "СТАРОГОРСК, 22 ноя — НПА.",
    ),
    "pl": (
        "O sprawie mówiło się wczoraj także w naszym powiecie, gdzie wielu czytelników pamięta tamte strony "
        "z dzieciństwa. Zapytaliśmy ich, co o tym sądzą.",
        "W naszym starostwie usłyszeliśmy, że na razie nie ma podobnych planów, ale stowarzyszenie "
        "miłośników regionu zbiera już podpisy i zapowiada spotkanie w remizie.",
        "Warta (NPA) –",
    ),
    "ar": (
        "تابع قراء صحيفتنا هذا الخبر باهتمام كبير منذ ساعات الصباح الأولى. وفيما يلي ما نعرفه حتى الآن عن "
        "تفاصيل ما جرى وما ينتظر الأهالي في الأيام القادمة.",
        "وفي محافظتنا قال رئيس الغرفة التجارية لصحيفتنا إن التجار يراقبون الوضع عن كثب، وإن اجتماعاً سيعقد "
        "الأسبوع المقبل في قاعة البلدية القديمة.",
        "المرجان (و أ ن) -",
    ),
    "zh": (
        "这条消息昨晚在本市也引起了不少读者的关注，许多人打电话到编辑部询问详情，本报记者为此采访了有关人士"
        "。",
        "本市有关部门告诉本报记者，他们正在密切注意事态的发展，下星期将在文化宫召开座谈会，听取市民代表的意"
        "见。",
        "新闻社青石电",
    ),
}

# The furniture of three outlets, before and after the article.
FURNITURE = (
    (
        "Skip to content Home Politics Region Sport Culture Weather Death notices Subscribe Log in",
        "Get our newsletter every morning before breakfast. By clicking on the button you agree to our "
        "terms and to the processing of your address for the purpose of sending you offers of selected "
        "partners. You may withdraw your consent at any time by writing to the address below. Follow the "
        "Courier on all channels. Most read this week: the ten best walks around the lake; why the old "
        "cinema is not for sale; our big quiz about mushrooms. The Courier is a member of the press "
        "council. Imprint, privacy, cookies, advertise with us, jobs, archive.",
    ),
    (
        "Menü E-Paper Anmelden Lokales Sport Wirtschaft Panorama Ratgeber Anzeigen Traueranzeigen",
        "Sie möchten diesen Artikel weiterlesen oder kommentieren? Mit dem Plus-Abo lesen Sie vier Wochen "
        "lang zum halben Preis, danach monatlich kündbar. Bereits registriert? Dann melden Sie sich hier "
        "an. Das könnte Sie auch interessieren: So heizen Sie richtig mit Holz; Diese Rezepte gelingen "
        "immer; Tausende feiern beim Stadtfest. Alle Rechte vorbehalten. Vervielfältigung nur mit "
        "Genehmigung des Verlags. Kontakt, Impressum, Datenschutz, Mediadaten, Netiquette, Hilfe.",
    ),
    (
        "À la une Vidéos Faits divers Politique Économie Loisirs Mon compte S’abonner",
        "Cet article vous a plu ? Recevez chaque soir l’essentiel de l’actualité dans votre boîte de "
        "messagerie. Vos données sont traitées conformément à notre politique de confidentialité, et vous "
        "pouvez vous désinscrire en un clic. À lire aussi : notre palmarès des marchés de Noël ; le vrai "
        "prix des sapins ; les bonnes adresses de la semaine. Retrouvez toutes nos éditions en kiosque. "
        "Mentions légales, plan du site, contact, archives.",
    ),
)

# Forms: a place in braces is filled with another value each time, the town ({0}), the day ({1}), one of the
# values listed behind the form ({2} to {4}), or a number ({n}).
FORMS = {
    "en weather": (
        "The forecast for {0} on {1}: {2} in the morning, with winds of up to {n} kilometres an hour from "
        "the {3}. The temperature will rise to {n} degrees around noon and fall to {n} degrees at night. "
        "The chance of rain is {n} percent. Those who go out on the water near {0} are asked to watch the "
        "signals, and drivers should allow for {4} on higher roads. The sun rises at 7.{n} and sets at "
        "16.{n}.",
        "fog|light showers|bright skies|sleet|hazy sun|steady rain|a few clouds",
        "north|south-east|west|south|north-west|east",
        "black ice|gusts|slush|wet leaves|fallen branches|standing water",
    ),
    "en earnings": (
        "{0} Industries on {1} reported earnings of {n} million for the third quarter, against {n} million "
        "in the same period of last year. Revenue of {n} million was {4} analysts had expected. Shares of "
        "the company, which makes {2}, have risen by {n} percent since the beginning of the year. In the "
        "final minutes of trading they stood at {n}, up {n} percent over the last twelve months. The "
        "company said it expects full-year earnings of {n} to {n} a share. Its headquarters are in {3}.",
        "garden tools|bicycle bells|frozen pies|felt hats|ship paint|door locks",
        "Brixton Mere|Galloway|Tansy Cross|Upper Fold|Mill Street",
        "more than|less than|exactly what|well above what|a little below what",
    ),
    "de polizei": (
        "{0} – Am {1} gegen {n} Uhr kam es in der {2} zu einem Unfall, bei dem eine {n}-jährige Frau leicht "
        "verletzt wurde. Nach Angaben der Polizei hatte der Fahrer eines {3} beim Abbiegen die Vorfahrt "
        "nicht beachtet. Es entstand ein Schaden von etwa {n}00 Euro. Die Straße war {4} gesperrt. Zeugen "
        "werden gebeten, sich unter der Nummer 0{n}/{n}{n} bei der Polizei in {0} zu melden.",
        "Bahnhofstraße|Lindenallee|Gartenstraße|Mühlgasse|Schulstraße|Seepromenade",
        "Lieferwagens|Kleinwagens|Motorrads|Transporters|Treckers",
        "zwei Stunden lang|kurzzeitig|bis zum Morgen|halbseitig",
    ),
    "de börse": (
        "Der Leitindex in {0} hat am {1} bei {n}.{n} Punkten geschlossen, das waren {n} Prozent mehr als am "
        "Vortag. An der Spitze lagen die Aktien von {2} mit einem Plus von {n} Prozent, während {3} um {n} "
        "Prozent nachgaben. Der Euro kostete am Abend 1,{n} Dollar. Am Anleihemarkt lag die Rendite bei "
        "2,{n} Prozent. Händler sprachen von {4} und verwiesen auf die Daten vom Arbeitsmarkt.",
        "Nordstahl|Hansen Chemie|Volta Energie|Am-Wehr-Bau|Brauhaus Fink",
        "Baltik Versicherung|Rheinzement|Uhrenfabrik Behn|Kabelwerk Süd",
        "ruhigem Handel|hoher Nervosität|guter Laune|dünnen Umsätzen|Gewinnmitnahmen",
    ),
    "fr match": (
        "{0} s’est imposé {1} sur le score de {n} à {n} devant {n}00 spectateurs. Le premier but est venu "
        "de {2} à la {n}e minute, sur une passe de {3}. Après la pause, les visiteurs ont {4}, sans "
        "parvenir à revenir. Au classement, l’équipe occupe désormais la {n}e place avec {n} points, et "
        "recevra le prochain adversaire dans quinze jours.",
        "Diarra|Moreau|Petitjean|Lopes|Vasseur|Bakayo|Renaud|Sorel",
        "Guillou|Haddad|Carpentier|Mbemba|Lenoir|Fabre|Tessier|Olivari",
        "poussé très fort|changé deux joueurs|touché la barre|joué à dix|multiplié les centres",
    ),
    "es lotería": (
        "El sorteo celebrado el {1} en {0} dejó como números premiados el {n}, el {n}, el {n}, el {n} y el "
        "{n}, con el complementario {n}. Un solo acertante, que selló su boleto en {2}, se lleva {n} "
        "millones. El segundo premio fue a parar a {3}, con {n} mil euros para cada uno de los {n} "
        "acertantes. El bote del próximo sorteo ascenderá a {n} millones. Los premios de {4} se cobran en "
        "cualquier despacho.",
        "una gasolinera|un quiosco del centro|un bar de carretera|una estación|un hospital",
        "cuatro provincias|dos islas|un barrio obrero|tres peñas|un pueblo costero",
        "menor cuantía|hasta dos mil euros|cuarta categoría|tercera categoría",
    ),
    "it oroscopo": (
        "{0}: la giornata di {1} porta {2} in amore e qualche pensiero sul lavoro. Chi aspetta una risposta "
        "da {3} dovrà avere pazienza fino a sera. La fortuna sorride a chi {4}. Nel pomeriggio conviene non "
        "firmare nulla e dedicare un’ora alla famiglia. Il numero del giorno è il {n}, l’ora favorevole "
        "sono le {n}.",
        "qualche sorpresa|un dubbio|nuove conferme|un ritorno|piccole gelosie|grande calma",
        "un ufficio|un vecchio amico|un parente lontano|un avvocato|una persona cara",
        "sa aspettare|rischia poco|viaggia in compagnia|cambia strada|ascolta i consigli|dorme bene",
    ),
    "ru курс": (
        "Официальный курс валюты на {1} составил {n},{n} за доллар и {n},{n} за евро, сообщили в банке "
        "города {0}. По сравнению с предыдущим днём доллар подорожал на {n} копеек. Акции компании {2} "
        "прибавили {n} процента, бумаги компании {3} потеряли {n} процента. Участники рынка говорят, что "
        "{4}, и не ждут больших перемен до конца недели.",
        "«Север»|«Волна»|«Рудник»|«Маяк»|«Полюс»|«Берег»",
        "«Заря»|«Лён»|«Горизонт»|«Верфь»|«Союз»|«Степь»",
        "торги прошли спокойно|спрос вырос|рынок ждёт новостей|продавцов стало больше|активность упала",
    ),
    "pl utrudnienia": (
        "Od {1} kierowcy w mieście {0} muszą liczyć się z utrudnieniami na ulicy {2}. Powodem jest {4}, "
        "który potrwa {n} dni. Objazd wyznaczono ulicą {3}, autobusy linii {n} i {n} pojadą inną trasą. "
        "Koszt prac to {n} tysięcy złotych. Zarząd dróg prosi o ostrożność i o zwracanie uwagi na znaki. "
        "Więcej informacji pod numerem {n}{n}.",
        "Lipowej|Młyńskiej|Kolejowej|Szkolnej|Zamkowej|Rybackiej",
        "Polną|Ogrodową|Nową|Leśną|Krótką|Wodną",
        "remont wodociągu|montaż świateł|wymiana torów|bieg uliczny|przegląd mostu",
    ),
    "zh 天气": (
        "{0}气象台{1}发布天气预报：今天白天{2}，最高气温{n}度；夜间{4}，最低气温{n}度，风力{n}级。相对湿度"
        "百分之{n}，空气质量指数{n}。{3}一带的市民出行请注意交通安全，老人和儿童应当适时增减衣物。",
        "多云转晴|小雨|有大雾|阴|晴间多云|雷阵雨",
        "滨江路|老城区|火车站|大学城|东港|高新区",
        "转阴|有阵雨|多云|晴|降温明显|有霜冻",
    ),
}


TOWNS_AND_DAYS = {
    "en": (
        "Orrin Sund Karrow Elmouth Harbourton Valmora Westing Drayford Linnet Oakmere",
        "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    ),
    "de": (
        "Brennsee Lüdershafen Altmoor Hohenried Tannweiler Kiesbach Sankt-Veit Rodenau Wiek Ostermark",
        "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
    ),
    "fr": (
        "Montclar Valbourg Saint-Aubrac Portenac Roquevel Lussan Morvel Castelis Briouze Ardelle",
        "lundi mardi mercredi jeudi vendredi samedi dimanche",
    ),
    "es": (
        "Villahonda Ciudadalta Tamarán Puertosereno Alcorza Monteluz Ribanera Camporreal Olmedilla Sotera",
        "lunes martes miércoles jueves viernes sábado domingo",
    ),
    "it": (
        "Ariete Toro Gemelli Cancro Leone Vergine Bilancia Scorpione Sagittario Capricorno Acquario Pesci",
        "lunedì martedì mercoledì giovedì venerdì sabato domenica",
    ),
    "ru": (
        "Старогорск Белозерье Каменка Лугово Приморск Северное Яровое Заречье Боровое Истоки",
        "понедельник вторник среду четверг пятницу субботу",
    ),
    "pl": (
        "Warta Wierzbna Kłodno Orlin Zalesie Brzegi Podgórze Lipiany Morsk Jawornik",
        "poniedziałku wtorku środy czwartku piątku soboty",
    ),
    "zh": (
        "青石 江北 云台 松岭 白沙 海宁湾 石桥 柳林 南屏 双溪",
        "星期一 星期二 星期三 星期四 星期五 星期六",
    ),
}

# What the posts of live blogs are put together from: who, did what, to or with what, and what came of it.
POSTS = {
    "en": (
        "the fire brigade|a baker from the harbour|the minister of transport|two retired pilots|the choir "
        "of the cathedral|a spokeswoman for the port|the mayor's deputy|one of the divers|the school board|"
        "an elderly beekeeper",
        "has now confirmed|would not rule out|flatly denied|told our reporter about|filmed from a balcony|"
        "complained about|praised in warm words|is still waiting for|apologised for|described in some "
        "detail",
        "the delay at the northern lock|a second alarm in the night|the missing crates of oranges|the "
        "closed footbridge|new pictures from the drone|the vote behind closed doors|a broken pump in the "
        "cellar|the meeting at noon|an empty train at platform nine|the smell of burnt sugar",
        "while buses were turned back at the roundabout|and nobody could say for how long|as rain set in "
        "from the west|although the sirens had stopped by then|before the cameras were asked to leave|after "
        "an hour of talks by candlelight|so that shops along the canal stayed shut|with children waving "
        "from the windows|because the spare key had been lost|which drew laughter from the crowd",
    ),
    "de": (
        "die Feuerwehr|ein Bäcker vom Hafen|die Verkehrsministerin|zwei Segler|der Domchor|eine Sprecherin "
        "der Bahn|der Bürgermeister|eine Taucherin|der Schulrat|ein alter Imker",
        "bestätigt jetzt|will nichts wissen von|bestreitet energisch|berichtet uns über|filmte vom Balkon "
        "aus|beschwert sich über|lobt ausdrücklich|wartet noch auf|entschuldigt sich für|schildert "
        "ausführlich",
        "die Verzögerung an der Schleuse|einen zweiten Alarm in der Nacht|die verschwundenen Kisten|den "
        "gesperrten Steg|neue Bilder aus der Luft|die geheime Abstimmung|eine kaputte Pumpe im Keller|das "
        "Treffen am Mittag|einen leeren Zug auf Gleis neun|den Geruch nach verbranntem Zucker",
        "während die Busse am Kreisel umkehren|und niemand weiß, wie lange noch|als von Westen her Regen "
        "einsetzt|obwohl die Sirenen längst schweigen|ehe die Kameras den Saal verlassen müssen|nach einer "
        "Stunde bei Kerzenlicht|sodass die Läden am Kanal geschlossen bleiben|und Kinder winken aus den "
        "Fenstern|weil der Schlüssel verloren ging|was in der Menge Gelächter auslöst",
    ),
}
