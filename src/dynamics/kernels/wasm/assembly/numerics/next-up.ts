/** The next double above a number that is not negative. */
export function nextUp(x: f64): f64 {
  return reinterpret<f64>(reinterpret<u64>(x) + 1)
}
