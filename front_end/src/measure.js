/* Measures what a reader draws as the reports measure it: on the CGCS2000 ellipsoid, edges straight on the plane of the
   working CRS. `frame` is that plane (a transverse Mercator), or null where the CRS is of another kind: edges are then
   straight in degrees. Lines and rings are lists of [longitude, latitude] in degrees; rings need not be closed.

   Area is the flat area weighted with the ground's square metres to a flat unit, by Green's theorem: between an edge and
   the upright line through the middle of its ring lies a strip, and the strips add up to the ring. Length is the flat
   length weighted with the ground's metres to a flat unit along each edge, so it is that of the straight edge itself, not
   of its chords. Gauss's points integrate both; no edge needs vertices in between. */

/** @import { LonLat, Plane } from "./types" */

/**
 * A plane to measure on: `unit` is about the metres of one of its units, `of` where a place lies on it, `metres` what one
 * unit east and one unit north of a spot are on the ground.
 * @typedef {{
 *   unit: number,
 *   of: (lon: number, lat: number) => [number, number],
 *   metres: (x: number, y: number) => [number, number],
 *   back: (x: number, y: number) => LonLat,
 * }} Flat
 */

const DEGREE = Math.PI / 180;
// CGCS2000 (GB 22021). UTM lies on WGS 84, whose areas differ by 3e-11 of themselves.
const A = 6378137;
const RF = 298.257222101;
/** What is smaller than this is a parcel to the integration, not a province. */
const SMALL_M = 2000;

/** Krueger's coefficients from the ellipsoid to the plane and back, as Karney (2011) gives them. */
const THERE = [
  [1 / 2, -2 / 3, 5 / 16, 41 / 180, -127 / 288, 7891 / 37800],
  [13 / 48, -3 / 5, 557 / 1440, 281 / 630, -1983433 / 1935360],
  [61 / 240, -103 / 140, 15061 / 26880, 167603 / 181440],
  [49561 / 161280, -179 / 168, 6601661 / 7257600],
  [34729 / 80640, -3418889 / 1995840],
  [212378941 / 319334400],
];
const BACK = [
  [1 / 2, -2 / 3, 37 / 96, -1 / 360, -81 / 512, 96199 / 604800],
  [1 / 48, 1 / 15, -437 / 1440, 46 / 105, -1118711 / 3870720],
  [17 / 480, -37 / 840, -209 / 4480, 5569 / 90720],
  [4397 / 161280, -11 / 504, -830251 / 7257600],
  [4583 / 161280, -108847 / 3991680],
  [20648693 / 638668800],
];

/**
 * Gauss's points from 0 to 1 with their weights: two hold a parcel's curvature to 1e-15, five that of a province.
 * @typedef {[at: number, weight: number][]} Spots
 */
const FEW = gauss([[1 / Math.sqrt(3), 1]]);
const MANY = gauss([
  [0, 128 / 225],
  [Math.sqrt(5 - 2 * Math.sqrt(10 / 7)) / 3, (322 + 13 * Math.sqrt(70)) / 900],
  [Math.sqrt(5 + 2 * Math.sqrt(10 / 7)) / 3, (322 - 13 * Math.sqrt(70)) / 900],
]);

/** @param {Plane | null} frame */
export function measurer(frame) {
  const flat = frame ? transverse(frame) : straight();
  /**
   * Coordinates in the working CRS; null where the page does not know its plane.
   * @param {number} lon
   * @param {number} lat
   * @returns {[number, number] | null}
   */
  function plane(lon, lat) {
    if (!frame) {
      return null;
    }
    const [x, y] = flat.of(lon, lat);
    return [x + frame.east0, y + frame.north0];
  }
  return {
    rule: frame ? "plane" : "degrees",
    /** @param {LonLat[]} ring */
    area: (ring) => area(ring, flat),
    /** @param {LonLat[]} line */
    length: (line) => length(line, flat),
    plane,
    /** @type {(x: number, y: number) => LonLat | null} */
    degrees: (x, y) => (frame ? flat.back(x - frame.east0, y - frame.north0) : null),
  };
}

