/** Nodes in (-1, 1) and weights of the Gauss–Legendre rule of order 16, by Newton's iteration. */
const RULE = Array.from({ length: 16 }, (_, k) => {
  let x = Math.cos((Math.PI * (k + 0.75)) / 16.5)
  let slope = 1
  for (let turn = 0; turn < 100; turn++) {
    let [before, value] = [0, 1]
    for (let n = 1; n <= 16; n++) [before, value] = [value, ((2 * n - 1) * x * value - (n - 1) * before) / n]
    slope = (16 * (x * value - before)) / (x * x - 1)
    const step = value / slope
    x -= step
    if (Math.abs(step) < 1e-16) break
  }
  return { x, weight: 2 / ((1 - x * x) * slope * slope) }
})

/** ∫_a^b f over so many panels of 16 points each. */
export function integrate(f: (x: number) => number, a: number, b: number, panels: number): number {
  const half = (b - a) / (2 * panels)
  let sum = 0
  for (let panel = 0; panel < panels; panel++) {
    const middle = a + (2 * panel + 1) * half
    for (const { x, weight } of RULE) sum += weight * f(middle + half * x)
  }
  return half * sum
}
