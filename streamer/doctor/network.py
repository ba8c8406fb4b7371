"""What the network runs on: the CPU engine, a CUDA device, the shipped weights."""

from streamer.doctor.machine import nvidia_devices, nvidia_driver
from streamer.doctor.page import Finding, Level
from streamer.doctor.probing import ProbeError, probe
from streamer.runtime.answers import NetworkAnswer
from streamer.version import DISTRIBUTION

_SECTION = "network"
_TIMEOUT_S = 120.0  # a CUDA build of torch on a slow disk takes long to import
_AGAIN = f"install it again: pip install --force-reinstall {DISTRIBUTION}"


def network_findings() -> list[Finding]:
    """Runs one frame through the default model, and tells what else could compute."""
    try:
        answer = probe("models.probe", NetworkAnswer, _TIMEOUT_S)
    except ProbeError as error:
        return [Finding(_SECTION, "engine", f"it does not start: {error}", Level.ERROR, _AGAIN)]
    return [
        engine_finding(answer),
        gpu_finding(answer, nvidia_driver(), nvidia_devices()),
        *weights_findings(answer),
    ]


def engine_finding(answer: NetworkAnswer) -> Finding:
    """The CPU engine."""
    release = answer.library.partition("-")[0]
    if answer.trial:
        value = f"openvino {release}: {answer.default_model} gave no picture: {answer.trial}"
        return Finding(_SECTION, "engine", value, Level.ERROR, _AGAIN)
    possible = ", ".join(answer.precisions)
    value = (
        f"openvino {release}: {answer.default_model} runs; {possible} possible, "
        f"{answer.threads} of {answer.cores} cores"
    )
    return Finding(_SECTION, "engine", value)


def gpu_finding(answer: NetworkAnswer, driver: str, devices: list[str]) -> Finding:
    """The CUDA device, if there is one, and whether it will be used."""
    named = ", ".join(devices) or f"{answer.cuda_devices} CUDA devices"
    torch = f"torch {answer.torch}" if answer.torch else "no torch"
    if not answer.cuda_devices:
        if driver:
            value = f"driver {driver} finds no device; the CPU computes"
            remedy = "nvidia-smi tells what is wrong with the device or its driver"
            return Finding(_SECTION, "gpu", value, Level.WARNING, remedy)
        value = f"no CUDA device ({torch}); the CPU computes"
        return Finding(_SECTION, "gpu", value, Level.INFO)
    if answer.torch is None:
        value = f"{named}, driver {driver}; without torch the CPU computes"
        remedy = f"pip install '{DISTRIBUTION}[torch]'"
        return Finding(_SECTION, "gpu", value, Level.WARNING, remedy)
    if not answer.cuda_usable:
        value = f"{named}, driver {driver}; {torch} does not reach it, the CPU computes"
        remedy = "pip install a build of torch for CUDA: https://pytorch.org/get-started"
        return Finding(_SECTION, "gpu", value, Level.WARNING, remedy)
    return Finding(_SECTION, "gpu", f"{named}, driver {driver}, {torch}: used")


def weights_findings(answer: NetworkAnswer) -> list[Finding]:
    """The shipped weights: one line for all that are good, one for each that is not."""
    bad = {name: why for name, why in answer.weights.items() if why}
    good = [name for name in answer.weights if name not in bad]
    found = []
    if good:
        found.append(Finding(_SECTION, "weights", ", ".join(good)))
    if answer.default_model not in answer.weights:
        value = f"{answer.default_model} is missing, the model that runs when none is named"
        found.append(Finding(_SECTION, "weights", value, Level.ERROR, _AGAIN))
    for name, why in bad.items():
        level = Level.ERROR if name == answer.default_model else Level.WARNING
        found.append(Finding(_SECTION, "weights", f"{name}: {why}", level, _AGAIN))
    return found
