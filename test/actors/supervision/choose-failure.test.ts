import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chooseFailure, isConclusive } from '../../../src/actors/supervision/choose-failure.js'
import type { CoreWorkerEnd, FailureReport, LinkReport } from '../../../src/actors/supervision/failure-report.js'
import type { Whereabouts } from '../../../src/actors/supervision/name-of-cores.js'
import { type AntidromeError, InputError, RunError } from '../../../src/events/errors.js'
import { LINK_ERROR_CODES, LinkError, type LinkErrorCode, type Watermark } from '../../../src/streams/link-error.js'

const side = (core: number | null) => (core === null ? 'coordinator' : `core ${core}`)

function linkReport(core: number | null, peer: number, code: LinkErrorCode, watermark: Watermark | null = null) {
  const link = `${side(core)} - ${side(peer)}`
  const error = new LinkError({ code, link, peer: side(peer), what: 'something happened', watermark })
  return { kind: 'link', core, peer, error } as const satisfies LinkReport
}

const KILLED: CoreWorkerEnd = { exitCode: null, signal: 'SIGKILL', lastWords: '' }
const ended = (core: number, end = KILLED) => ({ kind: 'ended', cores: [core], end }) as const satisfies FailureReport
const endedTogether = (cores: readonly number[], end = KILLED) => ({ kind: 'ended', cores, end }) as const
const refused = (core: number, error: Error) => ({ kind: 'refused', core, error }) as const
const late = { kind: 'late', cores: [1, 2], limit: 3000, unheard: null } as const
const HIDDEN = { stream: 'hidden', end: 12.5 }

const codeOf = (reports: readonly FailureReport[]) => (chooseFailure(reports) as AntidromeError).code

describe('the cause', () => {
  const mistake = new InputError({ code: 'VALUE', field: 'a', found: '1', expected: '2' })

  test.each<{ name: string; reports: readonly FailureReport[]; code: string; core: number }>([
    {
      name: 'an end before broken links',
      reports: [linkReport(0, 1, 'LINK_BROKEN'), ended(1)],
      code: 'CORE_DIED',
      core: 1,
    },
    {
      name: 'a foul frame before the end that came of it',
      reports: [linkReport(null, 1, 'LINK_FRAME_CORRUPT'), ended(1)],
      code: 'CORE_FAILED',
      core: 1,
    },
    {
      name: 'an end before what the coordinator saw of it',
      reports: [ended(1), linkReport(null, 1, 'LINK_FRAME_TRUNCATED')],
      code: 'CORE_DIED',
      core: 1,
    },
    { name: 'the first end', reports: [ended(2), ended(1)], code: 'CORE_DIED', core: 2 },
    {
      name: 'a foul frame before silence',
      reports: [linkReport(0, 1, 'LINK_SILENT'), linkReport(0, 2, 'LINK_FRAME_CORRUPT')],
      code: 'CORE_FAILED',
      core: 2,
    },
    {
      name: 'whoever sent it, not who complained',
      reports: [linkReport(2, 1, 'LINK_PEER_FAILED'), linkReport(1, 2, 'LINK_SEQUENCE')],
      code: 'CORE_FAILED',
      core: 2,
    },
    {
      name: 'silence before broken links',
      reports: [linkReport(0, 1, 'LINK_BROKEN'), linkReport(null, 2, 'LINK_SILENT')],
      code: 'CORE_SILENT',
      core: 2,
    },
    { name: 'a broken link alone', reports: [linkReport(0, 1, 'LINK_BROKEN')], code: 'CORE_UNREACHABLE', core: 1 },
    {
      name: 'a broken link before time',
      reports: [linkReport(0, 1, 'LINK_BROKEN'), late],
      code: 'CORE_UNREACHABLE',
      core: 1,
    },
    { name: 'time alone', reports: [late], code: 'CORE_LATE', core: 1 },
  ])('$name', ({ reports, code, core }) => {
    expect(chooseFailure(reports)).toMatchObject({ code, details: { core } })
  })

  test('a module that hangs comes before the silence that came of it, with what it was asked for', () => {
    const lastWords =
      'apply of an operator of the projection "a->b" into "b" in trial 0 from 4 ms (file:///m.js) has not come back for 750 ms.'
    const end: CoreWorkerEnd = { ...KILLED, lastWords }
    const error = chooseFailure([linkReport(null, 1, 'LINK_SILENT'), ended(1, end)]) as RunError
    expect(codeOf([linkReport(null, 1, 'LINK_SILENT'), ended(1)])).toBe('CORE_SILENT')
    expect(error.code).toBe('CORE_DIED')
    expect(error.details).toMatchObject({ core: 1, verb: 'apply', projection: 'a->b', group: 'b', time: 4 })
    expect(error.message).toContain(`Core 1 died: ${lastWords} `)
    expect(error.remedy).toContain('silence')
  })

  test('a refusal is told as it is, that of the lowest core first', () => {
    const other = new RunError({ code: 'OTHER', message: 'x' })
    expect(chooseFailure([ended(0), refused(2, other), refused(1, mistake)])).toBe(mistake)
  })

  test('whatever is reported, there is one error, and a death comes first where no partition was given up', () => {
    const core = fc.nat(3)
    const code = fc.constantFrom(...LINK_ERROR_CODES)
    const link = fc.tuple(core, core, code).map(([from, to, why]) => linkReport(from, to, why))
    const report: fc.Arbitrary<FailureReport> = fc.oneof(
      link,
      core.map((dead) => ended(dead)),
      fc.constant(late),
    )
    fc.assert(
      fc.property(fc.array(report), core, (reports, dead) => {
        expect(chooseFailure(reports)).toBeInstanceOf(RunError)
        const withDeath = chooseFailure([...reports, ended(dead)]) as RunError
        expect(withDeath.code).toBe('CORE_DIED')
        const dying = [...reports, ended(dead)].filter((one) => one.kind === 'ended')
        expect(withDeath.details.core).toBe(dying[0]?.cores[0])
      }),
      { numRuns: 300, seed: 1 },
    )
  })
})

