from pytest_bdd import scenarios

scenarios("faults/slow_confirm.feature")
