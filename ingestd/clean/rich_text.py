"""Trees of blocks as editors and content systems store them: what is a line, and what it says.

ProseMirror {"type": "paragraph", "content": [{"type": "text", "text": …}]}, Slate {"children": [{"text":
…}]}, Portable Text {"_type": "block", "children": [{"_type": "span", "text": …}]}, Contentful {"nodeType":
"paragraph", "content": [{"nodeType": "text", "value": …}]}, React ["$", "p", null, {"children": …}].
"""

import re
from typing import TypeAlias

Node: TypeAlias = dict[str, object]

_KINDS = (
    "type",
    "_type",
    "nodeType",
    "kind",
    "object",
    "tag",
    "tagName",
    "name",
    "blockType",
    "__typename",
    "component",
)
_KINDS_OR_STYLE = frozenset((*_KINDS, "style", "listItem"))
_CHILDREN = ("children", "content", "nodes", "spans")
_TEXTS = ("text", "value", "content", "children")

_LINE = re.compile(
    r"p|div|dd|dt|span|li|h[1-6]|block|line|normal|unstyled|"
    r"(?:\w+[-_ /])?(?:paragraph|para)(?:[-_ ]?(?:block|node))?|"
    r"head(?:ing|er|line)?[-_]?(?:[1-6]|one|two|three|four)?|(?:sub|cross)head(?:ing|er)?|"
    r"(?:\w+[-_])?list[-_]?item|(?:block|pull)?[-_]?quote|text(?:[-_]?block)?",
    re.IGNORECASE,
)
_INLINE = re.compile(
    r"text|span|leaf|a|b|i|em|u|s|strong|mark|code|sup|sub|small|bold|italic|underline|(?:hyper|entry-?|inline-?)?link|"
    r"hyperlink|entity|mention|hard_?-?break|br|linebreak|time|abbr|q|cite|",
    re.IGNORECASE,
)
_BREAK = re.compile(r"hard_?-?break|br|linebreak", re.IGNORECASE)
_HEADING = re.compile(
    r"h[1-6]|head(?:ing|er|line)?[-_]?(?:[1-6]|one|two|three|four)?|(?:sub|cross)head(?:ing|er)?",
    re.IGNORECASE,
)
_ITEM = re.compile(r"li|list|(?:un)?ordered[-_]?list|(?:\w+[-_])?list[-_]?item", re.IGNORECASE)
_QUOTE = re.compile(r"(?:block|pull)?[-_]?quote", re.IGNORECASE)
_PASSED_OVER = re.compile(
    r"(?:\w+[-_])?(?:image|img|figure|figcaption|video|audio|embed|oembed(?:_response)?|gallery|related|comments?|ad|ads|"
    r"advert(?:isement)?|promo|newsletter|caption|script|style|button|nav|footer|aside|iframe|interstitial_link|"
    r"story_?card|picture|svg)(?:[-_]?(?:block|list|component|element))?",
    re.IGNORECASE,
)
_MOST_RUNS = 10_000


def kind_of(node: Node) -> str:
    """What a node calls itself, its style if that says more; "" when it does not."""
    if _KINDS_OR_STYLE.isdisjoint(node):
        return ""
    style = node.get("style")
    if isinstance(style, str) and len(style) < 20 and _HEADING.fullmatch(style):
        return style
    if isinstance(node.get("listItem"), str):
        return "li"
    kind = next((one for key in _KINDS if isinstance(one := node.get(key), str)), "")
    # Of "core/heading" the vendor does not matter.
    return kind.rpartition("/")[2] if len(kind) <= 40 else ""


def is_passed_over(kind: str) -> bool:
    """Whether nothing in a node of that kind is the article's text."""
    return _PASSED_OVER.fullmatch(kind) is not None


def tag_of(kind: str) -> str:
    """The HTML element for a kind."""
    for tag, kinds in (("h2", _HEADING), ("li", _ITEM), ("blockquote", _QUOTE)):
        if kinds.fullmatch(kind):
            return tag
    return "p"


def reads_as_line(node: Node, kind: str) -> bool:
    """Whether a node is one line: it has runs of text in it, and nothing that is a line itself."""
    children = _children(node)
    if isinstance(children, str):
        return (
            bool(kind) and "children" in node and _LINE.fullmatch(kind) is not None and "<p" not in children
        )
    if not isinstance(children, list) or not children:
        return False
    known = (
        _LINE.fullmatch(kind) is not None if kind else "children" in node and not isinstance(children[0], str)
    )
    return known and any(map(_is_run, children)) and all(map(_is_inline, children))


def inline_text(node: Node) -> str:
    """The runs of text in a line."""
    runs: list[str] = []
    stack: list[object] = [_children(node)]
    while stack and len(runs) < _MOST_RUNS:
        value = stack.pop()
        if isinstance(value, str):
            runs.append(value)
        elif isinstance(value, list):
            element = element_of(value)
            stack += reversed(value) if element is None else [_said(element)]
        elif isinstance(value, dict):
            stack.append("\n" if _BREAK.fullmatch(kind_of(value)) else _said(value))
    return "".join(runs)


def _children(node: Node) -> object:
    children = next((node[key] for key in _CHILDREN if isinstance(node.get(key), (list, str))), None)
    return [children] if isinstance(children, list) and element_of(children) is not None else children


def _said(node: Node) -> object:
    return next((node[key] for key in _TEXTS if isinstance(node.get(key), (list, str))), _children(node))


def element_of(value: list[object]) -> Node | None:
    """An element of React's server components as an object: `["$", tag, key, properties]`, or None."""
    if len(value) >= 4 and value[0] == "$" and isinstance(value[1], str) and isinstance(value[3], dict):
        return {**value[3], "type": value[1]}
    return None


def _is_run(child: object) -> bool:
    if isinstance(child, dict):
        return any(isinstance(child.get(key), str) for key in ("text", "value")) and _is_inline(child)
    return isinstance(child, str) and bool(child.strip())


def _is_inline(child: object) -> bool:
    if isinstance(child, list):
        element = element_of(child)
        return element is not None and _INLINE.fullmatch(kind_of(element)) is not None
    return not isinstance(child, dict) or _INLINE.fullmatch(kind_of(child)) is not None
