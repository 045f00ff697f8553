/** What a user says about where to join. Texts, not files. */
export interface JoinOptions {
  /** Such as nats://host:4222 or tls://host:4222; several of one cluster. */
  readonly servers: string | readonly string[]
  readonly credentials?: JoinCredentials
  readonly tls?: JoinTls
}

/** Who the user is: a file of credentials, the seed of an nkey, or a name with its password. */
export type JoinCredentials =
  | { readonly creds: string }
  | { readonly nkey: string }
  | { readonly user: string; readonly password: string }

/** All in PEM. Beyond loopback TLS is used even where nothing is said of it. */
export interface JoinTls {
  /** Certificates to trust in place of those of the system. */
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  /** The server expects TLS from the first byte on (`handshake_first`). */
  readonly first?: boolean
}

export interface OpenRendezvousOptions extends JoinOptions {
  /** Of the connection, as the server lists it. */
  readonly name: string
}
