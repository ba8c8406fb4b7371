"""The hall's wall: bricks, windows, doors and signs; heat also shows what runs behind them."""

import numpy as np

from capture.scene.canvas import Canvas, clouds

AIR = 284.0  # kelvin of a cool morning
WALL_RIGHT, WALL_TOP, WALL_FOOT = 418, 64, 298
LAMPS = ((112, 92), (318, 92))


def paint_hall(canvas: Canvas, rng: np.random.Generator) -> None:
    """Paints the wall with everything that is on it and in it."""
    _wall(canvas, rng)
    _openings(canvas, rng)
    _signs(canvas)
    _hidden_pipe(canvas)
    _wall_things(canvas)


def _wall(canvas: Canvas, rng: np.random.Generator) -> None:
    box = (0, WALL_TOP, WALL_RIGHT, WALL_FOOT - WALL_TOP)
    window = canvas.window(*box)
    x, y = canvas.grid(*box)
    course, brick_width = 6.5, 17.0
    shape = canvas.kelvin[window].shape
    row = np.floor((y - WALL_TOP) / course)
    along = x / brick_width + 0.5 * (row % 2)
    column = np.floor(along)
    tones = rng.standard_normal((64, 64)).astype(np.float32)
    tone = tones[row.astype(int) % 64, column.astype(int) % 64]
    mortar = ((y - WALL_TOP) % course < 1.1) | ((along - column) * brick_width < 1.1)
    weather = clouds(rng, shape[1], shape[0], 3)
    hue = np.array([rng.uniform(66, 80), rng.uniform(84, 96), rng.uniform(136, 160)], np.float32)
    colour = hue + tone[..., None] * np.array([7, 8, 14], np.float32)
    colour = np.where(mortar[..., None], np.array([136, 146, 154], np.float32), colour)
    colour = colour * (1 + 0.05 * weather[..., None]) * (1.04 - 0.14 * x / WALL_RIGHT)[..., None]
    canvas.colour[window] = np.clip(colour, 0, 255).astype(np.uint8)
    up = (WALL_FOOT - y) / (WALL_FOOT - WALL_TOP)
    canvas.kelvin[window] = AIR + 1.8 + 1.5 * up + 0.28 * weather + 0.0 * x
    canvas.coverage[window] = 255
    canvas.rectangle(0, WALL_FOOT - 14, WALL_RIGHT, 14, (118, 122, 124), AIR + 1.1)  # plinth
    canvas.rectangle(0, WALL_TOP - 12, WALL_RIGHT + 7, 13, (92, 88, 84), AIR - 6.5)  # cold roof
    canvas.rectangle(0, WALL_TOP, WALL_RIGHT + 4, 3, (60, 58, 56), AIR - 1)
    canvas.rectangle(WALL_RIGHT - 9, WALL_TOP, 9, WALL_FOOT - WALL_TOP, (98, 104, 112), AIR + 2.2)


def _openings(canvas: Canvas, rng: np.random.Generator) -> None:
    for index, x in enumerate((26.0, 172.0, 246.0)):  # windows
        canvas.rectangle(x - 4, 104, 60, 66, (168, 174, 176), AIR + 3.4)
        canvas.rectangle(x, 108, 52, 54, (146, 122, 92), AIR - 1.2)
        canvas.rectangle(x - 7, 166, 66, 5, (158, 164, 166), AIR + 2.6)
        shine = 14 + 24 * float(rng.random())
        canvas.polygon(
            [(x + shine, 108), (x + shine + 14, 108), (x + shine - 6, 162), (x + shine - 18, 162)],
            (196, 178, 152), None,
        )  # fmt: skip
        if index == 1:  # ajar: the warm room shows through
            canvas.rectangle(x + 27, 136, 25, 26, (52, 48, 46), 293.5)
        for bar in (0.0, 25.0, 50.0):
            canvas.rectangle(x + bar, 108, 2.4, 54, (178, 184, 186), AIR + 2.8)
        canvas.rectangle(x, 134, 52, 2.4, (178, 184, 186), AIR + 2.8)
    # roller door of thin metal, half mirroring the cold sky
    canvas.rectangle(18, 194, 104, 104, (94, 96, 98), AIR + 0.4)
    canvas.rectangle(23, 199, 94, 99, (150, 128, 96), AIR - 2.6)
    for slat in range(200, 298, 7):
        canvas.rectangle(23, slat, 94, 1.8, (116, 98, 72), AIR - 1.6)
        canvas.rectangle(23, slat + 1.8, 94, 1.2, (178, 156, 122), AIR - 3.2)
    canvas.rectangle(23, 294, 94, 4, (40, 42, 44), 291.0)  # a warm gap below it
    # the staff door leaks at its top
    canvas.rectangle(150, 212, 46, 86, (86, 90, 94), AIR + 2.0)
    canvas.rectangle(154, 216, 38, 82, (72, 96, 62), AIR + 2.6)
    canvas.rectangle(154, 216, 38, 2.4, None, 296.5)
    canvas.rectangle(160, 224, 26, 22, (150, 132, 108), AIR - 0.4)
    canvas.rectangle(184, 258, 5, 3, (200, 204, 206), AIR)


