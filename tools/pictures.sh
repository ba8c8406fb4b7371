#!/usr/bin/env bash
# Makes the pictures of the README, of docs/how-to/two-cameras.md and several-rigs.md anew, from the
# simulated rig.
set -euo pipefail
cd "$(dirname "$0")/.."
export QT_QPA_PLATFORM=offscreen LANGUAGE=en
lepton="--set capture.thermal.rate_hz=9"  # what such a camera gives, and any machine keeps up with
mkdir -p docs
.venv/bin/corefusion live $lepton --set viewer.size=1280x800 --duration 9 --screenshot docs/window.png
.venv/bin/corefusion live $lepton --config examples/measuring.yaml --set viewer.size=1280x800 --duration 9 --screenshot docs/measuring.png
.venv/bin/corefusion live $lepton --set capture.simulated.scene=smoke --set viewer.size=1280x800 --duration 6 \
    --inject drop:visible@2-9 --screenshot docs/visible-lost.png
rigs=$(mktemp -d)
slow="--set capture.thermal.rate_hz=4 --set capture.visible.rate_hz=8"  # three at once
echo 'capture: {simulated: {seed: 1}}' >"$rigs/roof.yaml"
echo 'capture: {simulated: {seed: 11}}' >"$rigs/yard.yaml"
echo 'capture: {simulated: {seed: 23}, visible: {source: none}}' >"$rigs/cellar.yaml"
.venv/bin/corefusion live $slow --rig "$rigs/roof.yaml" --rig "$rigs/yard.yaml" --rig "$rigs/cellar.yaml" \
    --set viewer.size=1280x800 --duration 20 --screenshot docs/several-rigs.png
rm -r "$rigs"
recording=$(mktemp -d)/yard.mcap
.venv/bin/corefusion record $lepton --duration 8 --output "$recording" \
    --inject drop:visible@2-3.5 --inject ffc:thermal@5 >/dev/null
# At half speed, so that a slow machine too has time for what the guide added.
.venv/bin/corefusion replay "$recording" --compare bilinear --start 1 --end 7 --loop --rate 0.5 \
    --duration 10 --set viewer.size=1280x800 --screenshot docs/replay.png
rm -r "$(dirname "$recording")"
.venv/bin/python -m tools.align_pictures docs
.venv/bin/python -m tools.panel_pictures docs
