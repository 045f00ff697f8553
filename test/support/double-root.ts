/**
 * Where g comes up to 0 in [low, high], in doubles: Newton's iteration kept inside a shrinking bracket.
 *
 * @param g value and slope; taken to be negative at `low` and not negative at `high`
 */
export function doubleRoot(
  g: (x: number) => readonly [value: number, slope: number],
  low: number,
  high: number,
): number {
  let [a, b] = [low, high]
  let x = (a + b) / 2
  for (let iteration = 0; iteration < 200; iteration++) {
    const [value, slope] = g(x)
    if (value < 0) a = x
    else b = x
    const newton = x - value / slope
    const next = newton > a && newton < b ? newton : (a + b) / 2
    if (Math.abs(next - x) <= 2 ** -52 * Math.abs(next)) return next
    x = next
  }
  return x
}
