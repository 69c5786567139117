"""What Schemathesis leaves open: at a path with a parameter, any 404 answers a wrong method for it."""

from typing import Any

import schemathesis
from schemathesis.generation.meta import CoveragePhaseData, CoverageScenario

from tests.bad_input.excuses import NO_SUCH_METHOD


@schemathesis.check
def wrong_method_is_told(context: Any, response: Any, case: Any) -> None:
    """See that a method which a path has not is answered for, and not a resource that is not found."""
    tried = case.meta.phase.data if case.meta else None
    is_wrong = (
        isinstance(tried, CoveragePhaseData) and tried.scenario is CoverageScenario.UNSPECIFIED_HTTP_METHOD
    )
    if is_wrong and response.status_code == 404 and response.request.method != "HEAD":
        assert response.json()["code"] == NO_SUCH_METHOD
