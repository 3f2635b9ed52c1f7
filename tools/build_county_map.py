"""Builds dashboard/county_shapes.json from the Census shapes of the npm package us-atlas.

    npm pack us-atlas@3.0.1 && tar xzf us-atlas-3.0.1.tgz
    python tools/build_county_map.py package/counties-10m.json

The shapes are a topology: neighbours share their border's points. Each border is simplified once,
so that neighbours still meet exactly, and projected as California's agencies draw the state
(California Albers, EPSG:3310, on a sphere).
"""

import json
import math
import sys
from pathlib import Path

from shapely.geometry import Polygon

CALIFORNIA = "06"
WIDTH = 600.0
TOLERANCE = 0.9
"""Units of the drawing that a simplified border may stray."""
TARGET = Path(__file__).parent.parent / "dashboard" / "county_shapes.json"

Point = tuple[float, float]


def albers(longitude: float, latitude: float) -> Point:
    """California Albers: standard parallels 34 and 40.5 N, origin 120 W, 0 N."""
    south, north = math.radians(34.0), math.radians(40.5)
    n = (math.sin(south) + math.sin(north)) / 2
    c = math.cos(south) ** 2 + 2 * n * math.sin(south)
    rho = math.sqrt(c - 2 * n * math.sin(math.radians(latitude))) / n
    theta = n * math.radians(longitude + 120.0)
    return rho * math.sin(theta), rho * math.cos(theta)


def arcs_of(topology: dict) -> list[list[Point]]:
    """The topology's borders as longitudes and latitudes (they are kept as steps on a grid)."""
    (scale_x, scale_y), (move_x, move_y) = (
        topology["transform"]["scale"],
        topology["transform"]["translate"],
    )
    found = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            points.append((x * scale_x + move_x, y * scale_y + move_y))
        found.append(points)
    return found


def simplified(points: list[Point], tolerance: float) -> list[Point]:
    """Douglas and Peucker's: the ends stay."""
    if len(points) < 3:
        return points
    (ax, ay), (bx, by) = points[0], points[-1]
    length = math.hypot(bx - ax, by - ay)
    worst, place = 0.0, 0
    for n, (x, y) in enumerate(points[1:-1], start=1):
        away = (
            abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / length
            if length
            else math.hypot(x - ax, y - ay)
        )
        if away > worst:
            worst, place = away, n
    if worst <= tolerance:
        return [points[0], points[-1]]
    return simplified(points[: place + 1], tolerance)[:-1] + simplified(points[place:], tolerance)


def build(source: Path) -> dict:
    topology = json.loads(source.read_text())
    counties = [
        one
        for one in topology["objects"]["counties"]["geometries"]
        if one["id"].startswith(CALIFORNIA)
    ]
    used = {abs_arc(arc) for one in counties for ring in rings_of(one) for arc in ring}
    projected = {
        n: [albers(*p) for p in arc] for n, arc in enumerate(arcs_of(topology)) if n in used
    }
    xs = [x for arc in projected.values() for x, _ in arc]
    ys = [y for arc in projected.values() for _, y in arc]
    unit = WIDTH / (max(xs) - min(xs))
    # The projection's second number grows to the south, as the drawing's does.
    placed = {
        n: simplified([((x - min(xs)) * unit, (y - min(ys)) * unit) for x, y in arc], TOLERANCE)
        for n, arc in projected.items()
    }
    shapes = {}
    for one in counties:
        rings = [ring_points(ring, placed) for ring in rings_of(one)]
        rings = [ring for ring in rings if len(ring) > 3]
        number = (int(one["id"][2:]) + 1) // 2
        label = Polygon(max(rings, key=lambda ring: Polygon(ring).area)).representative_point()
        shapes[number] = {
            "path": "".join(path_of(ring) for ring in rings),
            "label": [round(label.x, 1), round(label.y, 1)],
            "box": box_of([point for ring in rings for point in ring]),
        }
    height = round((max(ys) - min(ys)) * unit, 1)
    return {"width": WIDTH, "height": height, "counties": dict(sorted(shapes.items()))}


def rings_of(geometry: dict) -> list[list[int]]:
    if geometry["type"] == "Polygon":
        return geometry["arcs"]
    return [ring for polygon in geometry["arcs"] for ring in polygon]


def abs_arc(arc: int) -> int:
    """An arc's number; one that is walked backwards has its complement."""
    return arc if arc >= 0 else ~arc


def ring_points(ring: list[int], placed: dict[int, list[Point]]) -> list[Point]:
    points: list[Point] = []
    for arc in ring:
        walked = placed[abs_arc(arc)] if arc >= 0 else placed[abs_arc(arc)][::-1]
        points += walked[1:] if points else walked
    return points


def path_of(ring: list[Point]) -> str:
    (x, y), *others = [(round(x, 1), round(y, 1)) for x, y in ring]
    text = f"M{x:g} {y:g}"
    for to_x, to_y in others[:-1]:
        text += f"l{round(to_x - x, 1):g} {round(to_y - y, 1):g}"
        x, y = to_x, to_y
    return text + "z"


def box_of(points: list[Point]) -> list[float]:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return [round(value, 1) for value in (min(xs), min(ys), max(xs), max(ys))]


if __name__ == "__main__":
    TARGET.write_text(json.dumps(build(Path(sys.argv[1])), separators=(",", ":")) + "\n")
