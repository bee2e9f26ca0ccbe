# SPDX-License-Identifier: GPL-2.0-or-later
"""The parts of `--gateway`: Binhyen's modem gateway beside the programs that others use for the same work."""
