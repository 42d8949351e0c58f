"""How the screen was left: kept where that is possible, and never a reason to stop."""

from __future__ import annotations

from pathlib import Path

from planner.remembered import keep_view, read_view, view_path


def test_what_was_kept_is_read_again(tmp_path: Path) -> None:
    place = tmp_path / "new" / "view.json"
    keep_view(place, {"folded": ["booked"]})
    assert read_view(place) == {"folded": ["booked"]}
    assert [file.name for file in place.parent.iterdir()] == ["view.json"]


def test_where_no_file_can_be_nothing_is_kept(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    keep_view(tmp_path / "file" / "view.json", {})
    assert read_view(tmp_path / "file" / "view.json") == {}


def test_a_file_from_elsewhere_is_as_good_as_none(tmp_path: Path) -> None:
    place = tmp_path / "view.json"
    for strange in (b"", b"{", b"[]", b"\xff\xfe", b"1" * 20_000, b"[" * 9_000):
        place.write_bytes(strange)
        assert read_view(place) == {}


def test_each_store_has_a_view_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    own = view_path(tmp_path / "planner.db")
    assert view_path(tmp_path / "sub" / ".." / "planner.db") == own
    assert view_path(tmp_path / "demo.db") != own
    assert "planner.db" not in own.name
