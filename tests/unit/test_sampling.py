"""Where cases are left out, each test keeps some, evenly spread over all that it has."""

import pytest

from testkit.sampling import evenly_spread

pytest_plugins = ["pytester"]


@pytest.mark.parametrize(
    ("count", "at_most", "chosen"),
    [(7, 3, [0, 3, 6]), (4, 3, [0, 1, 3]), (3, 3, [0, 1, 2]), (2, 3, [0, 1]), (1, 3, [0]), (9, 1, [0])],
)
def test_the_first_and_the_last_are_chosen_and_others_between(
    count: int, at_most: int, chosen: list[int]
) -> None:
    assert list(evenly_spread(count, at_most)) == chosen


@pytest.mark.parametrize("count", [1, 2, 3, 5, 100])
@pytest.mark.parametrize("at_most", [1, 2, 3, 4])
def test_as_many_are_chosen_as_are_asked_for_and_there(count: int, at_most: int) -> None:
    chosen = list(evenly_spread(count, at_most))

    assert len(set(chosen)) == min(count, at_most)
    assert set(chosen) <= set(range(count))


def test_a_run_keeps_so_many_cases_of_each_test_and_tells_of_the_others(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(
        "from testkit.sampling import leave_out_cases\n"
        "def pytest_configure(config):\n    config.addinivalue_line('markers', 'every_case: all')\n"
        "def pytest_collection_modifyitems(config, items):\n    leave_out_cases(config, items, 3)\n"
    )
    pytester.makepyfile(
        "import pytest\n"
        "skipped = pytest.param(2, marks=pytest.mark.skipif(True, reason='-'))\n"
        "@pytest.mark.parametrize('number', range(7))\ndef test_many(number): pass\n"
        "@pytest.mark.parametrize('number', [1, skipped, 3, 4])\n"
        "def test_some_are_skipped(number): pass\n"
        "def test_one(): pass\n"
        "@pytest.mark.every_case\n@pytest.mark.parametrize('number', range(5))\ndef test_all(number): pass\n"
    )

    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", "-v")

    result.assert_outcomes(passed=12, skipped=1, deselected=4)
    result.stdout.fnmatch_lines(["*test_many?0?*", "*test_many?3?*", "*test_many?6?*"])


def test_of_a_file_that_is_marked_so_a_run_keeps_a_few_tests(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(
        "from testkit.sampling import leave_out_cases\n"
        "def pytest_configure(config):\n"
        "    for line in ('every_case: all', 'a_few(count): so many'):\n"
        "        config.addinivalue_line('markers', line)\n"
        "def pytest_collection_modifyitems(config, items):\n    leave_out_cases(config, items, 2)\n"
    )
    pytester.makepyfile(
        test_few="import pytest\n"
        "pytestmark = pytest.mark.a_few(3)\n"
        "@pytest.mark.parametrize('number', range(7))\ndef test_many(number): pass\n"
        "def test_second(): pass\n"
        "@pytest.mark.every_case\ndef test_always(): pass\n"
        "@pytest.mark.skipif(True, reason='-')\ndef test_skipped(): pass\n"
        "def test_third(): pass\n"
        "def test_last(): pass\n",
        test_all="def test_one(): pass\ndef test_two(): pass\n",
    )

    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", "-v")

    result.assert_outcomes(passed=6, skipped=1, deselected=7)
    result.stdout.fnmatch_lines(["*test_many?0?*", "*test_second*", "*test_always*", "*test_last*"])
