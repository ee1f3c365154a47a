"""The direct plug-in of Scripts/fixtures/plug-in.py, whose name no import can say."""

import importlib.util
from pathlib import Path

_path = Path(__file__).parents[1] / "fixtures/plug-in.py"
_spec = importlib.util.spec_from_file_location("plug_in_fixture", _path)
_module = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_module)
exact, binned, trimmed = _module.exact, _module.binned, _module.trimmed
