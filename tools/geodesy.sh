#!/bin/sh
# geodesy.sh -- reference places and lines by GeographicLib's own programs (Debian package
# geographiclib-tools), another implementation than ours: writes corpus/geodesy/reference.txt.
# usage: tools/geodesy.sh >corpus/geodesy/reference.txt
# SPDX-License-Identifier: Apache-2.0
set -eu
echo "# tools/geodesy.sh, $(GeodSolve --version | sed 's/.*GeographicLib/GeographicLib/')"
echo "# place: latitude, longitude (deg), height (m); X, Y, Z (m)"
echo "# line: latitude, longitude, azimuth (deg), length (m); latitude, longitude at its end"
for latitude in -90 -63.1 -0.0001 0 12.5 36.1248 39.2 41.3 89.9999 90; do
    for longitude in -179.9999 -77.5 0 125.6733 180; do
        for height in 0 546000 4.5e6; do
            printf 'place %s %s %s %s\n' $latitude $longitude $height \
                "$(echo $latitude $longitude $height | CartConvert -p 9)"
        done
    done
done
for from in '39.2 125.6733' '39.2 -179.9' '0 0' '-33.3 151.2' '89.5 10'; do
    for azimuth in 0 0.5 72 90 179.5 233 359.9; do
        for length in 1000 430000 2700000 9500000 15000000; do
            printf 'line %s %s %s %s\n' "$from" $azimuth $length \
                "$(echo "$from" $azimuth $length | GeodSolve -p 9 | cut -d ' ' -f 1,2)"
        done
    done
done
