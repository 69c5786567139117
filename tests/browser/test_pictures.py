"""Every picture of the documents can be taken again."""

from tests.browser.film import CAPTIONS, FILMS
from tests.browser.pictures import FOLDER, NOT_TAKEN_HERE, PICTURES


def test_every_picture_is_taken_by_name() -> None:
    assert {picture.stem for picture in FOLDER.glob("*.png")} == PICTURES.keys() | NOT_TAKEN_HERE


def test_every_film_is_taken_in_each_language() -> None:
    assert {film.name for film in FOLDER.glob("*.gif")} == set(FILMS.values())
    assert FILMS.keys() == CAPTIONS.keys()
