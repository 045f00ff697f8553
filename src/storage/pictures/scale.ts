/** Maps values onto pixels. */
export type Scale = (value: number) => number

export interface Span {
  readonly from: number
  readonly to: number
}

/** The straight line through (domain.from, range.from) and (domain.to, range.to); domain.from ≠ domain.to. */
export function linearScale(domain: Span, range: Span): Scale {
  const slope = (range.to - range.from) / (domain.to - domain.from)
  return (value) => range.from + (value - domain.from) * slope
}

/** Equal ratios take equal room; the domain is positive. */
export function logScale(domain: Span, range: Span): Scale {
  const line = linearScale({ from: Math.log(domain.from), to: Math.log(domain.to) }, range)
  return (value) => line(Math.log(value))
}
