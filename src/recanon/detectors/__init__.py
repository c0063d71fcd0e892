"""The detectors of an audit, in the order in which reports show them. A new one is a file and a line here."""

from recanon.detectors.awaits import Awaits
from recanon.detectors.constructor_calls import ConstructorCalls
from recanon.detectors.contract import Detector, Judges, Opinion
from recanon.detectors.cycles import Cycles
from recanon.detectors.deprecated import Deprecated
from recanon.detectors.factories import Factories
from recanon.detectors.fragmentation import Fragmentation
from recanon.detectors.ground import Ground
from recanon.detectors.implementations import Implementations
from recanon.detectors.import_order import ImportOrder
from recanon.detectors.inconsistent_resolution import InconsistentResolution
from recanon.detectors.noncanonical_imports import NoncanonicalImports
from recanon.detectors.shims import Shims

DETECTORS: tuple[Detector, ...] = (
    Deprecated(),
    NoncanonicalImports(),
    Implementations(),
    Shims(),
    Factories(),
    Fragmentation(),
    InconsistentResolution(),
    ImportOrder(),
    Cycles(),
    ConstructorCalls(),
    Awaits(),
)

__all__ = ["DETECTORS", "Detector", "Ground", "Judges", "Opinion"]
