@echo off
chcp 65001 >nul
setlocal
cd /d "%~dp0"
set "PY="
for %%P in ("py -3.13" "py -3.12" "py -3.11" "python") do (
  if not defined PY (
    %%~P -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>nul && set "PY=%%~P"
  )
)
if not defined PY (
  echo 需要 Python 3.11 或更新的版本。
  exit /b 1
)
if not exist ".venv\Scripts\python.exe" %PY% -m venv .venv || exit /b 1
".venv\Scripts\python.exe" -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements\dev.txt || exit /b 1
".venv\Scripts\python.exe" scripts\build.py --pack
exit /b %errorlevel%
