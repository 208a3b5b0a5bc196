"""The demo web: invented publishers, served over real HTTP on loopback, for `ingestd demo` and its test.

    texts/*.toml       the world as written: outlets, wire texts, who carried them, own stories, words
    templates/*.html   five ways in which news sites build a page, and what they all share
    world.py           texts -> outlets and their pages as values
    pages.py           a page as HTML, with all the furniture of a news site around its text
    feeds.py           an outlet's pages as RSS, RDF, Atom or JSON Feed
    server.py          a table of resources, served with validators
    web.py             `DemoWeb`: all of it put together

Standard library only, nothing else of ingestd: the web is what ingestd looks at, not a part of it.
Every name, place, figure and event in it is invented.
"""
