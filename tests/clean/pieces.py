"""Texts of many kinds to set into pages, and what a cleaner has to give back of each.

A text is written in a small notation, one block a line, from which both are made: the paragraphs that are
wanted, and the HTML that a page has of them.

    ## Heading      two signs for a heading of level 2
    - Item          1. Item of a numbered list
    > Quotation
    | Cell | Cell   a row of a table
    A paragraph with [a link](/boats/7).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from itertools import groupby

from ingestd.model import Image, Link, Paragraph, ParagraphKind

SITE = "https://www.harbourpost.example"
_LINK = re.compile(r"\[(?P<label>[^]]+)\]\((?P<path>[^)]+)\)")
_MARKS = {"- ": ParagraphKind.LIST_ITEM, "> ": ParagraphKind.QUOTE, "| ": ParagraphKind.TABLE_ROW}


@dataclass(frozen=True)
class Piece:
    title: str
    content: tuple[Paragraph, ...]
    lead: str | None = None
    # Without its place in the text: the page shows it above the first paragraph.
    image: Image | None = None
    agency: str | None = None
    # Who wrote it, and what the box below the text says of them.
    author: str = "Ada Lark"
    bio: str | None = None
    published: str = "2025-03-09T08:40:00+02:00"
    html: dict[str, str] = field(default_factory=lambda: {"lang": "en"})

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(paragraph.text for paragraph in self.content)

    @property
    def blocks(self) -> list[str]:
        """The HTML of the text, one string for each list, table and other paragraph."""
        groups = groupby(self.content, key=lambda paragraph: _WRAPPERS.get((paragraph.kind, paragraph.level)))
        return [block for wrapper, group in groups for block in _wrapped(wrapper, map(_element, group))]

    @property
    def body(self) -> str:
        return "\n".join(self.blocks)


_WRAPPERS = {
    (ParagraphKind.LIST_ITEM, 1): "ul",
    (ParagraphKind.LIST_ITEM, -1): "ol",
    (ParagraphKind.TABLE_ROW, 0): "table",
}
_ELEMENTS = {ParagraphKind.PARAGRAPH: "<p>{}</p>", ParagraphKind.QUOTE: "<blockquote><p>{}</p></blockquote>"}


def _wrapped(wrapper: str | None, elements: Iterator[str]) -> Iterator[str]:
    if wrapper is None:
        yield from elements
    else:
        yield f"<{wrapper}>{''.join(elements)}</{wrapper}>"


def _element(paragraph: Paragraph) -> str:
    match paragraph.kind:
        case ParagraphKind.HEADING:
            return f"<h{paragraph.level}>{inline(paragraph)}</h{paragraph.level}>"
        case ParagraphKind.LIST_ITEM:
            return f"<li>{inline(paragraph)}</li>"
        case ParagraphKind.TABLE_ROW:
            return f"<tr>{''.join(f'<td>{cell}</td>' for cell in inline(paragraph).split(' | '))}</tr>"
        case kind:
            return _ELEMENTS[kind].format(inline(paragraph))


def inline(paragraph: Paragraph) -> str:
    """The text of one paragraph as HTML, with its links."""
    pieces, end = [], 0
    for link in paragraph.links:
        label = escape(paragraph.text[link.start : link.end])
        pieces += [escape(paragraph.text[end : link.start]), f'<a href="{link.url}">{label}</a>']
        end = link.end
    return "".join((*pieces, escape(paragraph.text[end:])))


def parse(notation: str) -> tuple[Paragraph, ...]:
    """The paragraphs of a text in the notation above."""
    return tuple(_paragraph(line) for line in notation.strip().splitlines())


def _paragraph(line: str) -> Paragraph:
    if heading := re.match(r"(#+) ", line):
        return _with_links(line[heading.end() :], ParagraphKind.HEADING, len(heading[1]))
    if line.startswith("1. "):
        return _with_links(line[3:], ParagraphKind.LIST_ITEM, -1)
    kind = _MARKS.get(line[:2])
    if kind is None:
        return _with_links(line, ParagraphKind.PARAGRAPH, 0)
    return _with_links(line[2:], kind, int(kind is ParagraphKind.LIST_ITEM))


def _with_links(marked: str, kind: ParagraphKind, level: int) -> Paragraph:
    text, links, end = "", [], 0
    for found in _LINK.finditer(marked):
        text += marked[end : found.start()]
        links.append(Link(len(text), len(text) + len(found["label"]), SITE + found["path"]))
        text += found["label"]
        end = found.end()
    return Paragraph(text + marked[end:], kind, level, tuple(links))


REPORT = Piece(
    title="The Last Bell Founder of Tarn Works by Ear",
    lead="In a shed behind the railway, Signe Aldous casts the bells that three countries ring.",
    image=Image(
        f"{SITE}/img/bell.jpg",
        "Signe Aldous at the mould of a ship’s bell. Photo: Jonas Arden / AFP",
        "A woman leans over a mould",
    ),
    content=parse("""
