from pytest_bdd import scenarios

scenarios("toss/test_codes.feature")
