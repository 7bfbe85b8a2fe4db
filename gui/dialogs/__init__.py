"""The dialogs of the window: only where a decision or a page of reading is needed."""
from gui.dialogs.about import AboutDialog
from gui.dialogs.crash import CrashDialog
from gui.dialogs.export import ExportDialog
from gui.dialogs.keys import KeysDialog
from gui.dialogs.log_viewer import LogDialog
from gui.dialogs.not_run import NotRunDialog
from gui.dialogs.reason import ReasonDialog, ask_reason
from gui.dialogs.rules import RulesDialog
from gui.dialogs.settings import SettingsDialog

__all__ = ["AboutDialog", "CrashDialog", "ExportDialog", "KeysDialog", "LogDialog", "NotRunDialog", "ReasonDialog", "RulesDialog",
           "SettingsDialog", "ask_reason"]
