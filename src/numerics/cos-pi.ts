/**
 * The cosine of a number of half turns.
 *
 *     cosPi(x) = cos(pi x)
 *
 * Folds x into [0, 1/2] by subtractions that are exact, then sums the series of cos up to 1/4 and of sin beyond it. Within
 * 2 ulp; 0 exactly at the odd halves. The same bits on every machine; NaN for what is not finite.
 */
export function cosPi(x: number): number {
  if (!Number.isFinite(x)) return Number.NaN
  const turned = Math.abs(x - 2 * Math.floor(x / 2 + 0.5))
  const folded = turned > 0.5 ? 1 - turned : turned
  const value = folded <= 0.25 ? cosSeries(Math.PI * folded) : sinSeries(Math.PI * (0.5 - folded))
  return turned > 0.5 ? -value : value
}

/** 1 - z^2/2! + z^4/4! - … for z in [0, pi/4]. */
function cosSeries(z: number): number {
  const s = z * z
  const tail =
    1 / 24 +
    s *
      (-1 / 720 +
        s *
          (1 / 40320 +
            s *
              (-1 / 3628800 +
                s * (1 / 479001600 + s * (-1 / 87178291200 + s * (1 / 20922789888000 - s / 6402373705728000))))))
  return 1 - (s / 2 - s * s * tail)
}

/** z - z^3/3! + z^5/5! - … for z in [0, pi/4]. */
function sinSeries(z: number): number {
  const s = z * z
  const tail =
    -1 / 6 +
    s *
      (1 / 120 +
        s *
          (-1 / 5040 +
            s *
              (1 / 362880 +
                s * (-1 / 39916800 + s * (1 / 6227020800 + s * (-1 / 1307674368000 + s / 355687428096000))))))
  return z + z * s * tail
}
