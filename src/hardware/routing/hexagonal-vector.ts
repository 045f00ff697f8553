/** Links along the three axes of a hexagonal torus: (1, 0), (0, 1) and the diagonal (1, 1); negative ones go the other way. */
export interface HexagonalVector {
  readonly x: number
  readonly y: number
  readonly diagonal: number
}

/**
 * The least links from a place to the one (dx, dy) further.
 *
 *     (X, Y, 0) - median(X, Y, 0)     of X in {dx + i columns}, Y in {dy + j rows}, i and j any integers
 *
 * whose third entry counts steps of (-1, -1). Of several shortest ones the first is taken in the order of x, then y.
 *
 * Source: SpiNNaker's longest dimension first routing; Navaridas et al., "SpiNNaker: enhanced multicast routing", 2015.
 */
export function hexagonalVector(
  dx: number,
  dy: number,
  { columns, rows }: { readonly columns: number; readonly rows: number },
): HexagonalVector {
  const [least] = hexagonalVectors(dx, dy, { columns, rows })
  return least ?? { x: 0, y: 0, diagonal: 0 }
}

/** All shortest vectors, in the order in which they are preferred. */
export function hexagonalVectors(
  dx: number,
  dy: number,
  { columns, rows }: { readonly columns: number; readonly rows: number },
): readonly HexagonalVector[] {
  const vectors: HexagonalVector[] = []
  for (const X of around(dx, columns, rows)) {
    for (const Y of around(dy, rows, columns)) {
      const median = Math.max(Math.min(X, Y), Math.min(Math.max(X, Y), 0))
      // 0 + … keeps -0 out.
      vectors.push({ x: X - median, y: Y - median, diagonal: 0 + median })
    }
  }
  const least = Math.min(...vectors.map(lengthOf))
  const shortest = vectors.filter((vector) => lengthOf(vector) === least)
  const isFirst = (vector: HexagonalVector, k: number) =>
    shortest.findIndex(({ x, y, diagonal }) => x === vector.x && y === vector.y && diagonal === vector.diagonal) === k
  return shortest.filter(isFirst).sort((a, b) => a.x - b.x || a.y - b.y)
}

function lengthOf({ x, y, diagonal }: HexagonalVector): number {
  return Math.abs(x) + Math.abs(y) + Math.abs(diagonal)
}

/**
 * Every offset that leads to the same place and may be on a shortest way: along the diagonal a narrow torus is gone around
 * often.
 */
function around(offset: number, size: number, other: number): readonly number[] {
  const often = Math.ceil(other / (2 * size)) + 1
  return Array.from({ length: 2 * often + 1 }, (_, k) => (offset % size) + (k - often) * size)
}
