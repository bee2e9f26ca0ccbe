/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The USB device behind a tty, by sysfs, and its attribute `authorized` (the kernel's
 * Documentation/usb/authorization.rst): 0 takes all drivers off the device, 1 sets it up as if it
 * had just been plugged in, which restarts the conversation with a module that hangs on the bus.
 */
#ifndef BINHYEN_RELAY_USB_DEVICE_H
#define BINHYEN_RELAY_USB_DEVICE_H

#include "daemon/base/err.h"

#include <stdbool.h>

#define USB_PATH_MAX 512

/*
 * device: path of the tty, links are followed. ret_path: the directory of the USB device under
 * `sysfs` ("/sys"), which stays the same as long as the modem is in its socket. ERR_NOT_FOUND: the
 * tty is not there, or hangs on no USB.
 */
MUST_CHECK
enum err usb_device_find(const char *sysfs, const char *device, char ret_path[USB_PATH_MAX]);
/* May this process take it off the bus? */
bool usb_device_is_ours(const char *path);
/* Takes as long as the kernel talks to the device, which may be some 10 s: not for the loop.
 * DENIED, NOT_FOUND (it was pulled out), IO. */
MUST_CHECK
enum err usb_device_authorize(const char *path, bool is_on);

#endif
