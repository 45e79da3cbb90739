"""What is shared by the tests of all adapters."""

import pytest

# Its assertions should say as much as those of any test.
pytest.register_assert_rewrite("tests.adapters.conformance")