The furnace is lit at four in the morning, before the first train, and nobody in Tarn complains about it.
Signe Aldous, 58, has cast bells since she was nineteen. Her [first bell](/bells/first) hangs in a school.
“You hear the fault before you see it,” she says, and knocks on a bell that looks like all the others.
## A trade of secrets
Copper and tin go into the pot, about four parts to one. The rest is habit, and she does not write it down.
The moulds are made of loam, horse manure and goat hair, as they were in the days of her great-grandfather.
What has changed is the customers: fewer churches, more ships, and now and then an opera house.
## Who comes after
Two apprentices have left. The third, a trained baker from Osterby, has stayed for [eleven months](/p/baker).
“Bread forgives you,” he says. “Bronze remembers everything.”
In the yard stands a bell that was never fetched. It is rung once a year, on the day the river rose.
Then the whole street stops for as long as the sound takes to fade, which is fifty-one seconds.
"""),
)

INTERVIEW = Piece(
    title="“The Sea Does Not Read Our Plans”",
    lead="The engineer Mirela Voss on walls, mud and the patience of water.",
    content=parse("""
Ms Voss, you have built walls against the sea for thirty years. Is that not a hopeless business?
It is a slow one. Hopeless would be to build them and then look away, as we did in the eighties.
What went wrong at that time?
We believed our own drawings. A wall is right on the day it is finished, and then a little wrong every day.
And nobody said so?
The fishermen said so. They had no diploma, so their letters lie in a very tidy archive.
Would you live behind one of your own walls?
I do. My bedroom is forty centimetres below the spring tide, and I sleep well.
"""),
)

LIST = Piece(
    title="Five Walks for People Who Do Not Like Hills",
    lead="Flat, dry and never far from a kettle: where to go when the knees say no.",
    content=parse("""
Not every walk needs a summit. These five stay low, and each ends where somebody serves tea.
## 1. Along the old canal
Two hours between poplars, with eleven locks and a single slope. Start at the [pump house](/walks/canal).
- Length: seven kilometres
- Best in: October, when the leaves are down
- Tea: at the lock keeper’s, until five
## 2. The salt meadows
Boards all the way, so the shoes stay dry. Do not step off them, because the birds breed in the grass.
- Length: four kilometres
- Best in: June
## 3. Round the reservoir
The longest of the five, and the only one where it is possible to get lost.
1. Turn left at the tower.
1. Keep the water on your right until you see the tower again.
1. Ask for the key of the tea room at number nine.
"""),
)

QUOTES = Piece(
    title="What Osterby Says About the New Bridge",
    content=parse("""
The bridge has been open for a hundred days, and all of Osterby has an opinion of it. We asked eight people.
> It saves me forty minutes, and I spend all of them complaining about the toll.
The baker at the ramp sees it in another light, for a simple reason: nobody stops any more.
> I used to sell two hundred rolls before seven, now it is sixty, and the bridge hums while I count them.
At the school they have turned it into a lesson, and the pupils have measured the hum.
> It is a B flat, but only when the wind comes from the north-west.
The operator says that the sound is harmless and will be dealt with in spring.
"""),
)

TABLE = Piece(
    title="Orrin Keep the Cup After Rowing Through Hail",
    content=parse("""
Orrin have won the rowing cup of the strait for the third time in a row, with two lengths to spare.
Hail set in at the half-way mark, and two boats had to be bailed out before they could go on.
## How they came in
| Orrin | 18:22 | 3 points
| Calder Bay | 18:31 | 2 points
| Penwick | 19:04 | 1 point
“We could not see the buoys, so we rowed towards the shouting,” said their captain, Rafe Tolland.
The next race is held in Penwick in May, on a shorter course.
"""),
)

FLASH = Piece(
    title="Ferry to Sandrey Out of Service Until Noon",
    agency="AFP",
    content=parse(
        "The ferry to Sandrey does not run until noon today because of fog, the ferry company said; "
        "tickets of the morning boats are valid all day."
    ),
)

REPORTAGE = Piece(
    title="Nine Days on the Mail Boat",
    lead="It calls at forty piers and carries goats, letters and gossip. A journey to the end of it.",
    content=parse("""
