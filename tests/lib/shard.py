# SPDX-License-Identifier: GPL-2.0-or-later
"""Splits the tests of a unittest program among several processes, so that those that wait wait together.

    test_x.py ... --shard 2/4      # the second of four; every test is in exactly one of them
"""
import argparse
import sys
import unittest


def one_of(text):
    """(number, count) of "2/4"."""
    number, _, count = text.partition("/")
    if not (number.isdigit() and count.isdigit() and 1 <= int(number) <= int(count)):
        raise argparse.ArgumentTypeError("a shard is NUMBER/COUNT, as 2/4")
    return int(number), int(count)


def flat(suite):
    """The tests of a suite, in the order in which it runs them."""
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from flat(test)
        else:
            yield test


class Loader(unittest.TestLoader):
    """Every COUNT-th test that the names on the command line select."""

    def __init__(self, shard):
        super().__init__()
        self.number, self.count = shard

    def cut(self, suite):
        tests = list(flat(suite))[self.number - 1::self.count]
        if not tests:
            sys.exit(f"shard {self.number}/{self.count} has no test: there are fewer than {self.count}")
        return self.suiteClass(tests)

    def loadTestsFromModule(self, *args, **options):
        return self.cut(super().loadTestsFromModule(*args, **options))

    def loadTestsFromNames(self, *args, **options):
        return self.cut(super().loadTestsFromNames(*args, **options))


def split(argv):
    """(loader, the rest of the command line)"""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--shard", type=one_of, default=(1, 1))
    options, rest = parser.parse_known_args(argv)
    return Loader(options.shard), rest


def main(argv, **options):
    """unittest.main() that knows --shard; argv as there, with the name of the program."""
    loader, rest = split(argv[1:])
    unittest.main(module="__main__", argv=[argv[0], *rest], testLoader=loader, **options)
