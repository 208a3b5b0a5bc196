"""Where the files that travel with the program are: `config/` and `migrations/`.

In a checkout they stand beside the package. A wheel carries them as `ingestd/_data/`, because a folder
named `config/` inside the package would hide the module of that name or be hidden by it.
"""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def data_path(*parts: str) -> Path:
    """The file or folder named by `parts`, such as `data_path("config", "agencies.toml")`.

    An installed copy wins over the checkout's. Raises FileNotFoundError, naming every place looked at.
    """
    places = [root.joinpath(*parts) for root in (_PACKAGE / "_data", _PACKAGE.parent)]
    for place in places:
        if place.exists():
            return place
    looked_at = " nor ".join(str(place) for place in places)
    raise FileNotFoundError(f"ingestd is not installed completely: there is neither {looked_at}")