def _signs(canvas: Canvas) -> None:
    """Print has the wall's own temperature."""
    canvas.rectangle(206, 182, 74, 28, (196, 206, 210), None)
    canvas.rectangle(208, 184, 70, 24, (128, 70, 30), None)
    canvas.text("HALL 7", 213, 202, 13, (236, 240, 240))
    canvas.rectangle(212, 228, 34, 46, (226, 232, 234), None)  # a poster
    canvas.rectangle(215, 231, 28, 18, (70, 130, 222), None)
    canvas.ellipse((229, 240), 7, 7, (232, 236, 238), None)
    for line in range(4):
        canvas.rectangle(216, 253 + line * 5, 26 - 5 * (line % 2), 2.2, (120, 122, 124), None)
    canvas.polygon([(270, 252), (286, 252), (278, 237)], (30, 190, 236), None)  # warning sign
    canvas.rectangle(277, 242, 2.4, 6, (26, 26, 28), None)


def _hidden_pipe(canvas: Canvas) -> None:
    """Hot water behind the bricks: a soft glow that light cannot see, ending in a real pipe."""
    box = (0, WALL_TOP, WALL_RIGHT, WALL_FOOT - WALL_TOP)
    window = canvas.window(*box)
    x, y = canvas.grid(*box)
    across = np.abs(y - 188) + 1e3 * ((x < 8) | (x > 356))
    down = np.abs(x - 356) + 1e3 * ((y < 188) | (y > 262))
    branch = np.abs(x - 140) + 1e3 * ((y < 84) | (y > 188))
    near = np.minimum(np.minimum(across, down), branch + 1.5)
    glow = 7.5 * np.exp(-((near / 5.5) ** 2)) + 3.0 * np.exp(-((near / 15) ** 2))
    bricks = canvas.kelvin[window]
    solid = bricks > AIR + 1.5  # doors, glass and metal sheets hang before the wall
    solid &= ~((x > 22) & (x < 82) & (y > 104) & (y < 172))
    solid &= ~((x > 150) & (x < 196) & (y > 212))
    canvas.kelvin[window] = bricks + glow * solid


def _wall_things(canvas: Canvas) -> None:
    # fuse cabinet: one breaker runs hot behind the sheet metal
    canvas.rectangle(304, 206, 34, 48, (122, 126, 122), AIR + 2.4)
    canvas.rectangle(306, 208, 30, 44, (150, 154, 150), AIR + 3.0)
    canvas.rectangle(320.4, 208, 1.2, 44, (112, 116, 112), None)
    canvas.polygon([(313, 222), (317, 222), (313, 229), (316, 229), (311, 238), (312.5, 231),
                    (310, 231)], (40, 200, 240), None)  # fmt: skip
    gx, gy = canvas.grid(306, 208, 30, 44)
    spot = np.exp(-(((gx - 328) / 5) ** 2) - ((gy - 223) / 7) ** 2)
    canvas.kelvin[canvas.window(306, 208, 30, 44)] += 21 * spot
    # extract fan: warm air from the hall
    canvas.rectangle(330, 112, 42, 42, (116, 120, 122), AIR + 4)
    canvas.ellipse((351, 133), 18, 18, (54, 54, 56), 297.5)
    # lamps
    for x, y in LAMPS:
        canvas.rectangle(x - 2, y - 4, 4, 8, (70, 72, 74), AIR + 6)
        canvas.polygon([(x - 9, y + 8), (x + 9, y + 8), (x + 5, y + 1), (x - 5, y + 1)],
                       (84, 86, 88), 301.0)  # fmt: skip
        canvas.rectangle(x - 8, y + 8, 16, 2.2, (224, 236, 240), 306.0)
    # rain pipe
    canvas.rectangle(394, WALL_TOP, 5, WALL_FOOT - WALL_TOP, (84, 88, 92), AIR - 1.2)
