/* mains.h -- the entry of each subcommand, for the table in main.c. argv[0] is the
 * subcommand's name; the result is the exit code: 0 done, 1 could not be done, 2 the command
 * line is wrong. Each complaint is one line on stderr.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_MAINS_H
#define WLK_PROGRAMS_MAINS_H

/* A nation: takes plots, tracks, releases, receives, fuses, warns. programs/node.c */
int wlk_node_main(int argc, char *argv[]);

/* The release guard between the nations. programs/hub.c */
int wlk_hub_main(int argc, char *argv[]);

/* Plays a scenario into running nodes; lists the documented launches. programs/rehearse.c */
int wlk_rehearse_main(int argc, char *argv[]);

/* Hub, three nations and a documented launch on this machine. programs/demo.c */
int wlk_demo_main(int argc, char *argv[]);

/* Makes keys; signs, checks, shows, compares, withdraws an arrangement.
 * programs/arrange.c */
int wlk_arrange_main(int argc, char *argv[]);

/* Shows again what nodes have shown, in a browser. programs/serve_main.c */
int wlk_serve_main(int argc, char *argv[]);

/* Rings for a node's alarms, without a browser. programs/watch.c */
int wlk_watch_main(int argc, char *argv[]);

/* Checks journals and decision logs against each other, trusting none.
 * programs/audit_main.c */
int wlk_audit_main(int argc, char *argv[]);

/* Decides again what a hub decided, takes again what a nation took. programs/replay.c */
int wlk_replay_main(int argc, char *argv[]);

/* Says what is wrong with the folder of a nation or hub. programs/doctor.c */
int wlk_doctor_main(int argc, char *argv[]);

/* The whole coalition in one process on a virtual clock, with seeded faults.
 * programs/soak.c */
int wlk_soak_main(int argc, char *argv[]);

/* Draws the decoys of a nation's radars, for shielded releases. programs/decoys.c */
int wlk_decoys_main(int argc, char *argv[]);

/* Writes what releases of every kind partners would see, for tools/attacker.
 * programs/leak.c */
int wlk_leak_main(int argc, char *argv[]);

#endif
