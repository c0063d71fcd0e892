"""The author's kit for pytest: every example of a pack, and all that `recanon check` looks at.

@pytest.mark.parametrize("case", examples_of(PACK), ids=str)
def test_example(case):
    check_example(case)


def test_pack():
    check_pack(PACK)
"""

from recanon.testing.check import check_pack
from recanon.testing.examples import Case, check_example, examples_of

__all__ = ["Case", "check_example", "check_pack", "examples_of"]
