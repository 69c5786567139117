from pytest_bdd import scenarios

scenarios("toss/look_up.feature")
