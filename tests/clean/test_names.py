import pytest

from ingestd.clean.names import is_person, is_proper, people_in

SITE = frozenset({"harbourpost", "harbourpostexample"})


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Ada Lark", ["Ada Lark"]),
        ("By Ada Lark and Jonas Reed", ["Ada Lark", "Jonas Reed"]),
        ("Ada Lark, Jonas Reed & Bo Tern", ["Ada Lark", "Jonas Reed", "Bo Tern"]),
        ("ADA LARK and BO TERN, Associated Press", ["ADA LARK", "BO TERN"]),
        ("von Ada Lark", ["Ada Lark"]),
        ("Von Anna Müller und Jan van der Berg", ["Anna Müller", "Jan van der Berg"]),
        ("Por Juan Pérez y María López", ["Juan Pérez", "María López"]),
        ("Di Mario Rossi e Anna Bianchi", ["Mario Rossi", "Anna Bianchi"]),
        ("Par Jean-Pierre Dupont et Marie Durand (avec AFP)", ["Jean-Pierre Dupont", "Marie Durand"]),
        ("Door Jan de Vries en Piet Jansen", ["Jan de Vries", "Piet Jansen"]),
        ("Av Kari Nordmann og Ola Nordmann", ["Kari Nordmann", "Ola Nordmann"]),
        ("Текст: Иван Иванов", ["Иван Иванов"]),
        ("Μαρία Παπαδοπούλου", ["Μαρία Παπαδοπούλου"]),
        ("Nguyễn Văn An - Trần Bình", ["Nguyễn Văn An", "Trần Bình"]),
        ("كتب: محمد علي", ["محمد علي"]),
        ("מאת: יוסי כהן", ["יוסי כהן"]),
        ("मोहन शर्मा", ["मोहन शर्मा"]),
        ("Oleh Budi Santoso", ["Budi Santoso"]),
        ("배윤경·이상현·한수진", ["배윤경", "이상현", "한수진"]),
        ("김철수, 이영희 기자", ["김철수", "이영희"]),
        ("(서울=연합뉴스) 홍길동 기자 gildong@e.example", ["홍길동"]),
        ("홍길동 서울특파원", ["홍길동"]),
        ("本报记者 张三 李四", ["张三", "李四"]),
        ("文/张三", ["张三"]),
        ("【記者張三／台北報導】", ["張三"]),
        ("山田太郎記者", ["山田太郎"]),
        ("取材・文：山田太郎 写真：鈴木一郎", ["山田太郎"]),
        ("ジョン・スミス", ["ジョン・スミス"]),
        ("Ada Lark/Bo Tern", ["Ada Lark", "Bo Tern"]),
        ("Park In-bee and Maria A Lopez", ["Park In-bee", "Maria A Lopez"]),
        ("Von Miller", ["Von Miller"]),
        ("Jordi Puig i Cadafalch", ["Jordi Puig i Cadafalch"]),
        ("José Lark y Tern", ["José Lark y Tern"]),
        ("Por Ada Lark — Madrid", ["Ada Lark"]),
        ("Ada Lark, New York", ["Ada Lark"]),
        ("Eine Analyse von Ada Lark", ["Ada Lark"]),
        ("Ada Lark, Ressort Politik", ["Ada Lark"]),
        ("홍길동 김철수 기자", ["홍길동", "김철수"]),
        ("M.De Silva", ["M.De Silva"]),
        ("jane roe", ["jane roe"]),
        ("Von Ada Lark, Leitende Wirtschaftsredakteurin", ["Ada Lark"]),
        ("by Ada Lark Jul. 19, 2026 9:45 am", ["Ada Lark"]),
        ("By 배윤경,이상현", ["배윤경", "이상현"]),
        ("Martin King, Jr", ["Martin King, Jr"]),
        ("Dirk von Lowtzow", ["Dirk von Lowtzow"]),
        ("Byron Case", ["Byron Case"]),
        ("Joe Root", ["Joe Root"]),
        ("Dr. Ada Lark", ["Dr. Ada Lark"]),
        ("By Ada Lark For Harbourpost.com and Bo Tern, Royal Editor", ["Ada Lark", "Bo Tern"]),
        ("Ada Lark (Text) und Bo Tern (Fotos)", ["Ada Lark"]),
        ("Natália Silva, do Rio", ["Natália Silva"]),
        ("Jan Jansen, Natália do Rio", ["Jan Jansen", "Natália do Rio"]),
        ("Van onze verslaggever Jan Jansen", ["Jan Jansen"]),
        ("Napsal Jan Novák", ["Jan Novák"]),
        ("Autors: Jānis Bērziņš", ["Jānis Bērziņš"]),
        ("Haber: Ayşe Yılmaz", ["Ayşe Yılmaz"]),
        ("Haber Yılmaz", []),
        ("Γράφει η Μαρία Παππά", ["Μαρία Παππά"]),
        ("Συντάκτης: Μαρία Παππά", ["Μαρία Παππά"]),
        ("أحمد علي، سعاد حسن", ["أحمد علي", "سعاد حسن"]),
        ("中央社記者王小明台北13日電", ["王小明"]),
        ("王小明 編輯", ["王小明"]),
        ("編集委員 山田太郎", ["山田太郎"]),
        ("文＝山田太郎", ["山田太郎"]),
        ("文●山田太郎 編集●鈴木一郎", ["山田太郎"]),
        ("投稿者: 山田太郎", ["山田太郎"]),
        ("山田太郎（編集部）", ["山田太郎"]),
        ("作者：张三 来源：新华网", ["张三"]),
        ("홍길동 기자 입력 2024.01.01", ["홍길동"]),
        ("Ada Lark, Bo Tern, Political Editor, Cy Finch", ["Ada Lark", "Bo Tern", "Cy Finch"]),
        ("Ada Lark, Political Editor, and Bo Tern", ["Ada Lark", "Bo Tern"]),
        ("Ada Lark + Bo Tern", ["Ada Lark", "Bo Tern"]),
        ("By ADA LARK and BO TERN The Associated Press", ["ADA LARK", "BO TERN"]),
        ("Autoren: Ada Lark, Bo Tern", ["Ada Lark", "Bo Tern"]),
        ("Anna von Bericht", ["Anna von Bericht"]),
    ],
)
def test_bylines_of_many_languages_name_people(line: str, names: list[str]) -> None:
    assert list(people_in([line])) == names


