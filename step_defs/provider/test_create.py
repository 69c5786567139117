from pytest_bdd import scenarios

scenarios("provider/create.feature")
