#!/usr/bin/env bash
# Sets up .venv with the pinned requirements and, where it may, the system libraries that Qt needs.
# Usage: setup.sh run|dev. A second call with nothing changed takes no time.
set -euo pipefail
cd "$(dirname "$0")/.."
what=${1:-run}

sudo_cmd=""
may_install=no
if command -v apt-get >/dev/null 2>&1; then
  if [ "$(id -u)" = 0 ]; then may_install=yes
  elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then may_install=yes; sudo_cmd="sudo -n"
  fi
fi
updated=no
install_packages() {
  [ $# -gt 0 ] || return 0
  if [ "$updated" = no ]; then $sudo_cmd apt-get update -qq >/dev/null || true; updated=yes; fi
  DEBIAN_FRONTEND=noninteractive $sudo_cmd apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# ---- a Python of 3.11 or newer
python=""
for candidate in python3 python3.13 python3.12 python3.11; do
  if command -v "$candidate" >/dev/null 2>&1 && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    python=$candidate; break
  fi
done
if [ -z "$python" ]; then echo "需要 Python 3.11 或更新的版本。" >&2; exit 1; fi

# ---- the virtual environment
if [ ! -x .venv/bin/python ] || ! .venv/bin/python -c 'import pip' >/dev/null 2>&1; then
  rm -rf .venv
  if ! "$python" -m venv .venv >/dev/null 2>&1; then
    rm -rf .venv
    version=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    if [ "$may_install" = yes ]; then
      install_packages "$version" || install_packages python3-venv
      "$python" -m venv .venv
    else
      echo "缺少 $version，无法建立虚拟环境。请管理员执行：apt-get install $version" >&2; exit 1
    fi
  fi
fi
stamp=.venv/.stamp-$what
wanted=$(cat "requirements/$what.txt" scripts/setup.sh | cksum)
if [ "$(cat "$stamp" 2>/dev/null || true)" != "$wanted" ]; then
  echo "安装依赖（首次需要几分钟）…"
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r "requirements/$what.txt"
  echo "$wanted" > "$stamp"
fi

# ---- system libraries of Qt and of the picture reader
[ "$(uname -s)" = Linux ] || exit 0
libs_stamp=.venv/.stamp-libs
[ -f "$libs_stamp" ] && exit 0
pairs="libEGL.so.1:libegl1 libGL.so.1:libgl1 libglib-2.0.so.0:libglib2.0-0 libfontconfig.so.1:libfontconfig1 libfreetype.so.6:libfreetype6
libxkbcommon.so.0:libxkbcommon0 libdbus-1.so.3:libdbus-1-3 libxcb-cursor.so.0:libxcb-cursor0 libxcb-icccm.so.4:libxcb-icccm4
libxcb-keysyms.so.1:libxcb-keysyms1 libxcb-image.so.0:libxcb-image0 libxcb-render-util.so.0:libxcb-render-util0 libxcb-randr.so.0:libxcb-randr0
libxcb-shape.so.0:libxcb-shape0 libxcb-sync.so.1:libxcb-sync1 libxcb-xfixes.so.0:libxcb-xfixes0 libxcb-xkb.so.1:libxcb-xkb1
libX11-xcb.so.1:libx11-xcb1 libxkbcommon-x11.so.0:libxkbcommon-x11-0"
missing=$(PAIRS="$pairs" .venv/bin/python - <<'PY'
import ctypes, os
for pair in os.environ["PAIRS"].split():
    library, package = pair.split(":")
    try:
        ctypes.CDLL(library)
    except OSError:
        print(package)
PY
)
if [ -n "$missing" ]; then
  if [ "$may_install" = yes ]; then
    # shellcheck disable=SC2086
    install_packages $missing || echo "未能安装这些系统库：$(echo $missing)" >&2
  else
    echo "缺少这些系统库，窗口可能打不开。请管理员执行：apt-get install $(echo $missing)" >&2
    exit 0
  fi
fi
touch "$libs_stamp"
