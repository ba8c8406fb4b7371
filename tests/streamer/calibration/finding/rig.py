"""Pictures of the simulated rig, misaligned as asked for, without its processes."""

import cv2
import numpy as np

from capture.scene.eye import Eye
from capture.scene.world import World
from streamer.calibration.registration.gradients import grey
from streamer.config.schema import BracketConfig


def rig_pairs(kind="day", times_s=(2.0, 6.0), seed=7, **bracket):
    """Grey (visible 320x240, thermal 160x120) of some moments, and where the camera sits."""
    eye = Eye(BracketConfig(**bracket))
    world = World(seed, kind, 320, 240)
    rng = np.random.default_rng(1)
    pairs = []
    for time_s in times_s:
        light = eye.picture(world.light(time_s, eye), (240, 320)).astype(np.float32)
        light += rng.normal(0, 2, light.shape)
        heat = cv2.resize(world.heat(time_s), (160, 120), interpolation=cv2.INTER_AREA)
        heat = heat * 100 + rng.normal(0, 5, heat.shape)
        pairs.append((grey(np.clip(light, 0, 255).astype(np.uint8)), grey(heat)))
    return eye, pairs
