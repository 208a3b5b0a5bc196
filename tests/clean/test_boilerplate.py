import re

import pytest

from ingestd.clean.boilerplate import (
    AGES,
    RULES,
    furniture,
    reads_as_prose,
    says_age,
    squeeze,
    states_facts,
)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Advertisement", "advertisement"),
        ("Anzeige", "advertisement"),
        ("13h ago", "age"),
        ("vor 2 Stunden", "age"),
        ("Storm closes the harbour Weather Storm closes the harbour By Ada Lark 13h ago", "age"),
        ("Hafen nach Sturm gesperrt vor 3 Stunden", "age"),
        ("2 часа назад", "age"),
        ("3小时前", "age"),
        ("JOIN US ON TELEGRAM", "follow"),
        ("Follow our coverage of the war on the @Post_official.", "follow"),
        ("Підписуйтесь на наш канал", "follow"),
        ("You can follow her on Twitter @adalark.", "follow"),
        ("For the latest on the harbour, like us on Facebook.", "follow"),
        ("Download our free news app for the boats of the day.", "follow"),
        ("Sign up for our daily newsletter", "newsletter"),
        ("Can’t get enough of the sea? Sign up now for the Quay Weekly newsletter!", "newsletter"),
        ("Stay informed about the harbour with our morning newsletter.", "newsletter"),
        ("Click here to sign up.", "newsletter"),
        ("Photo: AFP", "photo credit"),
        ("Photos by Ada Lark (Harbour Post), J. Arden", "photo credit"),
        ("Images via the harbour museum", "photo credit"),
        ("Featured image via the harbour museum", "photo credit"),
        ("Image credits: Ada Lark", "photo credit"),
        ("Posted on Tuesday 15 October 2019 at 09:11 by Ada Lark.", "notice"),
        ("Last updated: May 3, 2021, 14:30", "notice"),
        ("This story was originally published May 3, 2021, 5:30 AM.", "notice"),
        ("Aktualisiert: 03.05.2021, 14:30 Uhr", "notice"),
        ("Publicado el 3 de mayo de 2021", "notice"),
        ("Reuters/John Doe", "photo credit"),
        ("« Previous A Title of Another Article", "previous or next"),
        ("Next » Another One", "previous or next"),
        ("Read Next", "read more"),
        ("Read this next: Storm closes the harbour", "read more"),
        ("You might also like", "read more"),
        ("Top stories", "read more"),
        ("Trending stories", "read more"),
        ("Popular Video", "read more"),
        ("In case you missed it", "read more"),
        ("Before you go, we thought you'd like these...", "read more"),
        ("More on this topic", "read more"),
        ("READ FULL STORY", "read more"),
        ("WATCH: Divers raise the ferry", "read more"),
        ("Watch: the keeper feeds the gulls.", "read more"),
        ("Gallery | A summer on the quay", "read more"),
        ("See photos from this harbour:", "read more"),
        ("View gallery (12 images)", "read more"),
        ("Click here for more news of the islands", "read more"),
        ("Continue reading below", "advertisement"),
        ("Scroll down for video", "advertisement"),
        ("Share your voice", "comments"),
        ("Photo 3 of 12", "counter"),
        ("14 PHOTOS", "counter"),
        ("Show caption", "controls"),
        ("Download the Harbour Post app", "follow"),
        (
            "Sign up for Harbour at Noon, a letter in which our reporters tell what the islands "
            "talked of, to your inbox.",
            "newsletter",
        ),
        ("Emails may include personalised offers.", "newsletter"),
        ("Posted: 5:11 PM, Dec 02, 2016", "notice"),
        ("Images: Ada Lark; J. Arden", "photo credit"),
        ("Click to enlarge", "controls"),
        ("Enlarge / The ferry in dock.", "photo credit"),
        ("Now playing: The ferry leaves", "controls"),
        ("Video Player is loading.", "controls"),
        ("Current Time 0:00 / Duration 1:32", "controls"),
        ("Friday, 2 Dec 2016 | 7:05 AM ET | 03:12", "controls"),
        ("Listen to this article (4 min)", "share"),
        ("Lesen Sie auch: Der Hafen", "read more"),
        ("Читайте также", "read more"),
        ("اقرأ أيضا", "read more"),
        ("相关阅读：", "read more"),
        ("Share this with all of your neighbours by clicking the Share button below.", "share"),
        ("Please share this story with everyone you know!", "share"),
        ("SHARE this if you agree!", "share"),
        ("Sponsored content", "sponsored"),
        ("Story continued below video", "advertisement"),
        ("CLICK TO ENLARGE", "controls"),
        ("hide caption toggle caption", "controls"),
        ("This is a modal window. It can be closed with the Escape key.", "controls"),
        ("We apologize, but this video has failed to load.", "controls"),
        ("Try refreshing your browser, or tap here to see other videos from our crew.", "controls"),
        ("Reach the reporter at ada@harbourpost.example or 555-0100.", "follow"),
        ("Twitter: @adalark", "follow"),
        ("Get Tide Table, the Harbour Post’s sailing newsletter", "newsletter"),
        ("Like what you read? Sign up for more of it", "newsletter"),
        ("[Featured Image by Ada Lark/Harbour Pictures]", "photo credit"),
        ("Recommended for you", "read more"),
        ("What to Read Next", "read more"),
        ("ALSO", "read more"),
        ("CLICK HERE FOR MORE HARBOUR COVERAGE", "read more"),
        ("For more on the flood, watch our film:", "read more"),
        ("You can also highlight the text and press Ctrl + Enter", "correction"),
        ("→", "topics"),
        ("スポンサード リンク", "advertisement"),
        ("Story continues", "advertisement"),
        ("(Scroll down for video)", "advertisement"),
        ("Let us know in the comments below!", "comments"),
        ("この記事を書いた人", "author box"),
        ("コメントを残す", "comments"),
        ("コメント（3）", "comments"),
        ("Je e-mailadres wordt niet gepubliceerd. Vereiste velden zijn gemarkeerd met *", "comments"),
        ("您的电子邮箱地址不会被公开。 必填项已用 * 标注", "comments"),
        ("誤字を見つけた方はこちらへ", "correction"),
        ("次の記事 ≫：帆を直す人々", "previous or next"),
        ("上一篇：灯塔的冬天", "previous or next"),
        ("【関連記事】", "read more"),
        ("・関連記事", "read more"),
        ("アクセスランキング", "read more"),
        ("相关文章", "read more"),
        ("많이 본 뉴스", "read more"),
        ("この記事をシェアする", "share"),
        ("ログインして続きを読む", "subscribe"),
        ("ページトップへ戻る", "top"),
        ("カテゴリー：港", "topics"),
    ],
)
def test_furniture_is_known_by_its_words(line: str, name: str) -> None:
    rule = furniture(line)
    assert rule is not None
    assert rule.name == name


