import type { Command } from 'commander'
import { InputError } from '../../events/errors.js'
import { someText, wholeNumber } from '../../network/reading/flag-values.js'
import { readAddresses } from '../../rendezvous/join-address.js'
import { addFlags, askedOf, type FlagRecord, type FlagsOf, flagNamed, flagsOf } from '../flag-record.js'

const file = (flag: string) => someText(flag, 'a file')

/** Where workers are found, and who asks for them. */
const JOIN_FLAGS = {
  join: {
    value: '<urls>',
    text: 'run on workers, found at NATS servers with these URLs: nats://host:4222, with commas between several (default: on this machine)',
    read: (flag: string) => someText(flag, 'a URL such as nats://host:4222'),
    fields: ['options.join.servers'],
  },
  creds: {
    value: '<file>',
    text: 'credentials of a NATS user, as nsc writes them',
    read: file,
    fields: ['options.join.credentials'],
    isSecret: true,
  },
  nkey: {
    value: '<file>',
    text: 'seed of the nkey of a NATS user',
    read: file,
    fields: ['options.join.credentials'],
    isSecret: true,
  },
  user: {
    value: '<name>',
    text: 'name of a NATS user, beside --password-file',
    read: (flag: string) => someText(flag, 'a name'),
    fields: ['options.join.credentials'],
  },
  passwordFile: {
    value: '<file>',
    text: 'file whose first line is the password of --user',
    read: file,
    fields: [],
    isSecret: true,
  },
  tlsCa: {
    value: '<file>',
    text: 'certificates, in PEM, of those who signed those of the server and of workers (default: those that Node trusts)',
    read: file,
    fields: ['options.join.tls'],
  },
  tlsCert: {
    value: '<file>',
    text: 'certificate, in PEM, of this machine, beside --tls-key',
    read: file,
    fields: ['options.join.tls'],
  },
  tlsKey: {
    value: '<file>',
    text: 'private key, in PEM, of --tls-cert',
    read: file,
    fields: ['options.join.tls'],
    isSecret: true,
  },
  tlsFirst: {
    text: 'begin with TLS, as a server with handshake_first wants it',
    initial: false,
    fields: [],
  },
} as const

/** The same of a run, which may wait. */
export const REMOTE_FLAGS = {
  ...JOIN_FLAGS,
  /** In s. */
  wait: {
    value: '<seconds>',
    text: 'wait so long for workers where there are too few at the start (default: 0)',
    read: (flag: string) => wholeNumber(flag, 0, 1_000_000),
    fields: ['options.join.wait'],
  },
} as const

export type JoinFlags = Partial<FlagsOf<typeof JOIN_FLAGS>>
export type RemoteFlags = Partial<FlagsOf<typeof REMOTE_FLAGS>>

/** Adds the flags of every command that speaks to a rendezvous; `join` is what it wants there. */
export function addJoinFlags(command: Command, join: string): Command {
  return addFlags(command, { ...JOIN_FLAGS, join: { ...JOIN_FLAGS.join, text: join } })
}

/** Those of the flags that name files with secrets. */
export function secretsOf(flags: JoinFlags): readonly (readonly [flag: string, file: string])[] {
  const secrets = Object.entries<FlagRecord>(JOIN_FLAGS).filter(([, { isSecret }]) => isSecret)
  return Object.entries(flagsOf(Object.fromEntries(secrets), flags)).map(([name, file]) => [
    flagNamed(name),
    String(file),
  ])
}

/** Raises `InputError` FLAG_CONFLICT for a flag that means nothing without `--join`, or beside another one; JOIN_URL_INVALID. */
export function requireJoinFlags(flags: RemoteFlags): void {
  const asked = askedOf(REMOTE_FLAGS, flags)
  const idle = asked.find((name) => name !== 'join')
  if (flags.join === undefined && idle !== undefined)
    throw conflict(flagNamed(idle), 'the flag without --join', 'the URL of a NATS server beside it', 'Add --join URL.')
  const [way, other] = asked.filter((name) => ['creds', 'nkey', 'user'].includes(name))
  if (way !== undefined && other !== undefined)
    throw conflict(
      flagNamed(other),
      `the flag beside ${flagNamed(way)}`,
      'one way to say who asks',
      'Leave out one of them.',
    )
  requireBoth(asked, 'user', 'passwordFile')
  requireBoth(asked, 'tlsCert', 'tlsKey')
  if (flags.join !== undefined) requireUrls(flags.join)
}

function requireUrls(join: string): void {
  try {
    readAddresses(join)
  } catch (error) {
    throw error instanceof InputError ? new InputError({ ...error.mistake, field: '--join', cause: error }) : error
  }
}

function requireBoth(asked: readonly string[], ...pair: readonly [string, string]): void {
  const [given, ...others] = pair.filter((name) => asked.includes(name)).map(flagNamed)
  if (given === undefined || others.length > 0) return
  const missing = pair.map(flagNamed).find((flag) => flag !== given)
  throw conflict(given, `the flag without ${missing}`, `${missing} beside it`, `Add ${missing}.`)
}

/** Of a command that can do nothing without a server. */
export function joinMissing(): InputError {
  return new InputError({
    code: 'FLAG_MISSING',
    field: '--join',
    found: 'nothing',
    expected: 'the URL of a NATS server',
    remedy: 'Give --join nats://host:4222.',
  })
}

/** A flag that has no meaning on the workers of other machines. */
export function refuseBesideJoin(field: string, found: string, expected: string): InputError {
  return conflict(field, found, expected, 'Leave it out, or leave out --join.')
}

function conflict(field: string, found: string, expected: string, remedy: string): InputError {
  return new InputError({ code: 'FLAG_CONFLICT', field, found, expected, remedy })
}
