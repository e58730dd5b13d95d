/* pulse.h -- does a process still do anything? Asked from outside, so that it need not answer.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_PULSE_H
#define WLK_PROGRAMS_PULSE_H

#include <stdint.h>
#include <sys/types.h>

/* How often a process has waited of its own will (Linux: voluntary context switches). One that
 * works in a loop of poll waits many times a second; one that is stopped, spins or waits for
 * what never comes does not. 0: it cannot be told, or there is none. */
uint64_t wlk_pulse(pid_t process);

#endif