@pytest.mark.parametrize(
    "line",
    [
        "“No,” she said.",
        "Read the letter aloud, the judge told him, and he did.",
        "Follow the money, the old rule says, and the boats will be found.",
        "You can follow him on foot to the lighthouse.",
        "For the latest of the three boats, the yard had to order oak from the islands.",
        "Want a warm cabin? Get up at six and light the stove.",
        "Want to help? Sign up at the harbour office on Monday.",
        "Like many sailors he wrote letters. The newsletter of the yacht club printed two of them.",
        "Stay informed, the captain told his crew, and stay dry.",
        "Let us know the worst, they begged the doctor, who made no comment.",
        "What about you? Tell us which boat is yours in the comments below.",
        "Please share this with the harbour police if you know the man.",
        "Scroll down for long enough and the chart shows the open sea.",
        "This story was published in 1923 and read by few.",
        "Top stories of the old lighthouse were closed to visitors.",
        "Story continues to be made on this coast, he said.",
        "Previous governments had left the harbour as it was.",
        "Next week the boats will be sent.",
        "Share prices fell by a tenth.",
        "Share it among all who came, she said, and nobody touched a button until the last had eaten.",
        "Subscribers of the telephone company were without a line.",
        "See you in spring, he said.",
        "Related industries suffered as well.",
        "Photographs of the wreck were shown in court.",
        "Newsletters are older than newspapers.",
        "Top officials met on Friday.",
        "Top stories of the house were flooded first.",
        "Trending stories are seldom the ones that last.",
        "More: I never told the harbour council so.",
        "Before you go, buy a ticket for the way back.",
        "See photos of the wreck, and you will not sail again.",
        "Download the ferry app, open it and choose a pier.",
        "Emails may contain the names of passengers, the court said.",
        "Duration: 45 minutes",
        "Playing now costs more than it did.",
        "Video of the rescue was shown in court.",
        "14 photos were shown in court.",
        "Pictures of the wreck hang in the town hall.",
        "Sponsored walks raised a million.",
        "Anzeigen gegen drei Männer wurden erstattet.",
        "Главное в жизни — море, сказал он.",
        "前の記事で書いたように、港は冬のあいだ閉まる。",
        "次の記事が出るころには灯台は消えている。",
        "コメントを残した漁師は三人いた。",
        "【コメント】",
        "誤字を見つけた編集者は笑って灯台へ向かった。",
        "関連する記事を読んだ町長は黙っていた。",
        "シェアする家を二人で探していた。",
        "目次を見れば港の歴史がわかる。",
        "上一篇小说里，他写的是海。",
        "相关文章已经送到港务局。",
        "Your email address will be carved into the pier.",
        "Akismet is the name of a boat.",
        "Join us, they said, and he did.",
        "The last ferry of the season left the harbour two days ago.",
        "Images from the harbour show that the pier is gone.",
        "From our partners on the islands we heard that the ferry is late.",
        "Published on 12 May 2020, the report was soon forgotten.",
        "Published in 1923 by Faber, the novel is still read.",
        "Back to video he went, after ten years at the theatre.",
        "Top stories of the tower were closed after the fire.",
        "Latest news of the boats came by telephone.",
        "Also: the ferry is late again.",
        "Like many of her readers she had forgotten to subscribe to the paper.",
        "Want of bread made them sign up for the fleet.",
        "Follow her into the hall and one stands before the boats.",
        "Find the author of that letter, he told the guards.",
        "Twitter: a history of the birds of the bay.",
        "For more than a year, see the records: nothing was sold.",
        "Enlarge the harbour, the merchants demanded.",
        "View gallery owners as merchants, she said.",
        "Newsletters get fewer readers than newspapers.",
        "Get well soon, the crew wrote to her.",
        "Updated figures for 3 towns in 2021",
        "“The last ferry left the harbour 2 days ago.”",
    ],
)
def test_sentences_that_begin_like_furniture_are_text(line: str) -> None:
    assert furniture(line) is None


