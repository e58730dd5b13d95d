#!/usr/bin/env python3
# tally.py -- counts the single checks in a test log of meson; python3 comes with meson.
#
# A test that crashed, ran out of time, printed no plan, or made another number of checks than
# its plan says, counts as one more failure: no lost check hides. So does a test that is in
# the build but not in the log.
# usage: tools/tally.py BUILD/meson-logs/testlog.json [COUNT OF TESTS IN THE BUILD]
# SPDX-License-Identifier: Apache-2.0
import json
import re
import sys

CHECK = re.compile(r"(not )?ok\b(.*)")
PLAN = re.compile(r"1\.\.(\d+)\b(\s*#\s*skip)?", re.I)


def count(text):
    """passed, failed, skipped, planned (None if there is no plan), failing lines"""
    passed = failed = skipped = 0
    planned = None
    faults = []
    keeping = False
    for line in text.splitlines():
        check = CHECK.match(line)
        plan = PLAN.match(line)
        if plan:
            planned = int(plan.group(1))
            skipped += 1 if plan.group(2) else 0
        elif check and check.group(1):
            failed += 1
            faults.append(line)
        elif check and re.search(r"#\s*skip", check.group(2), re.I):
            skipped += 1
        elif check:
            passed += 1
        elif keeping and line.startswith("#"):
            faults.append(line)
        keeping = bool(check and check.group(1)) or (keeping and line.startswith("#"))
        if line.startswith("Bail out!"):
            faults.append(line)
    return passed, failed, skipped, planned, faults


def complaint(test, seen, failed, planned):
    """why a test is not to be trusted beyond its own failing checks, or None"""
    code = test.get("returncode", 0)
    if test["result"] == "TIMEOUT":
        return "ran out of time"
    if code < 0 or code >= 126:
        return "crashed (exit code %d)" % code
    if planned is None:
        return "printed no plan: it ended early"
    if planned != seen:
        return "planned %d checks and made %d" % (planned, seen)
    if failed == 0 and (code != 0 or test["result"] not in ("OK", "SKIP")):
        return "failed outside its checks (%s, exit code %d)" % (test["result"], code)
    return None


def main():
    total = [0, 0, 0]
    tests = 0
    try:
        with open(sys.argv[1], encoding="utf-8", errors="replace") as log:
            lines = [json.loads(line) for line in log if line.strip()]
    except (OSError, ValueError, IndexError) as reason:
        print("no test log: %s" % reason)
        lines = []
    for test in lines:
        tests += 1
        passed, failed, skipped, planned, faults = count(test.get("stdout") or "")
        why = complaint(test, passed + failed + skipped, failed, planned)
        if failed or why:
            print("\n%s" % test["name"])
            for line in faults:
                print("  " + line)
            if why:
                print("  " + why)
                for line in (test.get("stderr") or test.get("stdout") or "").splitlines()[-12:]:
                    print("  | " + line)
        total[0] += passed
        total[1] += failed + (1 if why else 0)
        total[2] += skipped
    wanted = int(sys.argv[2]) if len(sys.argv) > 2 else max(tests, 1)
    if tests < max(wanted, 1):
        print("%d of %d tests did not run" % (max(wanted, 1) - tests, max(wanted, 1)))
        total[1] += max(wanted, 1) - tests
    print()
    print("%d passed, %d failed%s" % (total[0], total[1],
                                      ", %d skipped" % total[2] if total[2] else ""))
    return 1 if total[1] else 0


sys.exit(main())