@pytest.mark.parametrize(
    "line",
    [
        "Ada Lark, Political Editor",
        "Ada Lark Political Editor",
        "Senior Reporter Ada Lark",
        "Redakteurin Ada Lark",
        "Ada Lark (Redakteurin)",
        "Ada Lark | Staff Writer",
        "Ada Lark, Berlin",
        "Ada Lark, in Berlin",
        "Ada Lark for the Harbour Post",
        "Ada Lark, Harbour Post",
        "Ada Lark ada.lark@e.example @adalark",
        "By Ada Lark Updated",
        "By Ada Lark Monday, July 13, 2024 6:25",
        "Ada Lark / Reuters",
        "Mrs. Ada Lark",
        "Text: Ada Lark, Foto: Bo Tern",
        "Ada Lark, editor, Crate Works",
        "Ada Lark; Assistant Editor, Crate Works",
        "Ada Lark | The Orchard",
        "Ada Lark BBC Sport",
        "Ada Lark Senior River Correspondent",
        "Ada Lark AFP",
        "Ada Lark via AP",
        "Ada Lark; Journalist i Paris",
        "Ada Lark; Leiterin der Redaktion",
        "Ada Lark of the Harbour Watch",
        "Ada Lark, edited by Bo Tern",
        "Ada Lark | Editor: Bo Tern",
        "By Ada Lark Photographs by Bo Tern",
        "Ada Lark y AFP",
        "Von unserem Korrespondenten Ada Lark",
        "Par notre envoyée spéciale Ada Lark",
        "Dal nostro inviato Ada Lark",
        "De nuestra corresponsal Ada Lark",
        "Guest post by Ada Lark",
        "Ein Gastbeitrag von Ada Lark",
        "Publié par Ada Lark",
        "Opinion: Ada Lark",
        "All posts by Ada Lark",
    ],
)
def test_what_stands_around_a_name_is_no_part_of_it(line: str) -> None:
    assert people_in([line], SITE, lambda name: name in ("Reuters", "AFP")) == ("Ada Lark",)


@pytest.mark.parametrize(
    "line",
    [
        *(
            "Staff",
            "Staff Reporter",
            "Our Correspondent",
            "Admin",
            "admin",
            "投稿者",
            "山田太郎の記事一覧をみる",
            "Harbour Members",
            "Redaktion",
            "La Rédaction",
            "Web Desk",
        ),
        *(
            "News Desk",
            "Agencias",
            "Harbour Post",
            "harbourpost.example",
            "https://www.facebook.com/post",
            "@ada",
        ),
        *(
            "ada@e.example",
            "null",
            "undefined",
            "",
            "By",
            "AFP",
            "Reuters Staff",
            "Sky News",
            "編集部",
            "취재팀",
        ),
        *(
            "Harbour Post, Frankfurt, Germany",
            "Special to The Post",
            "Guest Post",
            "x" * 60,
            "amw",
        ),
    ],
)
def test_desks_outlets_and_addresses_are_no_people(line: str) -> None:
    assert people_in([line], SITE, lambda name: name in ("Reuters", "AFP")) == ()


def test_a_month_is_nobody_but_may_be_a_name() -> None:
    assert people_in(["by Ada | July 13"]) == ("Ada",)
    assert people_in(["by April Lark | July 13, 2024"]) == ("April Lark",)


def test_a_long_line_of_names_is_read_in_time() -> None:
    assert people_in(["By " + "Ada Lark and " * 20_000]) == ("Ada Lark",)
    assert people_in([" ".join(["Ada"] * 50_000)]) == ()


def test_a_name_of_its_own_is_more_than_words_for_whoever_writes() -> None:
    assert is_proper("Redaktion harbourpost.example")
    assert is_proper("Coast FM newsroom")
    assert not is_proper("Editorial Team")
    assert not is_person("MDR Sachsen", frozenset({"mdr"}))