def test_a_long_line_is_never_a_phrase() -> None:
    assert furniture("Advertisement " + "and so on " * 20) is None


def test_rules_are_sorted_and_say_why() -> None:
    assert [rule.name for rule in RULES] == sorted(rule.name for rule in RULES)
    assert all(rule.because for rule in RULES)


def test_prose_is_long_or_ends_as_a_sentence() -> None:
    assert reads_as_prose("The harbour minister spoke by telephone about the boats in the strait.")
    assert reads_as_prose("港口部长星期五通过电话讨论了海峡中的船只和渔网问题。")
    assert not reads_as_prose("Member of Rowing Team Reportedly Lost on Way to the Regatta")
    assert not reads_as_prose("He said so.")


# One of each of `AGES`, in their order.
_AGED = (
    "3 hours ago",
    "just now",
    "vor einer Stunde",
    "il y a 2 h",
    "hace 5 minutos",
    "há 2 dias",
    "3 ore fa",
    "2 часа назад",
    "bir saat önce",
    "5 minut temu",
    "před 3 minutami",
    "pred 2 hodinami",
    "for en time siden",
    "för 3 timmar sedan",
    "een uur geleden",
    "acum 5 minute",
    "prije 3 sata",
    "3 jam yang lalu",
    "5 phút trước",
    "πριν από 2 ώρες",
    "قبل ساعتين",
    "3小时前",
)


@pytest.mark.parametrize("age", _AGED)
def test_an_age_is_known_alone_and_at_the_end_of_a_line(age: str) -> None:
    assert says_age(age)
    assert says_age(f"Ada Lark, {age}")
    assert not says_age("Ada Lark, the Chicago of old")


def test_there_is_an_example_of_every_age() -> None:
    assert [bool(re.search(pattern, age.lower())) for pattern, age in zip(AGES, _AGED, strict=True)] == [
        True
    ] * len(AGES)


@pytest.mark.parametrize("line", ["The _Quay_: 3rd of May!", "Die Straße “am Kai” – 2024", "", "…"])
def test_squeezed_are_letters_and_digits_alone_whatever_the_script(line: str) -> None:
    assert squeeze(line) == "".join(letter for letter in line.casefold() if letter.isalnum())


def test_an_imprint_is_furniture_wherever_it_says_so() -> None:
    imprint = (
        "Quotes are delayed by a quarter of an hour, and the tide tables come from the harbour office. "
        "This page may not be published elsewhere. ©2019 Harbour Network. All rights reserved."
    )
    rule = furniture(imprint)
    assert rule is not None
    assert rule.name == "copyright"
    told = "The club sings of its rights: all rights reserved for rowers, it says on the boats."
    assert furniture(told) is None


@pytest.mark.parametrize(
    ("line", "stated"),
    [
        ("05/10/2018 - Publicado por: Clara Borda - Categoria: Porto - Tags: farol barcos", True),
        ("Posted by: Ada Lark | Filed under: Boats | Tags: nets, light", True),
        ("Autor: Ilse Brandt, Rubrik: Hafen", True),
        ("The date: nobody knows it, and nobody asks.", False),
        ("He named two things: nets and boats.", False),
    ],
)
def test_lines_that_state_facts_of_an_article(line: str, stated: bool) -> None:
    assert states_facts(line) == stated
