import { Command } from 'commander'
import { describe, expect, test } from 'vitest'
import { CLUSTER_DEFAULTS, type ClusterOptions, clusterSettings } from '../../src/actors/cluster-options.js'
import { TRANSPORTS } from '../../src/actors/transport-table.js'
import { type FlagRecord, flagNamed, optionsOf } from '../../src/cli/flag-record.js'
import { inTermsOfFlags } from '../../src/cli/in-terms-of-flags.js'
import { linkFlagsFor, refuseIdleLinkFlags } from '../../src/cli/open-on-cores.js'
import { createProgram } from '../../src/cli/program.js'
import {
  addPlaceFlags,
  CORE_FLAGS,
  METRICS_FLAGS,
  OPTION_FLAGS,
  PLACE_FLAGS,
  type PlaceFlags,
  TRANSPORT_FLAGS,
} from '../../src/cli/run-flags.js'
import { requireMethodFlags } from '../../src/cli/train/method-flags.js'
import { InputError } from '../../src/events/errors.js'

type Name = keyof typeof PLACE_FLAGS

/** What a user types, if anything, and the same for the library; null: not an option of its own. */
const SAMPLES: Readonly<Record<Name, readonly [text: string | null, options: ClusterOptions | null]>> = {
  cores: ['2', null],
  transport: ['unix', null],
  processes: ['2', null],
  placement: ['placed.json', null],
  chipLatency: [null, null],
  listen: ['0.0.0.0:4000', { host: '0.0.0.0', port: 4000 }],
  insecure: [null, { insecure: true }],
  allowOrigin: ['https://lab.example', { allowOrigins: ['https://lab.example'] }],
  silence: ['4000', { silence: 4000 }],
  stall: ['8000', { stall: 8000 }],
  startLimit: ['7', { startLimit: 7000 }],
  restarts: ['unlimited', { restarts: Number.POSITIVE_INFINITY }],
  join: ['nats://a:4222', null],
  creds: ['a.creds', null],
  nkey: ['a.nk', null],
  user: ['me', null],
  passwordFile: ['word', null],
  tlsCa: ['ca.pem', null],
  tlsCert: ['cert.pem', null],
  tlsKey: ['key.pem', null],
  tlsFirst: [null, null],
  wait: ['3', null],
  threads: ['2', { threads: 2 }],
  seed: ['9', { seed: 9 }],
  kernel: ['reference', { kernel: 'reference' }],
  spikeLimit: ['5', { spikeLimit: 5 }],
}

const names = Object.keys(SAMPLES) as readonly Name[]

function parsed(...given: readonly Name[]): PlaceFlags {
  const argv = given.flatMap((name) => [flagNamed(name), SAMPLES[name][0]].filter((part) => part !== null))
  return addPlaceFlags(new Command()).parse(argv, { from: 'user' }).opts()
}

const mistakeOf = (work: () => unknown): InputError | null => {
  try {
    work()
    return null
  } catch (error) {
    if (error instanceof InputError) return error
    throw error
  }
}

describe('every flag of the record', () => {
  test('is on the commands that run a network, with its text and its default', () => {
    const { commands } = createProgram({ out: () => undefined, err: () => undefined, screen: null })
    for (const command of commands.filter((each) =>
      ['train', 'simulate', 'gradient', 'evaluate'].includes(each.name()),
    ))
      for (const [name, { text, initial }] of Object.entries<FlagRecord>(PLACE_FLAGS)) {
        const option = command.options.find(({ long }) => long === flagNamed(name))
        expect(option, `${command.name()} ${name}`).toMatchObject({ description: text })
        expect(option?.defaultValue).toBe(initial)
      }
  })

  test.each(names.filter((name) => name in OPTION_FLAGS))('reaches the session like the option: %s', (name) => {
    const [, options] = SAMPLES[name]
    expect(options).not.toBeNull()
    const settings = clusterSettings(optionsOf(OPTION_FLAGS, parsed(name)))
    expect(settings).toEqual(clusterSettings(options ?? {}))
    expect(settings).not.toEqual(clusterSettings({}))
  })

  test('without any, what the library does', () => {
    expect(clusterSettings(optionsOf(OPTION_FLAGS, parsed()))).toEqual(clusterSettings({}))
    expect(clusterSettings({})).toMatchObject(CLUSTER_DEFAULTS)
  })

  test.each(names.filter((name) => name in CORE_FLAGS))('is refused by a method without cores: %s', (name) => {
    const refused = mistakeOf(() => requireMethodFlags({ ...parsed(name), method: 'surrogate' }))
    expect(refused).toMatchObject({ code: 'FLAG_CONFLICT', mistake: { field: flagNamed(name) } })
    expect(mistakeOf(() => requireMethodFlags({ ...parsed(name), method: 'exact' }))).toBeNull()
  })

  test.each(['metrics', 'metricsPort', 'trace'])('as is %s', (name) => {
    const flags = { ...parsed(), metrics: false, [name]: name === 'metrics' ? true : 1, method: 'surrogate' } as const
    expect(mistakeOf(() => requireMethodFlags(flags))).toMatchObject({ mistake: { field: flagNamed(name) } })
    expect(Object.keys(METRICS_FLAGS)).toEqual(['metrics', 'metricsPort'])
  })

  test('but for those of a server, which may keep checkpoints, and the seed', () => {
    for (const name of names.filter((each) => !(each in CORE_FLAGS)))
      expect(
        mistakeOf(() => requireMethodFlags({ ...parsed(name), method: 'surrogate' })),
        name,
      ).toBeNull()
  })
})

test.each(Object.entries(TRANSPORT_FLAGS))(
  '%s means something with some transports, and is refused with others',
  (name, { where, beside }) => {
    const flags = { ...parsed(name as Name), ...(beside === undefined ? {} : parsed('listen')) }
    for (const transport of Object.keys(TRANSPORTS) as (keyof typeof TRANSPORTS)[]) {
      const suits = where.suits(TRANSPORTS[transport])
      const refused = mistakeOf(() => refuseIdleLinkFlags(flags, [transport]))
      expect(refused === null, transport).toBe(suits)
      if (name !== 'processes') expect(Object.hasOwn(linkFlagsFor(transport, flags), name)).toBe(suits)
      if (!suits) expect(refused?.code).toBe('FLAG_CONFLICT')
    }
  },
)

test.each(['insecure', 'allowOrigin'] as const)('%s means nothing without --listen', (name) => {
  const refused = mistakeOf(() => refuseIdleLinkFlags(parsed(name), ['websocket']))
  expect(refused?.mistake).toMatchObject({ field: flagNamed(name), found: 'the flag without --listen' })
})

test('no restarts are asked for by --restarts 0, and may be with any transport', () => {
  expect(mistakeOf(() => refuseIdleLinkFlags({ restarts: 0 }, ['local']))).toBeNull()
})

test('errors of the library name the flag', () => {
  const told = (field: string) => {
    const error = new InputError({ code: 'CLUSTER_OPTION_INVALID', field, found: '1', expected: '2' })
    return (inTermsOfFlags(error) as InputError).mistake.field
  }
  const fields = [
    'startLimit',
    'silence',
    'host',
    'port',
    'processes',
    'join.servers',
    'join.wait',
    'join.credentials',
    'join.tls',
  ]
  expect(fields.map((field) => told(`options.${field}`))).toEqual([
    '--start-limit',
    '--silence',
    '--listen',
    '--listen',
    '--processes',
    '--join',
    '--wait',
    '--creds, --nkey or --user',
    '--tls-ca, --tls-cert or --tls-key',
  ])
})
