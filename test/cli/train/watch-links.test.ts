import { expect, test } from 'vitest'
import type { CoreTraffic } from '../../../src/actors/open-cluster.js'
import { watchLinks } from '../../../src/cli/train/watch-links.js'

const WORKERS = [
  { core: 0, kind: 'process' as const, id: 10 },
  { core: 1, kind: 'process' as const, id: 11 },
]

function watch(workers = WORKERS) {
  let asked = 0
  let now = 0
  let reply: (traffic: readonly CoreTraffic[] | Error) => void = () => undefined
  const shown: (readonly CoreTraffic[])[] = []
  const session = {
    workers,
    traffic: () =>
      new Promise<readonly CoreTraffic[]>((resolve, reject) => {
        asked++
        reply = (traffic) => (traffic instanceof Error ? reject(traffic) : resolve(traffic))
      }),
  }
  const links = watchLinks(
    session,
    (traffic) => shown.push(traffic),
    () => now,
  )
  return {
    links,
    shown,
    asked: () => asked,
    wait: (seconds: number) => {
      now += seconds
    },
    reply: async (traffic: readonly CoreTraffic[] | Error) => {
      reply(traffic)
      await new Promise(setImmediate)
    },
  }
}

test('a glance asks at most once a second, and never twice at once', async () => {
  const { links, asked, wait, reply, shown } = watch()
  links.glance()
  expect(asked()).toBe(0)
  wait(1)
  links.glance()
  wait(5)
  links.glance()
  expect(asked()).toBe(1)
  await reply([])
  expect(shown).toEqual([[]])
  links.glance()
  expect(asked()).toBe(1)
  wait(1)
  links.glance()
  expect(asked()).toBe(2)
})

test('a glance that fails is nobody else’s failure; a look that fails is', async () => {
  const { links, wait, reply, shown } = watch()
  wait(2)
  links.glance()
  await reply(new Error('lost'))
  const looking = links.look()
  await Promise.all([expect(looking).rejects.toThrow('lost'), reply(new Error('lost'))])
  expect(shown).toEqual([])
})

test.each([[[]], [WORKERS.slice(1)]])('without a link nobody is asked', async (workers) => {
  const { links, asked, wait } = watch(workers)
  wait(9)
  links.glance()
  await links.look()
  expect(asked()).toBe(0)
})
