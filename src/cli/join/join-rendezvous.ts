import { InputError } from '../../events/errors.js'
import { openRendezvous } from '../../rendezvous/open-rendezvous.js'
import type { Rendezvous } from '../../rendezvous/rendezvous.js'
import type { JoinFlags } from './join-flags.js'
import { readJoin } from './read-join.js'

/**
 * Joins where the flags say.
 *
 * @param name of the connection, for people
 */
export async function joinRendezvous(flags: JoinFlags & { readonly join: string }, name: string): Promise<Rendezvous> {
  const options = await readJoin(flags)
  try {
    return await openRendezvous({ ...options, name })
  } catch (error) {
    throw inTermsOfJoinFlags(error, flags)
  }
}

/** The mistake of an option names the flag that it comes from. */
export function inTermsOfJoinFlags<Raised>(error: Raised, flags: JoinFlags): Raised | InputError {
  if (!(error instanceof InputError)) return error
  const field = flagOf(error.mistake.field, flags)
  return field === null ? error : new InputError({ ...error.mistake, field, cause: error })
}

function flagOf(field: string, { creds, nkey, user, tlsCa }: JoinFlags): string | null {
  switch (field) {
    case 'options.join.credentials':
      return creds !== undefined ? '--creds' : nkey !== undefined ? '--nkey' : user !== undefined ? '--user' : '--join'
    case 'options.join.tls':
      return tlsCa === undefined ? '--join' : '--tls-ca'
    case 'options.join.servers':
      return '--join'
    default:
      return null
  }
}
