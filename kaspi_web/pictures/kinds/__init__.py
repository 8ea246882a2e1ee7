"""Every kind of goods that can be drawn, by its word, and how its pictures differ."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kaspi_web.pictures.kinds import care, kitchen, play, rooms, sport, tech, wear, yard
from kaspi_web.pictures.pen import Pen, Point

Drawing = Callable[[Pen], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: its drawing; how the second view is made; the place of the fourth; and where to look closer."""

    draw: Drawing
    other: str = "pair"
    """turn (a box or a slab), roll (round), pair (two of them)."""
    place: str = "table"
    """table, floor, wall, outside or flat."""
    close: Point = (50, 40)
    lies: bool = False
    """Seen from above: its shadow has its own shape."""
    back: Drawing | None = None

    @property
    def is_flat(self) -> bool:
        """Whether it lies or hangs, so that nothing of it stands on the ground."""
        return self.lies or self.place == "wall"


KINDS: dict[str, Kind] = {
    "phone": Kind(tech.phone, "turn", close=(44, 30), back=tech.phone_back),
    "tablet": Kind(tech.tablet, "turn", close=(40, 40)),
    "laptop": Kind(tech.laptop, close=(50, 66)),
    "monitor": Kind(tech.monitor, "turn", close=(64, 44)),
    "desktop": Kind(tech.desktop, "turn", "floor", close=(50, 38)),
    "keyboard": Kind(tech.keyboard, "roll", "flat", close=(34, 50), lies=True),
    "mouse": Kind(tech.mouse, "roll", "flat", close=(50, 38), lies=True),
    "printer": Kind(tech.printer, close=(56, 52)),
    "router": Kind(tech.router, close=(50, 66)),
    "drive": Kind(tech.drive, "roll", "flat", close=(50, 40), lies=True),
    "powerbank": Kind(tech.powerbank, "turn", "flat", close=(50, 40), lies=True),
    "charger": Kind(tech.charger, "roll", "flat", close=(44, 34), lies=True),
    "headphones": Kind(tech.headphones, close=(70, 60)),
    "earbuds": Kind(tech.earbuds, close=(50, 36)),
    "watch": Kind(tech.watch, "turn", "flat", close=(50, 46), lies=True),
    "camera": Kind(tech.camera, close=(50, 52)),
    "speaker": Kind(tech.speaker, "turn", close=(50, 56)),
    "tv": Kind(tech.tv, "turn", "floor", close=(76, 62)),
    "console": Kind(tech.console, "roll", "flat", close=(66, 48), lies=True),
    "fridge": Kind(kitchen.fridge, "turn", "floor", close=(50, 24)),
    "washer": Kind(kitchen.washer, "turn", "floor", close=(50, 44)),
    "dishwasher": Kind(kitchen.dishwasher, "turn", "floor", close=(46, 28)),
    "stove": Kind(kitchen.stove, "turn", "floor", close=(46, 36)),
    "microwave": Kind(kitchen.microwave, "turn", close=(70, 50)),
    "kettle": Kind(kitchen.kettle, close=(50, 34)),
    "multicooker": Kind(kitchen.multicooker, close=(50, 56)),
    "blender": Kind(kitchen.blender, close=(50, 40)),
    "iron": Kind(kitchen.iron, close=(62, 50)),
    "vacuum": Kind(kitchen.vacuum, "pair", "floor", close=(34, 66)),
    "robot_vacuum": Kind(kitchen.robot_vacuum, "roll", "flat", close=(50, 46), lies=True),
    "conditioner": Kind(kitchen.conditioner, "pair", "wall", close=(70, 44)),
    "heater": Kind(kitchen.heater, "pair", "floor", close=(70, 44)),
    "coffee": Kind(kitchen.coffee, "turn", close=(50, 50)),
    "pan": Kind(kitchen.pan, close=(44, 58)),
    "pot": Kind(kitchen.pot, close=(50, 42)),
    "dishes": Kind(kitchen.dishes, close=(56, 60)),
    "knives": Kind(kitchen.knives, close=(46, 36)),
    "sofa": Kind(rooms.sofa, "pair", "floor", close=(30, 54)),
    "armchair": Kind(rooms.armchair, "pair", "floor", close=(50, 50)),
    "bed": Kind(rooms.bed, "pair", "floor", close=(40, 56)),
    "wardrobe": Kind(rooms.wardrobe, "turn", "floor", close=(44, 46)),
    "shelf": Kind(rooms.shelf, "turn", "floor", close=(46, 36)),
    "table": Kind(rooms.table, "pair", "floor", close=(50, 40)),
    "chair": Kind(rooms.chair, "pair", "floor", close=(50, 40)),
    "office_chair": Kind(rooms.office_chair, "pair", "floor", close=(50, 36)),
    "lamp": Kind(rooms.lamp, close=(50, 36)),
    "ceiling_lamp": Kind(rooms.ceiling_lamp, "pair", "wall", close=(50, 56)),
    "pillow": Kind(rooms.pillow, close=(40, 50)),
    "towels": Kind(rooms.towels, close=(66, 54)),
    "carpet": Kind(rooms.carpet, "roll", "flat", close=(50, 40), lies=True),
    "curtain": Kind(rooms.curtain, "pair", "wall", close=(34, 34)),
    "clock": Kind(rooms.clock, "roll", "wall", close=(56, 44)),
    "shirt": Kind(wear.shirt, "roll", "flat", close=(50, 32), lies=True),
    "jacket": Kind(wear.jacket, "roll", "flat", close=(50, 30), lies=True),
    "trousers": Kind(wear.trousers, "roll", "flat", close=(50, 26), lies=True),
    "dress": Kind(wear.dress, "roll", "flat", close=(50, 36), lies=True),
    "suit": Kind(wear.suit, "roll", "flat", close=(50, 32), lies=True),
    "shoe": Kind(wear.shoe, close=(40, 58)),
    "boot": Kind(wear.boot, close=(44, 34)),
    "heels": Kind(wear.heels, close=(40, 54)),
    "bag": Kind(wear.bag, close=(50, 56)),
    "backpack": Kind(wear.backpack, close=(50, 46)),
    "suitcase": Kind(wear.suitcase, "pair", "floor", close=(52, 40)),
    "hat": Kind(wear.hat, close=(50, 60)),
    "socks": Kind(wear.socks, "roll", "flat", close=(44, 34), lies=True),
    "glasses": Kind(wear.glasses, "roll", "flat", close=(36, 50), lies=True),
    "ring": Kind(wear.ring, close=(50, 30)),
    "blocks": Kind(play.blocks, "pair", "floor", close=(50, 48)),
    "teddy": Kind(play.teddy, "pair", "floor", close=(50, 32)),
    "doll": Kind(play.doll, "pair", "floor", close=(50, 34)),
    "toy_car": Kind(play.toy_car, "pair", "floor", close=(44, 54)),
    "stroller": Kind(play.stroller, "pair", "floor", close=(42, 42)),
    "puzzle": Kind(play.puzzle, "roll", "flat", close=(50, 50), lies=True),
    "game_box": Kind(play.game_box, "turn", close=(54, 50)),
    "diapers": Kind(play.diapers, close=(50, 48)),
    "bicycle": Kind(sport.bicycle, "pair", "outside", close=(46, 56)),
    "scooter": Kind(sport.scooter, "pair", "outside", close=(50, 72)),
    "ball": Kind(sport.ball, "roll", "outside", close=(50, 44)),
    "dumbbell": Kind(sport.dumbbell, "pair", "floor", close=(32, 60)),
    "mat": Kind(sport.mat, "pair", "floor", close=(36, 62)),
    "tent": Kind(sport.tent, "pair", "outside", close=(42, 56)),
    "treadmill": Kind(sport.treadmill, "pair", "floor", close=(26, 36)),
    "book": Kind(play.book, "turn", close=(50, 40)),
    "notebook": Kind(play.notebook, "turn", "flat", close=(48, 34), lies=True),
    "pens": Kind(play.pens, close=(50, 34)),
    "dombra": Kind(play.dombra, "roll", "wall", close=(50, 64)),
    "cream": Kind(care.cream, close=(50, 58)),
    "bottle": Kind(care.bottle, close=(50, 46)),
    "perfume": Kind(care.perfume, close=(50, 48)),
    "lipstick": Kind(care.lipstick, close=(44, 40)),
    "hairdryer": Kind(care.hairdryer, close=(62, 40)),
    "shaver": Kind(care.shaver, "roll", "flat", close=(50, 32), lies=True),
    "toothbrush": Kind(care.toothbrush, close=(50, 38)),
    "thermometer": Kind(care.thermometer, close=(44, 60)),
    "pills": Kind(care.pills, close=(50, 50)),
    "feed": Kind(care.feed, "pair", "floor", close=(50, 52)),
    "pet_bed": Kind(care.pet_bed, "pair", "floor", close=(42, 58)),
    "bowl": Kind(care.bowl, "pair", "floor", close=(50, 60)),
    "aquarium": Kind(care.aquarium, "turn", close=(52, 54)),
    "tyre": Kind(yard.tyre, "roll", "outside", close=(50, 42)),
    "canister": Kind(yard.canister, close=(50, 58)),
    "dashcam": Kind(yard.dashcam, close=(42, 54)),
    "battery": Kind(yard.battery, "turn", close=(50, 58)),
    "drill": Kind(yard.drill, close=(58, 44)),
    "tools": Kind(yard.tools, close=(40, 52)),
    "paint_bucket": Kind(yard.paint_bucket, close=(56, 44)),
    "garden": Kind(yard.garden, "pair", "outside", close=(44, 66)),
    "plant": Kind(yard.plant, close=(50, 46)),
    "grill": Kind(yard.grill, "pair", "outside", close=(50, 46)),
    "hose": Kind(yard.hose, "roll", "outside", close=(52, 44)),
    "food": Kind(care.food, close=(46, 54)),
    "washing": Kind(care.washing, close=(46, 58)),
}