describe('what is told', () => {
  test('of a killed process: the signal, the link over which spikes came last, their watermark', () => {
    const error = chooseFailure([
      linkReport(null, 1, 'LINK_BROKEN'),
      linkReport(2, 1, 'LINK_BROKEN'),
      linkReport(0, 1, 'LINK_BROKEN', HIDDEN),
      ended(1),
    ]) as RunError
    expect(error.message).toBe(
      'Core 1 died: signal SIGKILL. Link core 0 - core 1: something happened. ' +
        'The last watermark from core 1 was 12.5 ms, of "hidden".',
    )
    expect(error.details).toEqual({
      core: 1,
      signal: 'SIGKILL',
      link: 'core 0 - core 1',
      peer: 'core 1',
      watermark: 12.5,
      stream: 'hidden',
    })
  })

  test('of one that held several cores: all of them, and the best view of any', () => {
    const seen = [linkReport(0, 2, 'LINK_BROKEN'), linkReport(0, 3, 'LINK_BROKEN', HIDDEN)]
    const error = chooseFailure([...seen, endedTogether([2, 3])]) as RunError
    expect(error.message).toMatch(/^Cores 2, 3 died: signal SIGKILL\. Link core 0 - core 3: something happened\./)
    expect(error.details).toMatchObject({ core: 2, cores: '2, 3', link: 'core 0 - core 3', watermark: 12.5 })
    const unborn = chooseFailure([endedTogether([2, 3], { exitCode: null, signal: null, lastWords: '' })])
    expect(unborn.message).toBe('Cores 2, 3 died: what held them could not be started.')
  })

  test('of one that the coordinator gave up for one of its cores: that core', () => {
    const error = chooseFailure([linkReport(null, 3, 'LINK_SILENT'), endedTogether([2, 3])])
    expect(error).toMatchObject({ code: 'CORE_SILENT', details: { core: 3 } })
  })

  test('of a crashed one: its last words', () => {
    const error = chooseFailure([ended(1, { exitCode: 7, signal: null, lastWords: 'TypeError: oh' })])
    expect(error.message).toBe('Core 1 died: exit code 7. Its last words: TypeError: oh')
    expect(error).toMatchObject({ details: { core: 1, exitCode: 7 } })
  })

  test('of one that ran out of something: what, and what to do', () => {
    const fatal = 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory'
    const error = chooseFailure([ended(1, { exitCode: null, signal: 'SIGABRT', lastWords: fatal })])
    expect(error.message).toMatch(`Core 1 died: it ran out of memory (${fatal}). Compute less at once`)
    expect(error).toMatchObject({ code: 'CORE_DIED', details: { core: 1, signal: 'SIGABRT' } })
  })

  test('of one that could not even start for that reason: which', () => {
    const cause = new RangeError('WebAssembly.Memory(): could not allocate memory')
    const error = chooseFailure([{ kind: 'refused', core: 2, error: cause }])
    expect(error).toMatchObject({ code: 'OUT_OF_MEMORY', details: { core: 2 }, cause })
    expect(error.message).toMatch('Core 2 ran out of memory (WebAssembly.Memory()')
  })

  test('of a silent one: who heard nothing of it', () => {
    const error = chooseFailure([linkReport(null, 1, 'LINK_SILENT'), linkReport(0, 1, 'LINK_SILENT', HIDDEN)])
    expect(error.message).toBe(
      'Core 1 fell silent. Link core 0 - core 1: something happened. ' +
        'The last watermark from core 1 was 12.5 ms, of "hidden".',
    )
    expect(error.cause).toBeInstanceOf(LinkError)
  })

  test('of a silent one: a link that broke on its account is not what shows its silence', () => {
    const error = chooseFailure([
      linkReport(2, 0, 'LINK_BROKEN', HIDDEN),
      linkReport(null, 0, 'LINK_SILENT'),
    ]) as RunError
    expect(error).toMatchObject({ code: 'CORE_SILENT', details: { link: 'coordinator - core 0' } })
    expect(error.cause).toMatchObject({ code: 'LINK_SILENT' })
  })

  test('of late ones: which, and what to do', () => {
    expect(chooseFailure([late]).message).toBe(
      'Cores 1, 2 were not ready after 3000 ms. Raise startLimit if the machine is slow or the network large.',
    )
    const silent = chooseFailure([{ ...late, cores: [2], unheard: 1500 }]) as RunError
    expect(silent.message).toMatch(
      /^Core 2 was not ready after 3000 ms\. It has said nothing in the last 1500 ms\. Raise/,
    )
    expect(silent.details).toEqual({ core: 2, limit: 3000, unheard: 1500 })
  })
})

