import { expect, test } from 'vitest'
import { drawLinkSecrets } from '../../../../src/actors/supervision/links/link-secrets.js'
import { COORDINATOR } from '../../../../src/streams/links/link-options.js'

const SIDES = [COORDINATOR, 0, 1, 2, 12, 21]

test('both ends of a link know the same secret, which no other link has', () => {
  const secrets = drawLinkSecrets()
  const links = SIDES.flatMap((one, place) => SIDES.slice(place + 1).map((other) => [one, other] as const))
  for (const [one, other] of links) expect(secrets.of(one, other)).toBe(secrets.of(other, one))
  expect(new Set(links.map(([one, other]) => secrets.of(one, other))).size).toBe(links.length)
})

test('every cluster has its own', () => {
  expect(drawLinkSecrets().of(0, 1)).not.toBe(drawLinkSecrets().of(0, 1))
})

test('a side is told those of its links', () => {
  const secrets = drawLinkSecrets()
  expect(secrets.held([3, 5])).toEqual([
    { core: 3, secret: secrets.of(COORDINATOR, 3) },
    { core: 5, secret: secrets.of(COORDINATOR, 5) },
  ])
  expect(secrets.towards(3, [0, 5])).toEqual([
    { peer: 0, secret: secrets.of(0, 3) },
    { peer: 5, secret: secrets.of(3, 5) },
  ])
})
