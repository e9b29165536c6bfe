"""Fetching Keras's two files from the internet, each checked against its known SHA-256.

pooch does the work: it writes beside, checks, and moves into place. What stands here is what its
errors mean to a reader.
"""

import errno
import logging
import os
import re
from pathlib import Path

import pooch
import requests

from imdb_helpers.dataset.cache import part_folder
from imdb_helpers.errors import DownloadError
from imdb_helpers.progress import progress_bar

# As in keras.datasets.imdb of Keras 3.15.
ORIGIN = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"

# For the connection and for each read, not for the whole file: a slow network is no broken one.
SECONDS = 30


def fetch(name: str, sha256: str, folder: Path) -> Path:
    """Fetch `imdb.npz` (17 MB) or `imdb_word_index.json` (1.6 MB).

    Args:
        name: of the file.
        sha256: its checksum.
        folder: where to put it; made if need be. A file of this name is replaced.

    Returns:
        The path of the file, whose checksum is right.

    Raises:
        DownloadError: there is no network, or what came is not the file, or it cannot be kept.
    """
    # It reports each download, with the paths of this machine, where outputs are shown.
    pooch.get_logger().setLevel(logging.WARNING)
    try:
        with (
            part_folder(folder) as part,
            progress_bar(1, f"fetching {name}", "B") as bar,
        ):
            # pooch tells the bar how much there is; one for nothing it would not move.
            get = pooch.HTTPDownloader(timeout=SECONDS, chunk_size=2**18, progressbar=bar)
            url = ORIGIN + name
            file = pooch.retrieve(url, f"sha256:{sha256}", fname=name, path=part, downloader=get)
            os.replace(file, folder / name)
    except (OSError, ValueError) as error:
        raise DownloadError(_reason(error, folder)) from error
    return folder / name


def _reason(error: OSError | ValueError, folder: Path) -> str:
    """Say in plain words what went wrong."""
    host = ORIGIN.split("/")[2]
    match error:
        case requests.exceptions.HTTPError(response=response):
            return f"{host} answered {response.status_code} {response.reason}"
        case requests.exceptions.ProxyError():
            return "the proxy that this machine is set to use cannot be reached, or refuses"
        case requests.exceptions.SSLError():
            return f"the certificate of {host} was not accepted: a proxy may stand between"
        case requests.exceptions.Timeout():
            return f"{host} did not answer within {SECONDS} seconds"
        case requests.exceptions.ChunkedEncodingError():
            return "the download broke off in the middle"
        case requests.exceptions.ConnectionError() if re.search("resol|getaddrinfo", str(error)):
            return f"the name {host} could not be resolved: no network, or no DNS"
        case requests.exceptions.RequestException():
            return f"{host} could not be reached"
        case ValueError():  # pooch's way to say that the checksum is wrong
            return (
                "what arrived is not IMDB's file but something else, perhaps the sign-in page of "
                "a network or of a proxy"
            )
        case OSError(errno=errno.ENOSPC):
            return f"there is no space left on the disk of {folder}"
        case _:
            return f"the file could not be kept in {folder} ({error})"
