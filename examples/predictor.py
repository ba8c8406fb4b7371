"""Super-resolves one pair of pictures, without cameras, windows or sockets.

python examples/predictor.py thermal.png visible.jpg sr.png
"""

import sys

import cv2

from models import PredictorSettings, build_predictor

thermal = cv2.imread(sys.argv[1], cv2.IMREAD_UNCHANGED)  # (h, w), 8 or 16 bit: counts
guide = cv2.imread(sys.argv[2])  # (h', w', 3), blue, green, red: the same view, of any size

predictor = build_predictor(PredictorSettings(model="fast:sensor"))  # its weights are shipped
result = predictor.predict(thermal, guide)  # guide=None: the thermal picture alone

cv2.imwrite(sys.argv[3], result.pixels)  # (H, W), in the counts that came in
height, width = result.pixels.shape
print(f"{width}x{height} in {result.stage_ms['infer']:.1f} ms")
