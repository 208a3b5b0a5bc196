"""Texts for the tests of this room: a wire story, another about the same people, pieces of pages, forms."""

from ingestd.dedupe.overlap import Printed, printed

WIRE = (
    "The harbour minister of Valmora, Ilse Brandt, and her Kestrian counterpart Tomas Rehn spoke by "
    "telephone about lowering the risk of “unwanted incidents” in the strait, the ministry in Valmora "
    "said on Friday.",
    "The call, which Kestria had asked for, comes as the two sides quarrel over a plan to station "
    "patrol boats at the lighthouse of Orrin, a decision that Kestria says breaks the fishing treaty of "
    "1974.",
    "“The question of keeping ships apart and of warning each other in time was discussed,” the "
    "Valmoran ministry said in a statement on the talks.",
    "According to Rehn’s deputy spokeswoman Clara Voss, the minister “underlined how much depends on "
    "open lines” during the conversation.",
    "The two governments have kept up occasional calls in spite of their dispute over the islands, "
    "among them one at the end of June in which Kestria complained about a survey ship.",
    "The cabinet in Valmora announced on Wednesday, at a meeting of the coastal states, that the boats "
    "would be sent in spring and stay for as long as the nets were being cut.",
    "Kestria criticised the move and accused its neighbour of taking a step towards a “closed sea” and "
    "of paying no heed to the fishing families on both shores.",
)

# By the same agency a week later; two sentences of background recur, as they do in wire texts.
SAME_MINISTERS = (
    "Harbour ministers Ilse Brandt of Valmora and Tomas Rehn of Kestria will meet in the neutral port "
    "of Sund next month, both governments said on Thursday, in what would be their first encounter "
    "since 2021.",
    "The meeting was arranged by the president of the coastal court, who has tried for years to bring "
    "the two to one table and called the date “a small boat in a large harbour”.",
    "Brandt told parliament that she would not speak about the islands, while Rehn said in an interview "
    "that everything could be spoken about as long as nobody shouted.",
    "The two governments have kept up occasional calls in spite of their dispute over the islands, "
    "among them one at the end of June in which Kestria complained about a survey ship.",
    "Fishing families from both shores plan a procession of boats on the day of the meeting, the mayor "
    "of Sund said, and the schools will be closed so that the children can watch.",
)

# What stands below many articles of one outlet.
READ_NEXT = (
    "Read Next",
    "Member of Rowing Team Reportedly Lost on Way to Regatta",
    "We Are Not Helping Kestria Mend Its Nets",
    "Coastal Counterparts Warn Valmora Not to Neglect Lighthouse Aid",
    "Still Time to Save the Strait and Its Western Gulls",
)

OTHER_STORY = (
    "A bakery in the old town of Valmora has been sold after two hundred years in the hands of one "
    "family, and the new owner, a teacher of music, wants to keep the ovens and the recipes as they "
    "are.",
    "The price was not made known, but people who were present said that it had been sealed with a loaf "
    "of rye bread and a song, which the seller, aged ninety, sang by himself.",
    "Customers had feared for months that the house would become a hotel like so many others in the street.",
)

# The same kind of story in scripts with other ideas of a word.
CHINESE = (
    "港口部长伊尔丝·布兰特与邻国部长托马斯·雷恩星期五通过电话讨论了如何降低海峡中发生意外事件的风险，部长办公室表示。",
    "这次通话由对方提出，双方正就在奥林灯塔部署巡逻艇的计划争执不下，邻国认为该决定违反了一九七四年的渔业条约。",
    "雷恩的副发言人说，部长强调保持沟通渠道畅通非常重要，渔民家庭不应为两国政府之间的分歧付出代价。",
    "内阁星期三在沿海国家会议上宣布，巡逻艇将于春季出发，并一直停留到渔网收起为止。",
)
THAI = (
    "รัฐมนตรีท่าเรือได้พูดคุยทางโทรศัพท์เมื่อวันศุกร์เกี่ยวกับการลดความเสี่ยงในช่องแคบ",
    "การโทรครั้งนี้เกิดขึ้นในขณะที่ทั้งสองฝ่ายโต้เถียงกันเรื่องแผนการประจำเรือลาดตระเวนที่ประภาคาร",
    "ครอบครัวชาวประมงทั้งสองฝั่งหวังว่าการเจรจาจะสิ้นสุดลงก่อนฤดูใบไม้ผลิ",
)


def body(*paragraphs: str) -> str:
    return "\n\n".join(paragraphs)


def own(name: str, count: int) -> list[str]:
    """So many words that stand nowhere else, always the same for one name."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    return [name + letters[n // 676] + letters[n // 26 % 26] + letters[n % 26] for n in range(count)]


def joined(*parts: list[str]) -> str:
    return " ".join(word for part in parts for word in part)


def slotted(segments: int, length: int, value: str) -> list[str]:
    """A form: so many segments of so many words, and between two of them a value."""
    found = own("form", segments * length)
    for place in range(segments - 1, 0, -1):
        found.insert(place * length, f"{value}{chr(ord('a') + place % 26)}{chr(ord('a') + place // 26)}")
    return found


def print_of(text: str, number: int = 1, source: str = "", masked: tuple[int, ...] = ()) -> Printed:
    """A text as an outlet of its own printed it, unless another is named."""
    return printed(number, source or f"outlet-{number}.example", text, masked)


def weather(city: str, low: int, high: int, wind: int, rain: int, day: str) -> str:
    return (
        f"Weather for {city} on {day}: The day begins with {rain} percent chance of rain and winds of {wind} "
        f"kilometres an hour. Temperatures will climb from {low} degrees in the morning to {high} degrees in "
        f"the afternoon. Towards evening the sky over {city} clears, and the night stays at {low - 2} "
        f"degrees. The sun sets at {18 + low % 3}.{10 + rain % 40}. Drivers should expect fog at {wind // 2} "
        f"places along the coast."
    )


def wedding(name: str, place: str, day: str, bride: str) -> str:
    return (
        f"The family of {name} announces with joy that the wedding of their daughter {bride} will be held in "
        f"{place} on {day} at noon. Friends of {name} are asked to come to {place} in good time, since "
        f"{bride} wishes to see all. Those who cannot be there on {day} may write to {name} home."
    )
