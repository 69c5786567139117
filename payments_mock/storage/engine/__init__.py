"""The storage engine, fenced: what is done here for speed is no business of the stores above it.

Figures are of one machine and SQLite, each measured beside SQLAlchemy or SQLite alone, in turn.
- Prepared statements (`prepared.py`): a look-up takes 270 µs of processor time with them and 390 without,
  a payment that is created and confirmed 930 µs and 1,470.
- Checkpoints (`engines.py`): the log is folded in a third of a millisecond every 64 commits; SQLite alone
  holds one answer in a hundred up for 15 to 40 ms on a disk.
"""
