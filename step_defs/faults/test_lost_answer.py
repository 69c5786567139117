from pytest_bdd import scenarios

scenarios("faults/lost_answer.feature")
