"""Cell arithmetic agrees with looking at every cell."""

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect

from clipsorter.ui.geometry import GAP, Geometry

geometries = st.builds(
    Geometry,
    count=st.integers(0, 60),
    columns=st.integers(1, 7),
    cell_width=st.integers(GAP + 1, 50),
    cell_height=st.integers(GAP + 1, 50),
    mirrored=st.booleans(),
)
points = st.builds(QPoint, st.integers(-60, 400), st.integers(-60, 600))


def inside(cell: QRect) -> QRect:
    return cell.adjusted(GAP // 2, GAP // 2, -GAP // 2, -GAP // 2)


@given(geometries)
def test_cells_do_not_overlap_and_fill_the_content_row_by_row(geometry: Geometry) -> None:
    cells = [geometry.cell(number) for number in range(geometry.count)]
    for number, cell in enumerate(cells):
        assert not any(cell.intersects(other) for other in cells[number + 1 :])
        assert cell.left() >= 0
        assert cell.right() < geometry.columns * geometry.cell_width
    assert geometry.height == max((cell.bottom() + 1 for cell in cells), default=0)


@given(geometries, points)
def test_a_point_finds_the_cell_it_is_inside_of(geometry: Geometry, point: QPoint) -> None:
    expected = [number for number in range(geometry.count) if inside(geometry.cell(number)).contains(point)]
    assert geometry.at(point) == (expected[0] if expected else -1)


@given(geometries, points, points)
def test_a_rectangle_spans_exactly_the_cells_it_touches(geometry: Geometry, one: QPoint, other: QPoint) -> None:
    area = QRect(one, other).normalized()
    touched = [number for number in range(geometry.count) if geometry.cell(number).intersects(area)]
    spanned = [number for first, last in geometry.spans(area) for number in range(first, last + 1)]
    assert spanned == touched


@given(geometries, st.integers(-60, 600), st.integers(-60, 600))
def test_a_stripe_contains_exactly_the_cells_it_touches(geometry: Geometry, top: int, bottom: int) -> None:
    touched = [
        number
        for number in range(geometry.count)
        if geometry.cell(number).top() < bottom and geometry.cell(number).bottom() >= top and top < bottom
    ]
    assert list(geometry.within(top, bottom)) == touched


@given(st.integers(0, 5000), st.integers(1, 300))
def test_fitted_cells_are_wide_enough_and_stretch_over_the_width(width: int, smallest: int) -> None:
    geometry = Geometry.fit(10, width, smallest)
    assert geometry.columns == max(1, width // smallest)
    assert geometry.cell_width >= min(smallest, max(1, width))
    assert 0 <= max(width, 1) - geometry.columns * geometry.cell_width < geometry.columns