/**
 * @param {LonLat[]} ring
 * @param {Flat} flat
 */
function area(ring, flat) {
  if (ring.length < 3) {
    return 0;
  }
  const points = ring.map(([lon, lat]) => flat.of(lon, lat));
  const [west, east, south, north] = boundsOf(points);
  const middle = (west + east) / 2;
  const inner = spots(Math.max(east - west, north - south), flat);
  let whole = 0;
  points.forEach((to, at) => {
    whole += strip(points[at ? at - 1 : points.length - 1], to, middle, inner, flat);
  });
  return Math.abs(whole);
}

/**
 * Return the signed area between an edge and the upright line through `middle`.
 * @param {[number, number]} from
 * @param {[number, number]} to
 * @param {number} middle
 * @param {Spots} inner
 * @param {Flat} flat
 */
function strip([fromX, fromY], [toX, toY], middle, inner, flat) {
  let whole = 0;
  for (const [along, weight] of inner) {
    const reach = fromX - middle + along * (toX - fromX);
    const height = fromY + along * (toY - fromY);
    for (const [across, share] of inner) {
      const [east, north] = flat.metres(middle + across * reach, height);
      whole += weight * share * east * north * reach * (toY - fromY);
    }
  }
  return whole;
}

/**
 * @param {LonLat[]} line
 * @param {Flat} flat
 */
function length(line, flat) {
  const points = line.map(([lon, lat]) => flat.of(lon, lat));
  let whole = 0;
  points.slice(1).forEach(([toX, toY], at) => {
    const [fromX, fromY] = points[at];
    const x = toX - fromX;
    const y = toY - fromY;
    for (const [along, weight] of spots(Math.hypot(x, y), flat)) {
      const [east, north] = flat.metres(fromX + along * x, fromY + along * y);
      whole += weight * Math.hypot(x * east, y * north);
    }
  });
  return whole;
}

/** @param {[number, number][]} points */
function boundsOf(points) {
  return points.reduce(
    ([west, east, south, north], [x, y]) => [
      Math.min(west, x),
      Math.max(east, x),
      Math.min(south, y),
      Math.max(north, y),
    ],
    [Infinity, -Infinity, Infinity, -Infinity],
  );
}

/**
 * @param {number} extent
 * @param {Flat} flat
 */
function spots(extent, flat) {
  return extent * flat.unit < SMALL_M ? FEW : MANY;
}

/**
 * @param {[at: number, weight: number][]} pairs points from -1 to 1, those at or above 0
 * @returns {Spots}
 */
function gauss(pairs) {
  return pairs.flatMap(([at, weight]) => (at ? [-at, at] : [0]).map((one) => [(1 + one) / 2, weight / 2]));
}

/**
 * The degrees themselves as a plane.
 * @returns {Flat}
 */
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
    back: (x, y) => [x, y],
  };
}

/**
 * The plane of a transverse Mercator by Krueger's series to n^6: exact to nanometres. Its origin is kept out of the sums,
 * for a zone's number in the easting costs two digits.
 * @param {Plane} frame
 * @returns {Flat}
 */
