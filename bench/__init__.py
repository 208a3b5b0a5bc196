"""What ingestd costs in CPU and memory, beside the simplest thing that could do the same work.

    press.py     any number of sites, feeds and articles, out of the demo's texts and templates
    web.py       serves them on loopback, in a process of its own whose CPU is nobody's
    road.py      ingestd as it really runs over that web
    plain.py     the alternative: one loop of httpx, feedparser, trafilatura and sqlite3
    machine.py   CPU seconds and memory of a process tree, and how figures are printed

    news.py      an endless stream of texts and copies of them, for dedup.py and index.py

    polls.py, articles.py, memory.py, dedup.py, index.py, concurrency.py
                 the benchmarks: `python -m bench.polls` and so on

Linux only, because memory and the CPU of running children are read from /proc.
"""
