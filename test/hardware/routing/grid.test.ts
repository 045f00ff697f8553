import { describe, expect, it } from 'vitest'
import {
  type Grid,
  gridDistance,
  gridNeighbours,
  gridSteps,
  type Position,
} from '../../../src/hardware/routing/grid.js'
import { hexagonalVectors } from '../../../src/hardware/routing/hexagonal-vector.js'

const TOPOLOGIES = ['mesh', 'torus', 'hexagonalTorus', 'crossbar'] as const
const ORDERS = ['xy', 'longestFirst'] as const
const origin = { x: 0, y: 0 }
const board: Grid = { topology: 'hexagonalTorus', columns: 12, rows: 12 }

const placesOf = ({ columns, rows }: Grid): readonly Position[] =>
  Array.from({ length: columns * rows }, (_, k) => ({ x: k % columns, y: Math.floor(k / columns) }))

const nameOf = ({ x, y }: Position) => `${x},${y}`

/** Small grids of every kind, narrow ones and rings among them. */
const grids: readonly Grid[] = TOPOLOGIES.flatMap((topology) =>
  [1, 2, 3, 7].flatMap((columns) => [1, 2, 4, 6].map((rows) => ({ topology, columns, rows }))),
)

describe('a hexagonal torus of 12 x 12', () => {
  it.each([
    [5, 7, 7],
    [11, 11, 1],
    [6, 6, 6],
    [3, 9, 6],
    [1, 11, 2],
    [8, 4, 8],
  ])('(%i, %i) is %i links away', (x, y, links) => {
    expect(gridDistance(board, origin, { x, y })).toBe(links)
  })

  it('has diameter 8 and mean distance 670 / 144, a place from itself included', () => {
    const distances = placesOf(board).map((to) => gridDistance(board, origin, to))
    expect(Math.max(...distances)).toBe(8)
    expect(distances.reduce((sum, links) => sum + links, 0)).toBe(670)
    expect(670 / 144).toBeCloseTo(4.6528, 4)
  })

  it('has 11 offsets with several shortest vectors and 20 others whose longest axis is not the only one', () => {
    const vectors = placesOf(board).map(({ x, y }) => hexagonalVectors(x, y, board))
    const several = vectors.filter(({ length }) => length > 1)
    expect(several).toHaveLength(11)
    const tied = vectors.filter((list) => {
      return list.every(({ x, y, diagonal }) => {
        const links = [x, y, diagonal].map(Math.abs)
        return Math.max(...links) > 0 && links.filter((count) => count === Math.max(...links)).length > 1
      })
    })
    expect(tied).toHaveLength(20)
  })

  it('takes the longest axis first, of equal ones x, then y, then the diagonal', () => {
    const way = (x: number, y: number) =>
      gridSteps(board, 'longestFirst', origin, { x, y }).map(({ direction }) => direction)
    expect(way(1, 3)).toEqual(['north', 'north', 'diagonal'])
    expect(way(4, 2)).toEqual(['east', 'east', 'diagonal', 'diagonal'])
    expect(way(11, 1)).toEqual(['west', 'north'])
    expect(way(6, 6)).toEqual(Array(6).fill('diagonal'))
  })
})

describe('a torus', () => {
  it('of two ways round that are as long takes the one to the east, or to the north', () => {
    const torus: Grid = { topology: 'torus', columns: 4, rows: 6 }
    for (const x of [0, 1, 3])
      expect(gridSteps(torus, 'xy', { x, y: 0 }, { x: (x + 2) % 4, y: 0 }).map(({ direction }) => direction)).toEqual([
        'east',
        'east',
      ])
    for (const y of [0, 2, 5])
      expect(gridSteps(torus, 'xy', { x: 0, y }, { x: 0, y: (y + 3) % 6 }).map(({ direction }) => direction)).toEqual([
        'north',
        'north',
        'north',
      ])
  })
})

/** Where steps lead, each along a link. */
function follow(
  steps: readonly { readonly to: Position }[],
  from: Position,
  linksOf: ReadonlyMap<string, readonly string[]>,
): Position {
  let at = from
  for (const step of steps) {
    if (linksOf.get(nameOf(at))?.includes(nameOf(step.to)) !== true)
      throw new Error(`no link ${nameOf(at)} to ${nameOf(step.to)}`)
    at = step.to
  }
  return at
}

describe('the routes over a grid', () => {
  it('end where they should, along links that there are, as many as the distance, which is that of the way back', () => {
    for (const grid of grids) {
      const linksOf = new Map(
        placesOf(grid).map((place) => [nameOf(place), gridNeighbours(grid, place).map(({ to }) => nameOf(to))]),
      )
      for (const from of [origin, { x: grid.columns - 1, y: grid.rows >> 1 }]) {
        for (const to of placesOf(grid)) {
          for (const order of ORDERS) {
            const steps = gridSteps(grid, order, from, to)
            const at = follow(steps, from, linksOf)
            if (nameOf(at) !== nameOf(to) || steps.length !== gridDistance(grid, from, to))
              throw new Error(`${JSON.stringify(grid)}: ${nameOf(from)} to ${nameOf(to)}`)
          }
          if (gridDistance(grid, from, to) !== gridDistance(grid, to, from)) throw new Error('longer there than back')
        }
      }
    }
  })

  it('are as short as any', () => {
    for (const grid of grids) {
      const links = new Map([[nameOf(origin), 0]])
      const reached: Position[] = [origin]
      for (const place of reached) {
        for (const { to } of gridNeighbours(grid, place)) {
          if (links.has(nameOf(to))) continue
          links.set(nameOf(to), (links.get(nameOf(place)) as number) + 1)
          reached.push(to)
        }
      }
      const distances = placesOf(grid).map((to) => gridDistance(grid, origin, to))
      expect([grid, distances]).toEqual([grid, placesOf(grid).map((to) => links.get(nameOf(to)))])
    }
  })

  it('of one source are a tree that enters every place once', () => {
    for (const grid of [...grids, board]) {
      for (const order of ORDERS) {
        for (const from of [origin, { x: grid.columns >> 1, y: grid.rows - 1 }]) {
          const entered = new Map<string, string>()
          for (const to of placesOf(grid)) {
            let at = nameOf(from)
            for (const step of gridSteps(grid, order, from, to)) {
              const before = entered.get(nameOf(step.to)) ?? at
              if (before !== at)
                throw new Error(`${JSON.stringify(grid)} ${order}: ${nameOf(step.to)} is entered twice`)
              entered.set(nameOf(step.to), at)
              at = nameOf(step.to)
            }
          }
          expect(entered.has(nameOf(from))).toBe(false)
          expect(entered.size).toBe(grid.columns * grid.rows - 1)
        }
      }
    }
  })
})
