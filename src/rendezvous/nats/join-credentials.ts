import {
  type Authenticator,
  credsAuthenticator,
  nkeyAuthenticator,
  usernamePasswordAuthenticator,
} from '@nats-io/transport-node'
import { InputError } from '../../events/errors.js'
import type { JoinCredentials } from '../join-options.js'

/** What shows a server who a user is. */
export interface Identity {
  readonly authenticator: Authenticator | null
  /** Of an nkey or credentials. */
  readonly publicKey: string | null
  /** For people, without a secret. */
  readonly words: string
}

/** @throws InputError JOIN_CREDENTIALS for what is neither a seed nor credentials */
export function identityOf(credentials: JoinCredentials | undefined): Identity {
  if (credentials === undefined) return { authenticator: null, publicKey: null, words: 'no credentials' }
  if ('user' in credentials) {
    const { user, password } = credentials
    const authenticator = usernamePasswordAuthenticator(user, password)
    return { authenticator, publicKey: null, words: `the user ${JSON.stringify(user)} with a password` }
  }
  const isSeed = 'nkey' in credentials
  const bytes = new TextEncoder().encode(isSeed ? credentials.nkey.trim() : `${credentials.creds.trimEnd()}\n`)
  const authenticator = isSeed ? nkeyAuthenticator(bytes) : credsAuthenticator(bytes)
  try {
    const { nkey } = authenticator('nonce') as { readonly nkey: string }
    const words = `the ${isSeed ? 'nkey' : 'credentials'} of ${nkey}`
    return { authenticator, publicKey: nkey, words }
  } catch {
    // Its cause could hold a part of the secret.
    throw new InputError({
      code: 'JOIN_CREDENTIALS',
      field: 'options.join.credentials',
      found: 'a text that is none',
      expected: isSeed ? 'the seed of an nkey, which begins with SU' : 'credentials with a JWT and a seed',
    })
  }
}
