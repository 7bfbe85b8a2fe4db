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
  echo 需要 Python 3.11 或更新的版本。请先安装 Python，再双击本文件。
  pause
  exit /b 1
)
if not exist ".venv\Scripts\python.exe" %PY% -m venv .venv || goto failed
fc /b requirements\run.txt .venv\installed.txt >nul 2>nul
if errorlevel 1 (
  echo 安装依赖，首次需要几分钟……
  ".venv\Scripts\python.exe" -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements\run.txt || goto failed
  copy /y requirements\run.txt .venv\installed.txt >nul
)
".venv\Scripts\python.exe" main.py resources\sample.pdf
exit /b %errorlevel%
:failed
echo 安装没有完成。请检查网络或磁盘空间后再试。
pause
exit /b 1
