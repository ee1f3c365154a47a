"""What takes long to make and depends on nothing but its description, kept between runs."""

import hashlib
import pathlib
import shutil
import tempfile

FOLDER = pathlib.Path(__file__).resolve().parents[1] / ".build-data"


def folder(key, make):
    """The folder of that key; where there is none, `make` fills it first."""
    place = FOLDER / hashlib.sha256(key.encode()).hexdigest()[:20]
    if not place.exists():
        FOLDER.mkdir(exist_ok=True)
        unfinished = pathlib.Path(tempfile.mkdtemp(dir=FOLDER))
        try:
            make(unfinished)
            unfinished.rename(place)
        except BaseException:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise
    return place


def digest(*paths):
    """A hash of the files' contents."""
    total = hashlib.sha256()
    for path in paths:
        with open(path, "rb") as file:
            total.update(hashlib.file_digest(file, "sha256").digest())
    return total.hexdigest()