describe('of cores on the workers of other machines, what is told', () => {
  const places = [null, { name: 'w1', machine: 'host-a' }, { name: 'w2', machine: 'host-b' }]
  const workerOf = (core: number) => places[core] ?? null
  const told = (...reports: readonly FailureReport[]) => chooseFailure(reports, { workerOf }) as RunError

  test.each<{ code: string; report: FailureReport; message: RegExp }>([
    { code: 'CORE_DIED', report: ended(1), message: /^Core 1, on worker w1 \(host-a\), died: signal SIGKILL\.$/ },
    {
      code: 'CORE_DIED',
      report: ended(1, { exitCode: null, signal: null, lastWords: '', isOutOfReach: true }),
      message: /^Core 1, on worker w1 \(host-a\), died: its machine is out of reach\.$/,
    },
    {
      code: 'CORE_FAILED',
      report: linkReport(null, 1, 'LINK_FRAME_CORRUPT'),
      message: /^Core 1, on worker w1 \(host-a\), failed\. /,
    },
    {
      code: 'CORE_SILENT',
      report: linkReport(2, 1, 'LINK_SILENT'),
      message: /^Core 1, on worker w1 \(host-a\), fell silent\. /,
    },
    {
      code: 'CORE_UNREACHABLE',
      report: linkReport(2, 1, 'LINK_BROKEN'),
      message: /^Core 1, on worker w1 \(host-a\), can no longer be reached\. /,
    },
    {
      code: 'CORE_LATE',
      report: { ...late, cores: [1] },
      message: /^Core 1, on worker w1 \(host-a\), was not ready after 3000 ms\. /,
    },
    {
      code: 'OUT_OF_MEMORY',
      report: refused(1, new RangeError('WebAssembly.Memory(): could not allocate memory')),
      message: /^Core 1, on worker w1 \(host-a\), ran out of memory /,
    },
  ])('names the worker and its machine: $code', ({ code, report, message }) => {
    const error = told(report)
    expect(error).toMatchObject({ code, details: { core: 1, worker: 'w1', machine: 'host-a' } })
    expect(error.message).toMatch(message)
  })

  test('names each where there are several', () => {
    expect(told(late).message).toMatch(/^Cores 1 on worker w1 \(host-a\), 2 on worker w2 \(host-b\) were not ready/)
    expect(told({ ...late, cores: [0, 2] }).message).toMatch(/^Cores 0, 2 on worker w2 \(host-b\) were not ready/)
    const both = chooseFailure([endedTogether([2, 3])], { workerOf: () => ({ name: 'w2', machine: 'host-b' }) })
    expect(both.message).toMatch(/^Cores 2, 3, on worker w2 \(host-b\), died: signal SIGKILL\.$/)
  })

  test('says nothing of workers of cores that are here', () => {
    for (const report of [ended(0), linkReport(2, 0, 'LINK_BROKEN'), linkReport(2, 0, 'LINK_SILENT')]) {
      expect(told(report).message).toBe(chooseFailure([report]).message)
      expect(told(report).details).toEqual((chooseFailure([report]) as RunError).details)
    }
  })
})

