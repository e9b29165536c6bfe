"""Fetching Keras's two files from the internet, each checked against its known SHA-256.

pooch does the work: it writes beside, checks, and moves into place. What stands here is what its
errors mean to a reader.
"""

import errno
import re
from pathlib import Path

import pooch
import requests

from imdb_helpers.files import KERAS_HASHES

# As in keras.datasets.imdb of Keras 3.15.
ORIGIN = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"

# For the connection and for each read, not for the whole file: a slow network is no broken one.
SECONDS = 30


class DownloadError(Exception):
    """A file could not be fetched; the text is the end of a sentence that says why."""


def fetch(name: str, folder: Path) -> Path:
    """Fetch `imdb.npz` (17 MB) or `imdb_word_index.json` (1.6 MB).

    Args:
        name: of the file.
        folder: where to put it; made if need be. A file that is there is replaced.

    Returns:
        The path of the file, whose checksum is right.

    Raises:
        DownloadError: there is no network, or what came is not the file, or it cannot be kept.
    """
    (folder / name).unlink(missing_ok=True)  # the caller found it damaged
    try:
        file = pooch.retrieve(
            ORIGIN + name,
            known_hash=KERAS_HASHES[name],
            fname=name,
            path=folder,
            downloader=pooch.HTTPDownloader(timeout=SECONDS, chunk_size=2**20),
        )
    except (OSError, ValueError) as error:
        raise DownloadError(_reason(error, folder)) from error
    return Path(file)


def _reason(error: OSError | ValueError, folder: Path) -> str:
    """Say in plain words what went wrong."""
    host = ORIGIN.split("/")[2]
    match error:
        case requests.exceptions.HTTPError(response=response):
            return f"{host} answered {response.status_code} {response.reason}"
        case requests.exceptions.ProxyError():
            return "the proxy that this machine is set to use cannot be reached, or refuses"
        case requests.exceptions.SSLError():
            return (
                f"the certificate of {host} was not accepted: a proxy may stand between"
            )
        case requests.exceptions.Timeout():
            return f"{host} did not answer within {SECONDS} seconds"
        case requests.exceptions.ChunkedEncodingError():
            return "the download broke off in the middle"
        case requests.exceptions.ConnectionError() if re.search(
            "resol|getaddrinfo", str(error)
        ):
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
