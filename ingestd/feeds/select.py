"""Which entries of a polled document are new, changed or seen."""

from collections.abc import Mapping, Sequence

from ingestd.model import Entry, EntryChange, Selection


def select(entries: Sequence[Entry], known: Mapping[str, str]) -> Selection:
    """The entries sorted by how they stand to what is stored, each in document order.

    `known` maps the keys that are stored for this feed to their digests. The more of the feed it holds the
    better: an entry under an unknown key counts as seen when a stored one has the same digest, which is how
    an item re-issued under another guid is recognised. Only entries with a page of their own are recognised
    in this way: a bare title may well come twice and mean two things.
    """
    digests = frozenset(known.values())
    sorted_out: dict[EntryChange, list[Entry]] = {change: [] for change in EntryChange}
    for entry in entries:
        sorted_out[_change(entry, known, digests)].append(entry)
    return Selection(
        new=tuple(sorted_out[EntryChange.NEW]),
        changed=tuple(sorted_out[EntryChange.CHANGED]),
        seen=tuple(sorted_out[EntryChange.SEEN]),
    )


def _change(entry: Entry, known: Mapping[str, str], digests: frozenset[str]) -> EntryChange:
    stored = known.get(entry.key)
    if stored is None:
        reissued = entry.page_url is not None and entry.digest in digests
        return EntryChange.SEEN if reissued else EntryChange.NEW
    return EntryChange.SEEN if stored == entry.digest else EntryChange.CHANGED
