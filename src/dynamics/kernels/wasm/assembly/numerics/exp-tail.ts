/**
 * What exp has beyond its tangent at 0.
 *
 *     expTail(r) = e^r - 1 - r = r^2/2 + r^3 q(r)
 *
 * for r in [-0.415, 0.585] ln 2. Twin of src/numerics/exp-tail.ts: the same bits.
 */
export function expTail(r: f64): f64 {
  const r2 = r * r
  const r4 = r2 * r2
  const q01 = 0.16666666666666666 + r * 0.04166666666666748
  const q23 = 0.008333333333336333 + r * 0.0013888888888186977
  const q45 = 0.00019841269833096803 + r * 0.00002480158936428231
  const q67 = 0.000002755731808357872 + r * 2.7554774176138607e-7
  const q89 = 2.5073914122271978e-8 + r * 2.201688598070982e-9
  const q = q01 + r2 * q23 + r4 * (q45 + r2 * q67 + r4 * q89)
  return 0.5 * r2 + r * r2 * q
}
