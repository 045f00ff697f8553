import { expect, test } from 'vitest'
import { formatTraffic } from '../../../src/cli/train/traffic-table.js'
import { trafficSplit } from '../../support/link-traffic.js'

const flow = (spikes: number, gradientEvents: number, bytes: number) => ({
  ...{ spikes, gradientEvents, messages: 1, bytes },
  split: trafficSplit({ spikes, gradients: gradientEvents }),
})

test('a link is one row, with the core of the lower number on the left', () => {
  const text = formatTraffic([
    { core: 2, peer: 0, sent: flow(7, 8, 900), received: flow(5, 6, 1000) },
    { core: 1, peer: 0, sent: flow(0, 40, 400), received: flow(40, 0, 300) },
    { core: 0, peer: 2, sent: flow(5, 6, 1000), received: flow(7, 8, 900) },
    { core: 0, peer: 1, sent: flow(40, 0, 300), received: flow(0, 40, 400) },
  ])
  expect(text).toBe(
    [
      'link             spikes ->  <-  gradient events ->  <-  bytes ->   <-',
      'core 0 - core 1         40   0                   0  40       300  400',
      'core 0 - core 2          5   7                   6   8      1000  900',
      '',
    ].join('\n'),
  )
})
