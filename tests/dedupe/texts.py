"""Texts for the tests of this room: a wire story, another about the same people, and pieces of pages."""

WIRE = (
    "The harbour minister of Valmora, Ilse Brandt, and her Kestrian counterpart Tomas Rehn spoke by "
    "telephone "
    "about lowering the risk of “unwanted incidents” in the strait, the ministry in Valmora said on Friday.",
    "The call, which Kestria had asked for, comes as the two sides quarrel over a plan to station "
    "patrol boats "
    "at the lighthouse of Orrin, a decision that Kestria says breaks the fishing treaty of 1974.",
    "“The question of keeping ships apart and of warning each other in time was discussed,” the Valmoran "
    "ministry said in a statement on the talks.",
    "According to Rehn’s deputy spokeswoman Clara Voss, the minister “underlined how much depends on open "
    "lines” during the conversation.",
    "The two governments have kept up occasional calls in spite of their dispute over the islands, "
    "among them "
    "one at the end of June in which Kestria complained about a survey ship.",
    "The cabinet in Valmora announced on Wednesday, at a meeting of the coastal states, that the boats "
    "would be "
    "sent in spring and stay for as long as the nets were being cut.",
    "Kestria criticised the move and accused its neighbour of taking a step towards a “closed sea” and of "
    "paying no heed to the fishing families on both shores.",
)

# By the same agency a week later; two sentences of background recur, as they do in wire texts.
SAME_MINISTERS = (
    "Harbour ministers Ilse Brandt of Valmora and Tomas Rehn of Kestria will meet in the neutral port "
    "of Sund "
    "next month, both governments said on Thursday, in what would be their first encounter since 2021.",
    "The meeting was arranged by the president of the coastal court, who has tried for years to bring "
    "the two "
    "to one table and called the date “a small boat in a large harbour”.",
    "Brandt told parliament that she would not speak about the islands, while Rehn said in an interview that "
    "everything could be spoken about as long as nobody shouted.",
    "The two governments have kept up occasional calls in spite of their dispute over the islands, "
    "among them "
    "one at the end of June in which Kestria complained about a survey ship.",
    "Fishing families from both shores plan a procession of boats on the day of the meeting, the mayor "
    "of Sund "
    "said, and the schools will be closed so that the children can watch.",
)

READ_NEXT = (
    "Read Next",
    "Member of Rowing Team Reportedly Lost on Way to Regatta",
    "We Are Not Helping Kestria Mend Its Nets",
    "Coastal Counterparts Warn Valmora Not to Neglect Lighthouse Aid",
    "Still Time to Save the Strait and Its Western Gulls",
)

OTHER_STORY = (
    "A bakery in the old town of Valmora has been sold after two hundred years in the hands of one "
    "family, and "
    "the new owner, a teacher of music, wants to keep the ovens and the recipes as they are.",
    "The price was not made known, but people who were present said that it had been sealed with a loaf "
    "of rye "
    "bread and a song, which the seller, aged ninety, sang by himself.",
    "Customers had feared for months that the house would become a hotel like so many others in the street.",
)


def body(*paragraphs: str) -> str:
    return "\n\n".join(paragraphs)


def weather(city: str, low: int, high: int, wind: int, rain: int, sun: str) -> str:
    return (
        f"Weather for {city} on {sun}: The day begins with {rain} percent chance of rain and winds of {wind} "
        f"kilometres an hour. Temperatures will climb from {low} degrees in the morning to {high} "
        f"degrees in the "
        f"afternoon. Towards evening the sky over {city} clears, and the night stays at {low - 2} "
        f"degrees. The sun "
        f"sets at {18 + low % 3}.{10 + rain % 40}. Drivers should expect fog at {wind // 2} places "
        f"along the coast."
    )
