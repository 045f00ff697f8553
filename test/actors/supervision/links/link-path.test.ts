import { expect, test } from 'vitest'
import { linkPath, linkUrl } from '../../../../src/actors/supervision/links/link-path.js'
import { COORDINATOR } from '../../../../src/streams/links/link-options.js'

test('every link has a path of its own at the side that takes it', () => {
  expect(linkPath(3, 5)).toBe('/3/5')
  expect(linkPath(3, COORDINATOR)).toBe('/3/coordinator')
  expect(linkPath(COORDINATOR, 3)).toBe('/coordinator/3')
})

test.each([
  ['ws://127.0.0.1:4000', 'ws://127.0.0.1:4000/3/5'],
  ['wss://[::1]:4000/', 'wss://[::1]:4000/3/5'],
  ['ws+unix:/run/core-3.sock:/', 'ws+unix:/run/core-3.sock:/3/5'],
])('it follows the address %s', (address, url) => {
  expect(linkUrl(address, 3, 5)).toBe(url)
})
