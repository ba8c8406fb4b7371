#!/usr/bin/env bash
# Makes .venv ready: `tools/setup.sh live` for running, `tools/setup.sh test` for tests and checks.
# What the system lacks is installed with apt where the user is root, else the exact line is printed.
set -euo pipefail
cd "$(dirname "$0")/.."
profile=${1:?live or test}

need_packages() { # what for, package...
    local what=$1; shift
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "setup: installing $* ($what)"
        if apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@" >/dev/null; then
            return
        fi
    fi
    echo "setup: $what is missing; please run:  sudo apt-get install -y $*" >&2
    exit 1
}

find_python() {
    local candidate
    for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11 python3.14; do
        if command -v "$candidate" >/dev/null &&
            "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"; return
        fi
    done
}

python=$(find_python)
if [ -z "$python" ]; then
    need_packages "Python 3.11 or newer" python3 python3-venv
    python=$(find_python)
    [ -n "$python" ] || { echo "setup: Python 3.11 or newer is wanted; $(python3 -V) is here" >&2; exit 1; }
fi
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    need_packages "Python's venv module" "python$version-venv"
fi

# shared objects that the Qt and OpenCV wheels load from the system -> the package that has them
missing=()
libraries=$(ldconfig -p 2>/dev/null || /sbin/ldconfig -p)
while read -r object package; do
    grep -q "$object" <<<"$libraries" || missing+=("$package")
done <<'LIBRARIES'
libEGL.so.1 libegl1
libGL.so.1 libgl1
libdbus-1.so.3 libdbus-1-3
libfontconfig.so.1 libfontconfig1
libglib-2.0.so.0 libglib2.0-0
libxkbcommon.so.0 libxkbcommon0
libxkbcommon-x11.so.0 libxkbcommon-x11-0
libxcb-cursor.so.0 libxcb-cursor0
libxcb-icccm.so.4 libxcb-icccm4
libxcb-image.so.0 libxcb-image0
libxcb-keysyms.so.1 libxcb-keysyms1
libxcb-render-util.so.0 libxcb-render-util0
libxcb-shape.so.0 libxcb-shape0
LIBRARIES
if [ -z "$(find /usr/share/fonts "${HOME:-/}/.fonts" -name '*.[to]tf' -print -quit 2>/dev/null)" ]; then
    missing+=(fonts-dejavu-core)
fi
[ ${#missing[@]} = 0 ] || need_packages "what the window needs of the system" "${missing[@]}"

extras=""
if [ "$profile" = test ]; then
    extras="[train,int8,dev]"
elif [ -e /proc/driver/nvidia/version ]; then
    extras="[torch]" # the CUDA engine; without an NVIDIA driver torch is not needed
fi
stamp=.venv/ready-$profile
if [ -e "$stamp" ] && [ ! pyproject.toml -nt "$stamp" ] && [ ! constraints.txt -nt "$stamp" ]; then
    exit 0
fi
[ -x .venv/bin/python ] || "$python" -m venv .venv
echo "setup: installing the project and its libraries into .venv"
.venv/bin/python -m pip install -q --disable-pip-version-check -c constraints.txt -e ".$extras"
touch "$stamp"
