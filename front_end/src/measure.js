/* Measures what a reader draws as the reports measure it: on the CGCS2000 ellipsoid, edges straight on the plane of the
   working CRS. `frame` is that plane (a transverse Mercator), or null where the CRS is of another kind: edges are then
   straight in degrees. Lines and rings are lists of [longitude, latitude] in degrees; rings need not be closed.

   Area is the flat area weighted with the ground's square metres to a flat unit, by Green's theorem: between an edge and
   the upright line through the middle of its ring lies a strip, and the strips add up to the ring. Length is the flat
   length weighted with the ground's metres to a flat unit along each edge, so it is that of the straight edge itself, not
   of its chords. Gauss's points integrate both; no edge needs vertices in between. */
export function measurer(frame) {
  const DEGREE = Math.PI / 180;
  // CGCS2000 (GB 22021). UTM lies on WGS 84, whose areas differ by 3e-11 of themselves.
  const A = 6378137;
  const RF = 298.257222101;
  const SMALL_M = 2000;
  const flat = frame ? transverse(frame) : straight();

  /* The degrees themselves as a plane. */
  function straight() {
    const e2 = (2 - 1 / RF) / RF;
    return {
      unit: A * DEGREE,
      of: (lon, lat) => [lon, lat],
      metres: (_x, y) => {
        const sine = Math.sin(y * DEGREE);
        const w2 = 1 - e2 * sine * sine;
        const normal = (A / Math.sqrt(w2)) * DEGREE;
        return [normal * Math.cos(y * DEGREE), (normal * (1 - e2)) / w2];
      },
    };
  }

  /* The plane of a transverse Mercator by Krueger's series to n^6, as Karney (2011) gives them: exact to nanometres. Its
     origin is kept out of the sums, for a zone's number in the easting costs two digits. */
  function transverse({ lon0, lat0, k0, a, rf }) {
    const f = 1 / rf;
    const n = f / (2 - f);
    const e2 = f * (2 - f);
    const e = Math.sqrt(e2);
    const radius = ((k0 * a) / (1 + n)) * (1 + n ** 2 / 4 + n ** 4 / 64 + n ** 6 / 256);
    function series(rows) {
      return rows.map((row, at) => row.reduceRight((sum, one) => (sum + one) * n, 0) * n ** at);
    }
    const there = series([
      [1 / 2, -2 / 3, 5 / 16, 41 / 180, -127 / 288, 7891 / 37800],
      [13 / 48, -3 / 5, 557 / 1440, 281 / 630, -1983433 / 1935360],
      [61 / 240, -103 / 140, 15061 / 26880, 167603 / 181440],
      [49561 / 161280, -179 / 168, 6601661 / 7257600],
      [34729 / 80640, -3418889 / 1995840],
      [212378941 / 319334400],
    ]);
    const back = series([
      [1 / 2, -2 / 3, 37 / 96, -1 / 360, -81 / 512, 96199 / 604800],
      [1 / 48, 1 / 15, -437 / 1440, 46 / 105, -1118711 / 3870720],
      [17 / 480, -37 / 840, -209 / 4480, 5569 / 90720],
      [4397 / 161280, -11 / 504, -830251 / 7257600],
      [4583 / 161280, -108847 / 3991680],
      [20648693 / 638668800],
    ]);

    /* Tangent of the conformal latitude. */
    function conformal(tangent) {
      const secant = Math.hypot(1, tangent);
      const s = Math.sinh(e * Math.atanh((e * tangent) / secant));
      return tangent * Math.hypot(1, s) - s * secant;
    }
    function latitude(wanted) {
      let tangent = wanted / (1 - e2);
      for (let turn = 0; turn < 5; turn += 1) {
        const got = conformal(tangent);
        const step =
          ((wanted - got) * (1 + (1 - e2) * tangent ** 2)) / ((1 - e2) * Math.hypot(1, tangent) * Math.hypot(1, got));
        tangent += step;
        if (Math.abs(step) < 1e-9 * Math.hypot(1, tangent)) {
          break;
        } // the next would be its square
      }
      return tangent;
    }
    function rise(lat) {
      const xi = Math.atan(conformal(Math.tan(lat * DEGREE)));
      return radius * there.reduce((sum, one, at) => sum + one * Math.sin(2 * (at + 1) * xi), xi);
    }
    const start = rise(lat0);

    function of(lon, lat) {
      const t = conformal(Math.tan(lat * DEGREE));
      const angle = (lon - lon0) * DEGREE;
      const xi = Math.atan2(t, Math.cos(angle));
      const eta = Math.asinh(Math.sin(angle) / Math.hypot(t, Math.cos(angle)));
      let y = xi;
      let x = eta;
      there.forEach((one, at) => {
        const turn = 2 * (at + 1);
        y += one * Math.sin(turn * xi) * Math.cosh(turn * eta);
        x += one * Math.cos(turn * xi) * Math.sinh(turn * eta);
      });
      return [radius * x, radius * y - start];
    }

    /* Longitude from the central meridian and tangent of latitude, with the scale there. */
    function place(x, y) {
      const north = (y + start) / radius;
      const east = x / radius;
      let xi = north;
      let eta = east;
      let real = 1;
      let imaginary = 0;
      back.forEach((one, at) => {
        const turn = 2 * (at + 1);
        const sine = Math.sin(turn * north);
        const cosine = Math.cos(turn * north);
        const sinh = Math.sinh(turn * east);
        const cosh = Math.cosh(turn * east);
        xi -= one * sine * cosh;
        eta -= one * cosine * sinh;
        real -= turn * one * cosine * cosh;
        imaginary += turn * one * sine * sinh;
      });
      const across = Math.sinh(eta);
      const up = Math.cos(xi);
      const t = Math.sin(xi) / Math.hypot(across, up);
      const angle = Math.atan2(across, up);
      const tangent = latitude(t);
      const secant2 = 1 + tangent ** 2;
      const scale =
        ((radius / a / Math.hypot(real, imaginary)) * Math.sqrt(secant2 - e2 * tangent ** 2)) /
        Math.hypot(t, Math.cos(angle));
      return { angle, tangent, scale };
    }
    return {
      unit: 1,
      of,
      metres: (x, y) => {
        const one = 1 / place(x, y).scale;
        return [one, one];
      },
      back: (x, y) => {
        const { angle, tangent } = place(x, y);
        return [lon0 + angle / DEGREE, Math.atan(tangent) / DEGREE];
      },
    };
  }

  /* Gauss's points from 0 to 1 with their weights: two hold a parcel's curvature to 1e-15, five that of a province. */
  const few = gauss([[1 / Math.sqrt(3), 1]]);
  const many = gauss([
    [0, 128 / 225],
    [Math.sqrt(5 - 2 * Math.sqrt(10 / 7)) / 3, (322 + 13 * Math.sqrt(70)) / 900],
    [Math.sqrt(5 + 2 * Math.sqrt(10 / 7)) / 3, (322 - 13 * Math.sqrt(70)) / 900],
  ]);
  function gauss(pairs) {
    return pairs.flatMap(([at, weight]) => (at ? [-at, at] : [0]).map((one) => [(1 + one) / 2, weight / 2]));
  }
  function spots(extent) {
    return extent * flat.unit < SMALL_M ? few : many;
  }

  function area(ring) {
    if (ring.length < 3) {
      return 0;
    }
    const points = ring.map(([lon, lat]) => flat.of(lon, lat));
    const [x0, x1, y0, y1] = points.reduce(
      ([west, east, south, north], [x, y]) => [
        Math.min(west, x),
        Math.max(east, x),
        Math.min(south, y),
        Math.max(north, y),
      ],
      [Infinity, -Infinity, Infinity, -Infinity],
    );
    const middle = [(x0 + x1) / 2, (y0 + y1) / 2];
    const inner = spots(Math.max(x1 - x0, y1 - y0));
    let whole = 0;
    points.forEach(([toX, toY], at) => {
      const [fromX, fromY] = points[at ? at - 1 : points.length - 1];
      for (const [along, weight] of inner) {
        const reach = fromX - middle[0] + along * (toX - fromX);
        const height = fromY + along * (toY - fromY);
        for (const [across, share] of inner) {
          const [east, north] = flat.metres(middle[0] + across * reach, height);
          whole += weight * share * east * north * reach * (toY - fromY);
        }
      }
    });
    return Math.abs(whole);
  }

  function length(line) {
    const points = line.map(([lon, lat]) => flat.of(lon, lat));
    let whole = 0;
    points.slice(1).forEach(([toX, toY], at) => {
      const [fromX, fromY] = points[at];
      const x = toX - fromX;
      const y = toY - fromY;
      for (const [along, weight] of spots(Math.hypot(x, y))) {
        const [east, north] = flat.metres(fromX + along * x, fromY + along * y);
        whole += weight * Math.hypot(x * east, y * north);
      }
    });
    return whole;
  }

  /* Coordinates in the working CRS and back; null where the page does not know its plane. */
  function plane(lon, lat) {
    if (!frame) {
      return null;
    }
    const [x, y] = flat.of(lon, lat);
    return [x + frame.east0, y + frame.north0];
  }
  function degrees(x, y) {
    return frame ? flat.back(x - frame.east0, y - frame.north0) : null;
  }

  return { rule: frame ? "plane" : "degrees", area, length, plane, degrees };
}
