import type { Command } from 'commander'
import { InputError } from '../../events/errors.js'
import { someText, wholeNumber } from '../../network/reading/flag-values.js'
import { readAddresses } from '../../rendezvous/join-address.js'

/** Where workers are found, and who asks for them. */
export interface JoinFlags {
  /** URLs of NATS servers, with commas between them. */
  readonly join?: string
  readonly creds?: string
  readonly nkey?: string
  readonly user?: string
  readonly passwordFile?: string
  readonly tlsCa?: string
  readonly tlsCert?: string
  readonly tlsKey?: string
  readonly tlsFirst?: boolean
}

/** Adds the flags of every command that speaks to a rendezvous. */
export function addJoinFlags(command: Command, join: string): Command {
  const file = (flag: string) => someText(flag, 'a file')
  return command
    .option('--join <urls>', join, someText('--join', 'a URL such as nats://host:4222'))
    .option('--creds <file>', 'credentials of a NATS user, as nsc writes them', file('--creds'))
    .option('--nkey <file>', 'seed of the nkey of a NATS user', file('--nkey'))
    .option('--user <name>', 'name of a NATS user, beside --password-file', someText('--user', 'a name'))
    .option('--password-file <file>', 'file whose first line is the password of --user', file('--password-file'))
    .option(
      '--tls-ca <file>',
      'certificates, in PEM, of those who signed those of the server and of workers (default: those that Node trusts)',
      file('--tls-ca'),
    )
    .option('--tls-cert <file>', 'certificate, in PEM, of this machine, beside --tls-key', file('--tls-cert'))
    .option('--tls-key <file>', 'private key, in PEM, of --tls-cert', file('--tls-key'))
    .option('--tls-first', 'begin with TLS, as a server with handshake_first wants it', false)
}

/** Adds the flags of every command that may run on the workers of other machines. */
export function addRemoteFlags(command: Command): Command {
  return addJoinFlags(
    command,
    'run on workers, found at NATS servers with these URLs: nats://host:4222, with commas between several (default: on this machine)',
  ).option(
    '--wait <seconds>',
    'wait so long for workers where there are too few at the start (default: 0)',
    wholeNumber('--wait', 0, 1_000_000),
  )
}

/** Those of a run, which may wait. */
export interface RemoteFlags extends JoinFlags {
  /** In s. */
  readonly wait?: number
}

/** Those of a run that say where workers are found, without the rest. */
export function remoteFlagsOf(flags: RemoteFlags): RemoteFlags {
  const { join, creds, nkey, user, passwordFile, tlsCa, tlsCert, tlsKey, tlsFirst, wait } = flags
  const all = { join, creds, nkey, user, passwordFile, tlsCa, tlsCert, tlsKey, tlsFirst, wait }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
}

/** A flag, and whether it was given. */
type Given = readonly [flag: string, value: unknown]

const isGiven = ([, value]: Given) => value !== undefined && value !== false

/** Raises `InputError` FLAG_CONFLICT for a flag that means nothing without `--join`, or beside another one; JOIN_URL_INVALID. */
export function requireJoinFlags(flags: RemoteFlags): void {
  const creds: Given = ['--creds', flags.creds]
  const nkey: Given = ['--nkey', flags.nkey]
  const user: Given = ['--user', flags.user]
  const password: Given = ['--password-file', flags.passwordFile]
  const cert: Given = ['--tls-cert', flags.tlsCert]
  const key: Given = ['--tls-key', flags.tlsKey]
  const others: readonly Given[] = [
    ['--tls-ca', flags.tlsCa],
    ['--tls-first', flags.tlsFirst],
    ['--wait', flags.wait],
  ]
  const idle = [creds, nkey, user, password, cert, key, ...others].find(isGiven)
  if (flags.join === undefined && idle !== undefined)
    throw conflict(idle[0], 'the flag without --join', 'the URL of a NATS server beside it', 'Add --join URL.')
  const [way, other] = [creds, nkey, user].filter(isGiven)
  if (way !== undefined && other !== undefined)
    throw conflict(other[0], `the flag beside ${way[0]}`, 'one way to say who asks', 'Leave out one of them.')
  requireBoth(user, password)
  requireBoth(cert, key)
  if (flags.join !== undefined) requireUrls(flags.join)
}

function requireUrls(join: string): void {
  try {
    readAddresses(join)
  } catch (error) {
    throw error instanceof InputError ? new InputError({ ...error.mistake, field: '--join', cause: error }) : error
  }
}

function requireBoth(one: Given, other: Given): void {
  if (isGiven(one) === isGiven(other)) return
  const [[given], [missing]] = isGiven(one) ? [one, other] : [other, one]
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