The mail boat leaves Port Elsin at six, and whoever is late may row after it, for it stops at the breakwater.
On board are eleven passengers, a harmonium, four goats and the new teacher of Lower Tarn.
## Day one: the piers with names
The first piers have names, machines and a roof. Captain Oskar Lind does not leave the bridge for them.
“These people have a road,” he says. “They come to us because we are slower.”
The harmonium is carried ashore at Penwick, where half a choir waits for it in the rain.
## Day four: the piers with numbers
From the fourth day on there are only numbers, painted on posts. At 23 nobody has got off since August.
At 27 a woman hands over a cake for her brother at 31, who in turn hands over a cheque for the cake.
The [timetable](/mail/timetable) knows nothing of this. It has been printed without a change since 1974.
Nobody on board has seen a timetable for years, and yet the boat comes into every pier to the minute.
## Day seven: the piers without anything
Then the posts end. The boat sounds its horn in front of a beach, and after a while somebody comes.
The goats get off here. They know the way, and they are the first at the top of the dune.
What the people live on is hard to say, and they do not like to be asked; the letters are mostly from banks.
## Day nine
At the last pier the boat turns round. The teacher has stayed at 35, for a look round, as she says.
“She will stay,” says Lind, who has seen it before. “They always ask first what time we come back.”
"""),
)

TICKER = Piece(
    title="The Flood in Calder Bay, Minute by Minute",
    content=parse("""
## 18:40 – Bridge closed
The lower bridge is closed to all traffic. The police ask everyone to go round by Mill Hollow.
## 17:55 – Water at the market
The water has reached the steps of the market hall. The stalls were cleared an hour ago.
Sandbags are handed out at the fire station as long as there are any.
## 16:10 – School ends early
All schools send the children home. Those who live by the river stay in the gymnasium.
## 15:30 – First warning
The weather office expects the river to rise by two metres before midnight.
"""),
)

OPINION = Piece(
    title="Let the Lighthouse Sleep",
    lead="Not everything that still works has to be switched on.",
    author="Bea Castell",
    bio="Bea Castell is a columnist of this newspaper and keeps bees on its roof.",
    content=parse("""
There is a kind of thrift that costs a great deal of money, and the council of Orrin has just discovered it.
The lamp of the lighthouse is to burn again, every night, although no ship has needed it since the satellites.
I like the light as much as anyone does. I was kissed under it, as was half the town, but that is no argument.
We could spend the sum on the stairs of the station, where people fall. Nobody writes poems about those.
Let it stand, paint it, show it to the children. And let it sleep: it has earned that in a hundred years.
"""),
)

CHINESE = Piece(
    title="旧渡口改建成图书馆",
    html={"lang": "zh-Hans"},
    content=parse("""
位于河口的旧渡口停用二十年之后,本周六将以图书馆的身份重新开放,首批藏书约一万两千册。
负责改建的建筑师林晓说:“我们保留了候船室的长凳,因为坐在上面看书比坐在椅子上更舒服。”
## 木头与水
屋顶的木料来自三条报废的渡船。施工期间,工人们在船舱的夹层里找到了一封没有寄出的信。
信已经交给了[市档案馆](/archive/letter)。收信人的孙女今年七十一岁,她会在开馆当天把信读给大家听。
图书馆每天上午九点开门,晚上八点关门,周一休息。
"""),
)

ARABIC = Piece(
    title="المرفأ القديم يستعيد ساعته بعد نصف قرن",
    html={"lang": "ar", "dir": "rtl"},
    content=parse("""
عادت ساعة المرفأ القديم إلى العمل مساء الخميس، بعد توقف دام خمسين عاما، وسط حضور كبير من أهالي البلدة.
وقال الساعاتي سامي درويش إن إصلاحها استغرق سنتين، لأن كثيرا من أجزائها صُنع باليد ولا بديل له في السوق.
## قطعة مفقودة
وكانت القطعة الأخيرة قد عُثر عليها في بيت بحار متقاعد، كان يستعملها [ثقلا للورق](/clock/weight) كل هذه السنين.
«لم أكن أعرف ما هي»، قال البحار ضاحكا، «لكنني كنت أعرف أن أحدا سيسأل عنها يوما».
وستدق الساعة من الآن فصاعدا أربع مرات في اليوم فقط، احتراما لنوم الجيران.
"""),
)

PIECES = (
    REPORT, INTERVIEW, LIST, QUOTES, TABLE, FLASH, REPORTAGE, TICKER, OPINION, CHINESE, ARABIC,
)  # fmt: skip
