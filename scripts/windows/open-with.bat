@echo off
chcp 65001 >nul
rem 把本文件夹中的程序加到资源管理器的“打开方式”，只对当前用户，不需要管理员。移动文件夹后请再运行一次。
setlocal enabledelayedexpansion
set "program=%~dp0gouji.exe"
if not exist "!program!" (
  echo 没有找到 gouji.exe。请把本文件放在程序文件夹里运行。
  pause
  exit /b 1
)
set "key=HKCU\Software\Classes\Applications\gouji.exe"
reg add "%key%" /v FriendlyAppName /d "勾稽 Gouji" /f >nul || goto failed
reg add "%key%\shell\open\command" /ve /d "\"!program!\" \"%%1\"" /f >nul || goto failed
for %%E in (.pdf .docx .xlsx .xls .zip) do (
  reg add "%key%\SupportedTypes" /v %%E /d "" /f >nul || goto failed
  reg add "HKCU\Software\Classes\%%E\OpenWithList\gouji.exe" /f >nul || goto failed
)
echo 已加入“打开方式”：在文件上点右键，选“打开方式”，再选“勾稽 Gouji”。
pause
exit /b 0
:failed
echo 没有完成：系统不允许修改当前用户的文件关联。
pause
exit /b 1
