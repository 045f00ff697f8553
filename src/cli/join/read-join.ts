import type { JoinOptions } from '../../rendezvous/join-options.js'
import { readTextFile } from '../../storage/read-text.js'
import { type JoinFlags, requireJoinFlags } from './join-flags.js'

/**
 * What the flags say about where to join, with the texts of the files that they name.
 *
 * Raises `InputError` FLAG_CONFLICT, and FILE_UNREADABLE and its like, which name the flag's file.
 */
export async function readJoin(flags: JoinFlags & { readonly join: string }): Promise<JoinOptions> {
  requireJoinFlags(flags)
  const credentials = await credentialsOf(flags)
  const tls = await tlsOf(flags)
  return {
    servers: flags.join.split(',').map((url) => url.trim()),
    ...(credentials === null ? {} : { credentials }),
    ...(tls === null ? {} : { tls }),
  }
}

async function credentialsOf({
  creds,
  nkey,
  user,
  passwordFile,
}: JoinFlags): Promise<NonNullable<JoinOptions['credentials']> | null> {
  if (creds !== undefined) return { creds: await readTextFile(creds, '--creds') }
  if (nkey !== undefined) return { nkey: (await readTextFile(nkey, '--nkey')).trim() }
  if (user === undefined || passwordFile === undefined) return null
  const [password = ''] = (await readTextFile(passwordFile, '--password-file')).split(/\r?\n/)
  return { user, password }
}

async function tlsOf({
  tlsCa,
  tlsCert,
  tlsKey,
  tlsFirst = false,
}: JoinFlags): Promise<NonNullable<JoinOptions['tls']> | null> {
  if (tlsCa === undefined && tlsCert === undefined && !tlsFirst) return null
  return {
    ...(tlsCa === undefined ? {} : { ca: await readTextFile(tlsCa, '--tls-ca') }),
    ...(tlsCert === undefined || tlsKey === undefined
      ? {}
      : { cert: await readTextFile(tlsCert, '--tls-cert'), key: await readTextFile(tlsKey, '--tls-key') }),
    ...(tlsFirst ? { first: true } : {}),
  }
}