function transverse({ lon0, lat0, k0, a, rf }) {
  const f = 1 / rf;
  const n = f / (2 - f);
  const e2 = f * (2 - f);
  const radius = ((k0 * a) / (1 + n)) * (1 + n ** 2 / 4 + n ** 4 / 64 + n ** 6 / 256);
  const there = series(THERE, n);
  const back = series(BACK, n);
  const start = radius * rise(lat0, e2, there);

  /** @type {Flat["of"]} */
  function of(lon, lat) {
    const tangent = conformal(Math.tan(lat * DEGREE), e2);
    const angle = (lon - lon0) * DEGREE;
    const xi = Math.atan2(tangent, Math.cos(angle));
    const eta = Math.asinh(Math.sin(angle) / Math.hypot(tangent, Math.cos(angle)));
    let y = xi;
    let x = eta;
    there.forEach((factor, at) => {
      const turn = 2 * (at + 1);
      y += factor * Math.sin(turn * xi) * Math.cosh(turn * eta);
      x += factor * Math.cos(turn * xi) * Math.sinh(turn * eta);
    });
    return [radius * x, radius * y - start];
  }

  /**
   * Return the longitude from the central meridian, the tangent of the latitude, and the scale there.
   * @param {number} x
   * @param {number} y
   */
  function place(x, y) {
    const { xi, eta, stretch } = unrolled((y + start) / radius, x / radius, back);
    const across = Math.sinh(eta);
    const up = Math.cos(xi);
    const wanted = Math.sin(xi) / Math.hypot(across, up);
    const angle = Math.atan2(across, up);
    const tangent = latitude(wanted, e2);
    const bend = Math.sqrt(1 + tangent ** 2 - e2 * tangent ** 2);
    const scale = ((radius / a / stretch) * bend) / Math.hypot(wanted, Math.cos(angle));
    return { angle, tangent, scale };
  }

  return {
    unit: 1,
    of,
    metres: (x, y) => {
      const ground = 1 / place(x, y).scale;
      return [ground, ground];
    },
    back: (x, y) => {
      const { angle, tangent } = place(x, y);
      return [lon0 + angle / DEGREE, Math.atan(tangent) / DEGREE];
    },
  };
}

/**
 * Return the factors of a series for an ellipsoid whose third flattening is `n`.
 * @param {number[][]} rows
 * @param {number} n
 */
function series(rows, n) {
  return rows.map((row, at) => row.reduceRight((sum, factor) => (sum + factor) * n, 0) * n ** at);
}

/**
 * Return the tangent of the conformal latitude.
 * @param {number} tangent
 * @param {number} e2
 */
function conformal(tangent, e2) {
  const e = Math.sqrt(e2);
  const secant = Math.hypot(1, tangent);
  const s = Math.sinh(e * Math.atanh((e * tangent) / secant));
  return tangent * Math.hypot(1, s) - s * secant;
}

/**
 * Return the tangent of the latitude whose conformal tangent is `wanted`.
 * @param {number} wanted
 * @param {number} e2
 */
function latitude(wanted, e2) {
  let tangent = wanted / (1 - e2);
  for (let turn = 0; turn < 5; turn += 1) {
    const got = conformal(tangent, e2);
    const slope = ((1 - e2) * Math.hypot(1, tangent) * Math.hypot(1, got)) / (1 + (1 - e2) * tangent ** 2);
    const step = (wanted - got) / slope;
    tangent += step;
    // The next step would be the square of this one.
    if (Math.abs(step) < 1e-9 * Math.hypot(1, tangent)) {
      break;
    }
  }
  return tangent;
}

/**
 * Return how far a latitude lies from the equator on the central meridian, in units of the rectifying radius.
 * @param {number} lat
 * @param {number} e2
 * @param {number[]} there
 */
function rise(lat, e2, there) {
  const xi = Math.atan(conformal(Math.tan(lat * DEGREE), e2));
  return there.reduce((sum, factor, at) => sum + factor * Math.sin(2 * (at + 1) * xi), xi);
}

/**
 * Take the series back from a spot of the plane; `stretch` is what its derivative stretches there.
 * @param {number} north
 * @param {number} east
 * @param {number[]} back
 */
function unrolled(north, east, back) {
  let xi = north;
  let eta = east;
  let real = 1;
  let imaginary = 0;
  back.forEach((factor, at) => {
    const turn = 2 * (at + 1);
    const sine = Math.sin(turn * north);
    const cosine = Math.cos(turn * north);
    const sinh = Math.sinh(turn * east);
    const cosh = Math.cosh(turn * east);
    xi -= factor * sine * cosh;
    eta -= factor * cosine * sinh;
    real -= turn * factor * cosine * cosh;
    imaginary += turn * factor * sine * sinh;
  });
  return { xi, eta, stretch: Math.hypot(real, imaginary) };
}
