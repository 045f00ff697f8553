import { nkeys } from '@nats-io/transport-node'

type KeyPair = ReturnType<typeof nkeys.createUser>

/** Credentials of a user, as `nsc` makes them, and what a server needs to know of them. */
export interface NatsCredentials {
  readonly config: string
  readonly creds: string
  /** Public key of the user. */
  readonly publicKey: string
}

export function makeCredentials(): NatsCredentials {
  const [operator, account, user] = [nkeys.createOperator(), nkeys.createAccount(), nkeys.createUser()]
  const operatorToken = token(operator, operator, { type: 'operator', version: 2 })
  const limits = { subs: -1, data: -1, payload: -1, conn: -1, leaf: -1, imports: -1, exports: -1, wildcards: true }
  const accountToken = token(operator, account, { type: 'account', version: 2, limits })
  const userToken = token(account, user, { type: 'user', version: 2, subs: -1, data: -1, payload: -1 })
  const seed = new TextDecoder().decode(user.getSeed())
  return {
    config: `operator: ${operatorToken}\nresolver: MEMORY\nresolver_preload: { ${account.getPublicKey()}: ${accountToken} }\n`,
    creds: [
      '-----BEGIN NATS USER JWT-----',
      userToken,
      '------END NATS USER JWT------',
      '',
      '-----BEGIN USER NKEY SEED-----',
      seed,
      '------END USER NKEY SEED------',
      '',
    ].join('\n'),
    publicKey: user.getPublicKey(),
  }
}

function token(issuer: KeyPair, subject: KeyPair, claims: object): string {
  const encode = (bytes: Uint8Array | string) => Buffer.from(bytes).toString('base64url')
  const [iss, sub] = [issuer.getPublicKey(), subject.getPublicKey()]
  const head = encode(JSON.stringify({ typ: 'JWT', alg: 'ed25519-nkey' }))
  const body = encode(JSON.stringify({ jti: sub, iat: 1_700_000_000, iss, name: sub, sub, nats: claims }))
  return `${head}.${body}.${encode(issuer.sign(Buffer.from(`${head}.${body}`)))}`
}
