"""The command `payments-mock`, and `python -m payments_mock`, which is the same."""

import sys


def main() -> None:
    """Run the command; what only asks how a server is imports none of the libraries of the others."""
    if sys.argv[1:2] == ["health"]:
        from payments_mock.health_command import main as check_health

        sys.exit(check_health(sys.argv[2:]))
    from payments_mock.cli import main as run_command

    run_command(prog_name="payments-mock")


if __name__ == "__main__":
    main()
