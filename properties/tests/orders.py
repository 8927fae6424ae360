"""What processes are told to do in tests: in a module that they can import, wherever they are started."""

import os
import time


def work(order):
    """What a worker is told to do."""
    kind, _, argument = order.partition(" ")
    if kind == "die":
        os._exit(int(argument))
    if kind == "grow":
        return grown(int(argument))
    if kind == "sleep":
        time.sleep(float(argument))
    return argument


def grown(least):
    """Hold more and more; how much it was when there was no more, if it was so much."""
    held = []
    try:
        while len(held) < 200:
            held.append(bytearray(10**8))
    except MemoryError:
        return least <= 10**8 * len(held)
    return None
