"""Run the kiosk with `python -m payments_mock.kiosk`."""

from payments_mock.kiosk.command import kiosk

if __name__ == "__main__":
    kiosk(prog_name="python -m payments_mock.kiosk")
