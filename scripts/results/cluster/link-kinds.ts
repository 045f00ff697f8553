/** How the links of a run are carried between machines. */
export interface LinkKind {
  readonly name: 'plain' | 'TLS' | 'NATS'
  /** What the commands are told. */
  readonly worker: readonly string[]
  readonly coordinator: readonly string[]
}

export const PLAIN: LinkKind = { name: 'plain', worker: ['--insecure'], coordinator: ['--insecure'] }

export const LINK_KINDS: readonly LinkKind[] = [
  PLAIN,
  { name: 'TLS', worker: [], coordinator: [] },
  { name: 'NATS', worker: [], coordinator: ['--transport', 'nats'] },
]
