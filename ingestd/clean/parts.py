"""What of a text is said in short lines: lists, tables, verse, a cast, a schedule, questions and answers.

Such lines read as no prose, so that the box with the most prose may be no more than the introduction to them.
They are told by their number: many lines of one kind, hardly one of them a link, under the same headline.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from ingestd.clean.boilerplate import furniture, says_age, text_weight
from ingestd.clean.container import Page
from ingestd.clean.ends import is_entry
from ingestd.clean.lines import is_caption
from ingestd.clean.units import is_answer, leads_home
from ingestd.clean.walk import HEADINGS, Block, Box

# So many lines, and so many characters in them, are an enumeration and no prompt.
_LEAST_LINES = 6
_LEAST_WEIGHT = 120
# This share of what an enumeration says is in no link.
_MOSTLY = 0.6
# This share of its lines may be signed, dated or furniture, or it is what readers wrote.
_FEW = 0.2
# So much of it is not said twice, as "liked this" and "Read more" are.
_LEAST_DIFFERENT = 0.4
# No more lines stand between the text and what goes on with it.
_MOST_BETWEEN = 8
# So many names, which are no longer on average, and so many links between paragraphs, are what a page lists.
_LEAST_NAMES = 12
_LONGEST_NAME = 25
_LEAST_LINKS = 8
# Weight of a list beside the text, or of one of links or pictures, as a share of the prose, with which it is
# more than a byway: sidebars and imprints are lists, too.
_LARGE = 0.5
# What is said in one line of them is no list.
_NO_LISTS = frozenset("p li td th tr tbody thead dt dd h1 h2 h3 h4 h5 h6 pre".split())
# Bounds the work on pages that are built to cost much.
_MOST_LOOKED_AT = 50_000
# What only the menu of a site leads to, which is a list of many names as well.
_MENU = re.compile(
    r"(?:new |updated |our )?(?:terms|privacy|cookie)s?"
    r"(?: (?:and|&) \w+| of (?:use|service)| policy| statement)*|"
    r"contact(?: us)?|about(?: us)?|imprint|advertise(?: with us)?|careers|jobs|site ?map|ad ?choices|"
    r"impressum|datenschutz(?:erklärung)?|agb|kontakt|mediadaten|nutzungsbedingungen|über uns|karriere|"
    r"mentions légales|confidentialité|nous contacter|contactez-nous|qui sommes-nous|"
    r"aviso legal|política de privacidad|contacto|quiénes somos|publicidad|"
    r"política de privacidade|contato|contactos|quem somos|anuncie|termos de uso|"
    r"privacy policy|note legali|contatti|chi siamo|pubblicità|colofon|over ons|adverteren|voorwaarden|"
    r"o nas|reklama|regulamin|polityka prywatności|om oss|kontakta oss|annonsera|personvern|om os|"
    r"контакты|реклама|о нас|о проекте|политика конфиденциальности|контакти|про нас|"
    r"künye|iletişim|gizlilik politikası|hakkımızda|tentang kami|kontak|hubungi kami|redaksi|liên hệ|"
    r"اتصل بنا|من نحن|سياسة الخصوصية|联系我们|关于我们|隐私政策|"
    r"お問い合わせ|プライバシーポリシー|会社概要|회사소개|개인정보처리방침",
    re.IGNORECASE,
)
_LEAST_OF_MENU = 2
_COUNTED = re.compile(r"\(\d[\d.,]*\)$")
_FORM = ("input", "select", "textarea")


@dataclass(frozen=True, slots=True)
class _Search:
    page: Page
    container: Box
    # Host of the page.
    site: str
    # Numbers of the lines that are headlines.
    titles: list[int]
    # Running total of the weights of the lines.
    sizes: list[float]

    def beside(self) -> Iterator[int]:
        """What goes on with the text on either side of its container.

        Beside a box that has the headline as well stand menus and sidebars, and above the headline too.
        """
        titled = self._has_title(self.container)
        for after in (True, False):
            between = 0
            for box in self._neighbours(after=after):
                lines = self._enumerated(box)
                if not self._is_large(lines) or ((titled or not after) and _are_linked(self.page, lines)):
                    lines = []
                yield from lines
                between += 0 if lines else box.end - box.first
                if between > _MOST_BETWEEN:
                    break

    def inside(self) -> Iterator[int]:
        """What of the container itself is an enumeration; lists of links only below the headline."""
        top = self.titles[0] if self.titles else self.container.first
        stack, looked_at = [self.container], 0
        while stack and looked_at < _MOST_LOOKED_AT:
            box = stack.pop()
            size = box.end - box.first
            if size < _LEAST_LINES:
                continue
            looked_at += size
            lines = self._enumerated(box)
            if lines and (box.first > top or not _are_linked(self.page, lines)):
                yield from lines
            elif box is self.container or not _is_menu(self.page.lines[box.first : box.end]):
                stack += self.page.children.get(box, ())

    def _neighbours(self, *, after: bool) -> Iterator[Box]:
        """The boxes on one side of the container and of what holds it, outwards, up to its headline."""
        inner, outer = self.container, self.container.parent
        while outer is not None and outer.tag != "html":
            beside = self.page.children[outer]
            if after:
                yield from (box for box in beside if box.first >= inner.end)
            else:
                yield from (box for box in reversed(beside) if box.end <= inner.first)
            if self._has_title(outer):
                return
            inner, outer = outer, outer.parent

    def _is_large(self, lines: list[int]) -> bool:
        """Whether lines are more than a byway of the text."""
        weight = sum(text_weight(self.page.lines[at].text) for at in lines)
        return weight >= _LARGE * self.page.weight(self.container)

    def _has_title(self, box: Box) -> bool:
        return any(box.first <= title < box.end for title in self.titles)

    def _enumerated(self, box: Box) -> list[int]:
        """The lines of a box if they are an enumeration, else none."""
        page, size = self.page, self.sizes[box.end] - self.sizes[box.first]
        if box.tag in _NO_LISTS or page.weight(box) >= _MOSTLY * size or self._has_title(box):
            return []
        lines = [at for at in range(box.first, box.end) if not page.marks[at]]
        said = [page.lines[at] for at in lines]
        too_few = len(lines) < _LEAST_LINES
        if too_few or _is_menu(said) or next(box.element.iter(*_FORM), None) is not None:
            return []
        large = self._is_large(lines)
        if _is_enumeration(said, page.weight(box), self.site):
            pictured = sum(map(is_caption, said)) >= _MOSTLY * len(said)
            return lines if large or not pictured else []
        return lines if (large and _is_index(said)) or _is_among(page, box, said) else []


def find_parts(page: Page, container: Box, site: str) -> frozenset[int]:
    """Numbers of the lines in the container and beside it that make up enumerations.

    `site` is the host of the page: what leads to other sites is said about them.
    """
    titles = [at for at, line in enumerate(page.lines) if line.tag == "h1"]
    sizes = list(accumulate((text_weight(line.text) for line in page.lines), initial=0.0))
    search = _Search(page, container, site, titles, sizes)
    return frozenset((*search.beside(), *search.inside()))


def _is_menu(said: list[Block]) -> bool:
    """Whether lines are the menu of a site."""
    found = (line.linked > 0 and _MENU.fullmatch(line.text) is not None for line in said)
    return sum(found) >= _LEAST_OF_MENU


def _is_index(said: list[Block]) -> bool:
    """Whether lines are many names with a link each: no headlines, and no menu under so short a text."""
    items = [line for line in said if line.tag not in HEADINGS]
    linked = [line for line in items if line.linked * 2 >= len(line.text)]
    size = sum(len(line.text) for line in linked)
    return len(linked) >= max(_LEAST_NAMES, _MOSTLY * len(items)) and size <= _LONGEST_NAME * len(linked)


def _is_among(page: Page, box: Box, said: list[Block]) -> bool:
    """Whether a list of links stands between paragraphs of one box, long enough to be what they are about."""
    around = box.parent
    return (
        around is not None
        and box.tag in ("ul", "ol")
        and len(said) >= _LEAST_LINKS
        and page.totals[around.first] < page.totals[box.first]
        and page.totals[box.end] < page.totals[around.end]
    )


def _are_linked(page: Page, lines: list[int]) -> bool:
    """Whether most of the lines lead somewhere."""
    return sum(page.lines[at].linked * 2 >= len(page.lines[at].text) for at in lines) * 2 >= len(lines)


def _is_enumeration(said: list[Block], prose: float, site: str) -> bool:
    whole = sum(text_weight(line.text) for line in said)
    if whole < _LEAST_WEIGHT or prose >= _MOSTLY * whole:
        # To look at each line is dear.
        return False
    free = [line for line in said if _is_item(line, site)]
    weight = sum(text_weight(line.text) for line in free)
    return (
        len(free) >= max(_LEAST_LINES, (1 - _FEW) * len(said))
        and weight >= max(_LEAST_WEIGHT, _MOSTLY * whole)
        and prose < _MOSTLY * weight
        and len(set(map(_unlinked, free))) >= _LEAST_DIFFERENT * len(free)
    )


def _is_item(line: Block, site: str) -> bool:
    """Whether a line is no teaser, no furniture, and stands not beside what a reader wrote."""
    elsewhere = bool(line.links) and not leads_home(line, site)
    if not elsewhere and (line.linked * 2 >= len(line.text) or is_entry(line)):
        return False
    # The categories of a site, with how much there is in each.
    if line.links and _COUNTED.search(line.text):
        return False
    return not (furniture(line.text) is not None or says_age(line.text) or is_answer(line))


def _unlinked(line: Block) -> str:
    """What a line says outside its links, or where it is one link."""
    if line.linked == len(line.text):
        return line.text
    pieces, at = [], 0
    for start, stop, _ in line.links:
        pieces.append(line.text[at:start])
        at = stop
    return "".join((*pieces, line.text[at:]))
