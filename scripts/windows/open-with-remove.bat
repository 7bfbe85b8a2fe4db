@echo off
chcp 65001 >nul
rem 从资源管理器的“打开方式”中移除本程序，只对当前用户。
reg delete "HKCU\Software\Classes\Applications\gouji.exe" /f >nul 2>nul
for %%E in (.pdf .docx .xlsx .xls .zip) do reg delete "HKCU\Software\Classes\%%E\OpenWithList\gouji.exe" /f >nul 2>nul
echo 已从“打开方式”中移除。
pause
