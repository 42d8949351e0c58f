"""The picture: whatever it is told, it is well-formed and shows it as text."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from planner.evaluation.pictures import Bar, Bars, Curves, Key, Section, Stack, Stacks, Step, picture

SVG = "{http://www.w3.org/2000/svg}"


def drawn(*sections: Section) -> ElementTree.Element:
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
    stacks = Stacks(text, (text,), (Stack(text, (1.0,), text, text),))
    root = drawn(
        Key((text,)), stacks, Bars(text, (Bar(text, 1, text),)), Curves(text, text, ((text, (Step(0, 1, 1, 1),)),))
    )
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


def test_a_long_name_stands_in_lines_and_nothing_is_drawn_over_it() -> None:
    name = " + ".join(["Fleksibelt kontaktforløb for øvrige målgrupper"] * 3)
    root = drawn(Bars("Samtaler", (Bar(name, 10, "ti"), Bar("juni", 40, "40"))))
    lines = [one for one in root.iter(f"{SVG}text") if one.attrib["class"] == "end"]
    assert " ".join(one.text or "" for one in lines) == f"{name} juni"
    assert all(len(one.text or "") <= 40 for one in lines)
    heights = [float(one.attrib["y"]) for one in lines]
    assert heights == sorted(set(heights))
    (told,) = [one for one in root.iter(f"{SVG}text") if one.text == "ti"]
    assert float(told.attrib["y"]) == heights[-2]


@pytest.mark.parametrize("interval", [(0.0, 1.0), (0.2, 0.4), (0.9, 1.5)])
def test_an_interval_stays_within_the_room(interval: tuple[float, float]) -> None:
    root = drawn(Bars("Andel", (Bar("maj", 0.3, "30 %", interval),), most=1))
    (path,) = [one.attrib["d"] for one in root.iter(f"{SVG}path")]
    low, high = float(path.split()[0][1:]), float(path.split("H")[1].split("m")[0])
    assert 300 <= low <= high <= 680
