"""The picture: whatever it is told, it is well-formed and shows it as text."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from planner.evaluation.pictures import Bar, Bars, Curves, Step, picture

SVG = "{http://www.w3.org/2000/svg}"


def drawn(*sections: Bars | Curves) -> ElementTree.Element:
    """The picture, read again."""
    return ElementTree.fromstring(picture("Måling", sections, "Tallene tæller."))


def widths(root: ElementTree.Element) -> list[float]:
    """How long the bars are."""
    return [float(one.attrib["width"]) for one in root.iter(f"{SVG}rect") if one.attrib["width"] != "100%"]


def test_bars_are_as_long_as_their_figures() -> None:
    root = drawn(Bars("Samtaler", (Bar("maj", 10, "10"), Bar("juni", 40, "40"), Bar("juli", None, "holdt tilbage"))))
    short, long = widths(root)
    assert long == pytest.approx(4 * short)
    assert "holdt tilbage" in [one.text for one in root.iter(f"{SVG}text")]


def test_nothing_at_all_is_a_picture_too() -> None:
    assert widths(drawn(Bars("Samtaler", (Bar("maj", 0, "0"),)))) == [0]
    assert drawn().find(f"{SVG}title") is not None


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "a & b", "\x1b[2J\x00", '"]]>', "\ud800"])
def test_a_name_is_a_text_and_nothing_else(text: str) -> None:
    root = drawn(Bars(text, (Bar(text, 1, text),)), Curves(text, text, ((text, (Step(0, 1, 1, 1),)),)))
    tags = {one.tag.removeprefix(SVG) for one in root.iter()}
    assert tags == {"svg", "title", "style", "rect", "text", "path"}


def test_a_curve_goes_down_in_steps_with_its_interval() -> None:
    steps = (Step(0, 1, 1, 1), Step(13, 0.5, 0.4, 0.6), Step(26, 0.25, 0.1, 0.4))
    root = drawn(Curves("Andel", "uger", (("Alle", steps),)))
    paths = [one.attrib["d"] for one in root.iter(f"{SVG}path")]
    (line,) = [path for path in paths if path.count("H") == 2]
    heights = [float(part.split("H")[0]) for part in line.split("V")[1:]]
    assert heights == sorted(heights)
    assert len([path for path in paths if path.count("V") == 1 and "H" not in path]) == 3