test('of two cores with replicas the core and its replica are named beside the number', () => {
  const workerOf = (core: number) => (core < 2 ? null : { name: 'w2', machine: 'host-b' })
  const told = (report: FailureReport, where: Whereabouts) => chooseFailure([report], { each: 2, ...where }) as RunError
  expect(told(ended(3), {}).message).toBe('Core 3 (core 1 of replica 1) died: signal SIGKILL.')
  expect(told(ended(3), {}).details.core).toBe(3)
  expect(told(ended(3), { workerOf }).message).toBe(
    'Core 3 (core 1 of replica 1), on worker w2 (host-b), died: signal SIGKILL.',
  )
  expect(told({ ...late, cores: [1, 2] }, { workerOf }).message).toMatch(
    /^Cores 1 \(core 1 of replica 0\), 2 \(core 0 of replica 1\) on worker w2 \(host-b\) were not ready/,
  )
})

test('a module that is being loaded is named where partitions are late', () => {
  const loading = 'file:///modules/slow.js'
  expect(chooseFailure([{ ...late, cores: [1], unheard: 900, loading }])).toMatchObject({
    code: 'CORE_LATE',
    message:
      'Core 1 was not ready after 3000 ms. It has said nothing in the last 900 ms. What it is loading is the module ' +
      `${loading}. Mend the module if it never comes to its end. Raise startLimit if the machine is slow or the network large.`,
    details: { core: 1, module: loading },
  })
})

test('an end is conclusive once all its living neighbours are heard', () => {
  const neighbours = [[1], [0, 2], [1], []]
  const broken = (core: number) => linkReport(core, 1, 'LINK_BROKEN')
  expect(isConclusive([], neighbours)).toBe(false)
  expect(isConclusive([ended(1)], neighbours)).toBe(false)
  expect(isConclusive([ended(1), broken(0)], neighbours)).toBe(false)
  expect(isConclusive([broken(0), broken(2)], neighbours)).toBe(false)
  expect(isConclusive([ended(1), broken(0), broken(2)], neighbours)).toBe(true)
  expect(isConclusive([ended(1), broken(0), ended(2)], neighbours)).toBe(true)
  expect(isConclusive([endedTogether([1, 2])], neighbours)).toBe(false)
  expect(isConclusive([endedTogether([1, 2]), broken(0)], neighbours)).toBe(true)
  expect(isConclusive([ended(3)], neighbours)).toBe(true)
  expect(isConclusive([refused(0, new Error('no'))], neighbours)).toBe(true)
})

test('every code of a link leads to a code of its own kind', () => {
  const kinds = new Map(LINK_ERROR_CODES.map((code) => [code, codeOf([linkReport(0, 1, code)])]))
  const ledTo = (code: string) => LINK_ERROR_CODES.filter((each) => kinds.get(each) === code).sort()
  expect(ledTo('CORE_SILENT')).toEqual(['LINK_HANDSHAKE_TIMEOUT', 'LINK_SILENT'])
  expect(ledTo('CORE_UNREACHABLE')).toEqual(['LINK_BROKEN', 'LINK_CLOSED', 'LINK_PEER_FAILED', 'LINK_UNREACHABLE'])
  expect(ledTo('CORE_FAILED')).toHaveLength(LINK_ERROR_CODES.length - 6)
})
