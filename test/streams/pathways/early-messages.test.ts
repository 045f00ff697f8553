import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MOST_MICRO_BATCHES } from '../../../src/events/trial-range.js'
import type { Link } from '../../../src/streams/link.js'
import type { StreamMessage } from '../../../src/streams/message.js'
import { type Arrived, createEarlyMessages } from '../../../src/streams/pathways/early-messages.js'

const LINKS = ['a', 'b'].map((name) => ({ name }) as Link)

const vector = (run: number, stream: number): StreamMessage => ({
  kind: 'vector',
  run,
  stream,
  values: Float64Array.of(run, stream),
})

test('what waits is what came of the last two runs of each link, and of none that is over', () => {
  const event = fc.oneof(
    { weight: 4, arbitrary: fc.record({ link: fc.nat(1), run: fc.integer({ min: 1, max: 12 }) }) },
    fc.record({ begin: fc.integer({ min: 1, max: 12 }) }),
  )
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      const dropped: Arrived[] = []
      const early = createEarlyMessages((arrived) => dropped.push(arrived))
      let model: Arrived[] = []
      const gone: Arrived[] = []
      /** In the order in which they first brought something early. */
      const links: Link[] = []
      let stream = 0
      let begun = 0
      const leave = (isLeft: (arrived: Arrived) => boolean) => {
        gone.push(...model.filter(isLeft))
        model = model.filter((arrived) => !isLeft(arrived))
      }
      const runsOf = (link: Link) => [...new Set(model.filter((each) => each.link === link).map(runOf))]
      for (const happened of events)
        if ('begin' in happened) {
          if (happened.begin <= begun) continue
          begun = happened.begin
          const taken = early.take(begun)
          expect(taken).toEqual(
            links.flatMap((link) => model.filter((each) => each.link === link && runOf(each) === begun)),
          )
          model = model.filter((each) => runOf(each) !== begun)
          leave((each) => runOf(each) < begun)
        } else {
          const link = LINKS[happened.link] as Link
          const arrived = { link, message: vector(happened.run, stream++) }
          if (happened.run <= begun) continue
          if (!links.includes(link)) links.push(link)
          expect(early.keep(arrived)).toBeNull()
          const known = runsOf(link)
          const isBehind = !known.includes(happened.run) && known.some((run) => run > happened.run)
          if (isBehind) gone.push(arrived)
          else model.push(arrived)
          const kept = runsOf(link).slice(-2)
          leave((each) => each.link === link && !kept.includes(runOf(each)))
        }
      expect(new Set(dropped)).toEqual(new Set(gone))
      expect(dropped).toHaveLength(gone.length)
    }),
    { numRuns: 500 },
  )
})

function runOf({ message }: Arrived): number {
  return message.run
}

test('there are no more vectors of a stream in one run than micro-batches, and as many in each of two runs', () => {
  const early = createEarlyMessages(() => undefined)
  const [link] = LINKS as [Link]
  for (let k = 0; k < MOST_MICRO_BATCHES; k++)
    for (const run of [1, 2]) expect(early.keep({ link, message: vector(run, 7) })).toBeNull()
  expect(early.keep({ link, message: vector(1, 7) })).toBe('9 vectors on stream 7 in run 1')
})
